import { Log } from '#service';
import { Facts } from '../facts/facts.js';
import { OpenedEvents } from '../facts/opened-events.js';
import type { Feature, FeatureContext } from '../feature.js';
import { NightlyOpening } from './nightly-opening.js';
import { OpeningNights } from './opening-nights.repository.js';
import { OpeningRounds } from './opening-rounds.js';
import { Opening } from './opening.js';

export const opening = ({ config }: FeatureContext): Feature => ({
  controllers: [],
  providers: [
    OpeningNights,
    {
      provide: Opening,
      useFactory: (facts: Facts, events: OpenedEvents, log: Log) => new Opening(facts, events, log),
      inject: [Facts, OpenedEvents, Log],
    },
    {
      provide: OpeningRounds,
      useFactory: (facts: Facts, one: Opening, log: Log) => new OpeningRounds(facts, one, log, config.openingEveryMs),
      inject: [Facts, Opening, Log],
    },
    {
      provide: NightlyOpening,
      useFactory: (facts: Facts, one: Opening, events: OpenedEvents, nights: OpeningNights, log: Log) =>
        new NightlyOpening(facts, one, events, nights, log, config.openingEveryMs),
      inject: [Facts, Opening, OpenedEvents, OpeningNights, Log],
    },
  ],
  workers: [OpeningRounds, NightlyOpening],
});
