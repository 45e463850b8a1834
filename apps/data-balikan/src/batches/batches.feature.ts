import pg from 'pg';
import { Log, RpcClient } from '#service';
import { Destinations } from '../destinations/destinations.js';
import type { Feature, FeatureContext } from '../feature.js';
import { AccessedPeople } from '../people/accessed-people.js';
import { PersonVault } from '../people/person-vault.js';
import { BatchChecker, checkerDefaults } from './batch-checker.js';
import { BatchHousekeeping } from './batch-housekeeping.js';
import { BatchQueue } from './batch-queue.js';
import { BatchesController } from './batches.controller.js';
import { Batches } from './batches.service.js';
import { ChunkStore } from './chunk-store.js';
import { Uploads } from './uploads.js';

/** Connections that one check may use at once: the transaction, the file, the faults, the heartbeat. */
const connectionsPerCheck = 4;

export const batches = ({ config }: FeatureContext): Feature => ({
  controllers: [BatchesController],
  providers: [
    { provide: BatchQueue, useFactory: (pool: pg.Pool) => new BatchQueue(pool), inject: [pg.Pool] },
    {
      provide: ChunkStore,
      useFactory: (pool: pg.Pool, vault: PersonVault) => new ChunkStore(pool, vault),
      inject: [pg.Pool, PersonVault],
    },
    {
      provide: Uploads,
      useFactory: (pool: pg.Pool, vault: PersonVault, store: ChunkStore) =>
        new Uploads(pool, vault, store, { keepHours: config.batches.keepHours }),
      inject: [pg.Pool, PersonVault, ChunkStore],
    },
    {
      provide: Batches,
      useFactory: (pool: pg.Pool, store: ChunkStore) => new Batches(pool, store),
      inject: [pg.Pool, ChunkStore],
    },
    {
      provide: BatchChecker,
      useFactory: (
        pool: pg.Pool,
        vault: PersonVault,
        store: ChunkStore,
        queue: BatchQueue,
        bus: RpcClient,
        destinations: Destinations,
        log: Log,
      ) => {
        const room = Math.max(1, Math.floor(config.database.poolSize / connectionsPerCheck));
        const checkers = Math.min(config.batches.checkers, room);
        return new BatchChecker({ pool, vault, store, queue, accessed: new AccessedPeople(bus), destinations }, log, {
          ...checkerDefaults,
          checkers,
        });
      },
      inject: [pg.Pool, PersonVault, ChunkStore, BatchQueue, RpcClient, Destinations, Log],
    },
    {
      provide: BatchHousekeeping,
      useFactory: (pool: pg.Pool, log: Log) => new BatchHousekeeping(pool, log),
      inject: [pg.Pool, Log],
    },
  ],
  workers: [BatchChecker, BatchHousekeeping],
});
