import type { Feature, FeatureContext } from '../feature.js';
import { DeliveredEvents } from './delivered-events.js';
import { ReportFactsController } from './report-facts.controller.js';
import { UndeliveredRecords } from './undelivered-records.js';

export const report = (_context: FeatureContext): Feature => ({
  controllers: [ReportFactsController],
  providers: [DeliveredEvents, UndeliveredRecords],
  workers: [],
});
