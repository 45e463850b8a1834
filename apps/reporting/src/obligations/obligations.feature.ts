import type { Feature } from '../feature.js';
import { FactGatherer } from './fact-gatherer.js';
import { ObligationsController } from './obligations.controller.js';
import { Obligations } from './obligations.js';
import { OfficeNames } from './offices.repository.js';
import { ReportStandings } from './report-standings.repository.js';

export const obligations = (): Feature => ({
  controllers: [ObligationsController],
  providers: [ReportStandings, FactGatherer, OfficeNames, Obligations],
  workers: [],
});
