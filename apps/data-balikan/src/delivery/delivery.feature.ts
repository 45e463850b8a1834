import pg from 'pg';
import { Log, RpcClient } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { BalikanEvidence } from '../evidence-report/balikan-evidence.js';
import type { Feature, FeatureContext } from '../feature.js';
import { PersonVault } from '../people/person-vault.js';
import { DeliveryController } from './delivery.controller.js';
import { DeliveryWorker } from './delivery-worker.js';
import { Figures } from './figures.js';
import { Lanes } from './lanes.repository.js';
import { Outbox } from './outbox.repository.js';
import { Ways } from './ways.js';

export const delivery = ({ config }: FeatureContext): Feature => ({
  controllers: [DeliveryController],
  providers: [
    Lanes,
    Figures,
    Outbox,
    {
      provide: Ways,
      useFactory: (destinations: Destinations) => new Ways(destinations, config.delivery.parallel),
      inject: [Destinations],
    },
    {
      provide: DeliveryWorker,
      useFactory: (outbox: Outbox, ways: Ways, vault: PersonVault, log: Log) =>
        new DeliveryWorker(outbox, ways, vault, config, log),
      inject: [Outbox, Ways, PersonVault, Log],
    },
    {
      provide: BalikanEvidence,
      useFactory: (pool: pg.Pool, bus: RpcClient, log: Log) => new BalikanEvidence(pool, bus, log),
      inject: [pg.Pool, RpcClient, Log],
    },
  ],
  workers: [DeliveryWorker, BalikanEvidence, Figures],
});
