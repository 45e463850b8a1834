import pg from 'pg';
import { Log, RpcClient } from '#service';
import type { Feature } from '../feature.js';
import { Obligations } from '../obligations/obligations.js';
import { EvaluationController } from './evaluation.controller.js';
import { KabupatenOversight } from './oversight.js';
import { Patterns } from './patterns.js';
import { Samples } from './samples.js';

export const evaluation = (): Feature => ({
  controllers: [EvaluationController],
  providers: [
    { provide: Patterns, useFactory: (bus: RpcClient) => new Patterns(bus), inject: [RpcClient] },
    {
      provide: Samples,
      useFactory: (pool: pg.Pool, bus: RpcClient) => new Samples(pool, bus),
      inject: [pg.Pool, RpcClient],
    },
    {
      provide: KabupatenOversight,
      useFactory: (pool: pg.Pool, obligations: Obligations, log: Log) => new KabupatenOversight(pool, obligations, log),
      inject: [pg.Pool, Obligations, Log],
    },
  ],
  workers: [],
});
