import pg from 'pg';
import { Log, RpcClient } from '#service';
import type { Feature } from '../feature.js';
import { ReportEvidence } from './report-evidence.js';

export const evidenceReport = (): Feature => ({
  controllers: [],
  providers: [
    {
      provide: ReportEvidence,
      useFactory: (pool: pg.Pool, bus: RpcClient, log: Log) => new ReportEvidence(pool, bus, log),
      inject: [pg.Pool, RpcClient, Log],
    },
  ],
  workers: [ReportEvidence],
});
