import type { Feature, FeatureContext } from '../feature.js';
import { BusinessLookUps } from './business-look-ups.js';
import { Coverages } from './coverages.js';
import { CoverageController } from './coverage.controller.js';
import { RecordedLookUps } from './recorded-look-ups.repository.js';

export const coverage = (_context: FeatureContext): Feature => ({
  controllers: [CoverageController],
  providers: [BusinessLookUps, RecordedLookUps, Coverages],
  workers: [],
});
