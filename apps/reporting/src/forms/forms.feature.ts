import pg from 'pg';
import type { Feature } from '../feature.js';
import { ReportTemplates } from './report-templates.js';
import { TemplatesController } from './templates.controller.js';

export const forms = (): Feature => ({
  controllers: [TemplatesController],
  providers: [
    { provide: ReportTemplates, useFactory: (pool: pg.Pool) => new ReportTemplates(pool), inject: [pg.Pool] },
  ],
  workers: [],
});
