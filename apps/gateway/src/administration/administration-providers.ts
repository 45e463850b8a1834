import type { Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { poolOf, type Log, type RpcClient } from '#service';
import { addAgreementVersion } from '../agreements/agreement-acts.js';
import { makeCloseAgreement } from '../agreements/closing-acts.js';
import { Configurator } from '../agreements/configurator.js';
import { reactivateClient } from '../clients/client-acts.js';
import type { Config } from '../config.js';
import { EvidenceRelay } from '../evidence-report/evidence-relay.js';
import { WakeOnRecord } from '../evidence-report/wake-on-record.js';
import { InstitutionImporter } from '../institutions/import-institution.js';
import { liftStop } from '../institutions/institution-acts.js';
import { reactivateOperator } from '../operators/operator-acts.js';
import { SealingKey } from '#service/keys/sealing-key';
import type { Act } from './act.js';
import { Administration } from './administration.service.js';
import { Proposals } from './proposals.service.js';
import { Steward } from './steward.js';

/** The acts that wait for a second person; a new one is added here. */
export const proposableActs = (bus: Pick<RpcClient, 'call'>): Act[] => [
  addAgreementVersion,
  makeCloseAgreement(bus),
  liftStop,
  reactivateOperator,
  reactivateClient,
];

export function administrationProviders(config: Pick<Config, 'stewardEveryMs'>, log: Log, bus: RpcClient): Provider[] {
  const dataSource = getDataSourceToken();
  return [
    { provide: Administration, useFactory: (source: DataSource) => new Administration(source), inject: [dataSource] },
    {
      provide: Proposals,
      useFactory: (administration: Administration) => new Proposals(administration, proposableActs(bus)),
      inject: [Administration],
    },
    {
      provide: Configurator,
      useFactory: (source: DataSource) => new Configurator(poolOf(source), bus, log),
      inject: [dataSource],
    },
    {
      provide: InstitutionImporter,
      useFactory: (administration: Administration, sealing: SealingKey, configurator: Configurator) =>
        new InstitutionImporter(administration, sealing, configurator, bus),
      inject: [Administration, SealingKey, Configurator],
    },
    {
      provide: Steward,
      useFactory: (source: DataSource, configurator: Configurator) =>
        new Steward(source, configurator, log, config.stewardEveryMs),
      inject: [dataSource, Configurator],
    },
    {
      provide: EvidenceRelay,
      useFactory: (source: DataSource) => {
        const relay = new EvidenceRelay(source, bus, log);
        source.subscribers.push(new WakeOnRecord(() => relay.wake()));
        return relay;
      },
      inject: [dataSource],
    },
  ];
}
