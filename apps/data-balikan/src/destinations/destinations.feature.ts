import type { Feature, FeatureContext } from '../feature.js';
import { DestinationsController } from './destinations.controller.js';
import { Destinations } from './destinations.js';

export const destinations = (_context: FeatureContext): Feature => ({
  controllers: [DestinationsController],
  providers: [Destinations],
  workers: [],
});
