import pg from 'pg';
import { Log } from '#service';
import { ReportEvidence } from '../evidence-report/report-evidence.js';
import { Facts } from '../facts/facts.js';
import { OpenedEvents } from '../facts/opened-events.js';
import type { Feature, FeatureContext } from '../feature.js';
import { Drafting } from './drafting.js';
import { EarlierFigures } from './earlier-figures.js';
import { ReportCounting } from './report-counting.js';
import { Reports } from './reports.js';
import { ReportsController } from './reports.controller.js';

export const reports = ({ config }: FeatureContext): Feature => ({
  controllers: [ReportsController],
  providers: [
    {
      provide: ReportCounting,
      useFactory: (pool: pg.Pool, facts: Facts, events: OpenedEvents) => new ReportCounting(pool, facts, events),
      inject: [pg.Pool, Facts, OpenedEvents],
    },
    {
      provide: EarlierFigures,
      useFactory: (pool: pg.Pool, facts: Facts, log: Log) => new EarlierFigures(pool, facts, log),
      inject: [pg.Pool, Facts, Log],
    },
    {
      provide: Drafting,
      useFactory: (pool: pg.Pool, counting: ReportCounting, earlier: EarlierFigures, evidence: ReportEvidence) =>
        new Drafting(pool, counting, earlier, evidence),
      inject: [pg.Pool, ReportCounting, EarlierFigures, ReportEvidence],
    },
    {
      provide: Reports,
      useFactory: (pool: pg.Pool, drafting: Drafting, evidence: ReportEvidence) =>
        new Reports(pool, drafting, evidence, config.countMs),
      inject: [pg.Pool, Drafting, ReportEvidence],
    },
  ],
  workers: [],
});
