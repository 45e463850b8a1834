import pg from 'pg';
import { Log } from '#service';
import { ReportEvidence } from '../evidence-report/report-evidence.js';
import { Facts } from '../facts/facts.js';
import { OpenedEvents } from '../facts/opened-events.js';
import type { Feature, FeatureContext } from '../feature.js';
import { renderForm } from '../forms/render-form.js';
import { ReportTemplates } from '../forms/report-templates.js';
import { Opening } from '../opening/opening.js';
import { Drafting } from './drafting.js';
import { EarlierFigures } from './earlier-figures.js';
import { FilesController } from './files.controller.js';
import { KitParts } from './kit-parts.js';
import { ReportCalendar } from './report-calendar.js';
import { ReportCounting } from './report-counting.js';
import { ReportFiles } from './report-files.js';
import { Reports } from './reports.js';
import { ReportsController } from './reports.controller.js';

export const reports = ({ config }: FeatureContext): Feature => ({
  controllers: [ReportsController, FilesController],
  providers: [
    {
      provide: ReportCounting,
      useFactory: (pool: pg.Pool, facts: Facts, opening: Opening) => new ReportCounting(pool, facts, opening),
      inject: [pg.Pool, Facts, Opening],
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
    {
      provide: ReportFiles,
      useFactory: (pool: pg.Pool, templates: ReportTemplates) => new ReportFiles(pool, renderForm, templates),
      inject: [pg.Pool, ReportTemplates],
    },
    {
      provide: KitParts,
      useFactory: (pool: pg.Pool, facts: Facts, events: OpenedEvents) => new KitParts(pool, facts, events),
      inject: [pg.Pool, Facts, OpenedEvents],
    },
    {
      provide: ReportCalendar,
      useFactory: (pool: pg.Pool, facts: Facts, drafting: Drafting, log: Log) =>
        new ReportCalendar(pool, facts, drafting, log, {
          everyMs: config.stewardEveryMs,
          countMs: config.countMs,
          drainMs: config.drainMs,
        }),
      inject: [pg.Pool, Facts, Drafting, Log],
    },
  ],
  workers: [ReportCalendar],
});
