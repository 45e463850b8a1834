import type { BalikanFigures, Period, UndeliveredRecord } from '#contracts';
import type { OpenedLeaf } from '../opened-event.js';
import { coverage, type CoveredLookUp } from './coverage.js';
import { deliveredAct, DeliveryTally, undeliveredFigures } from './deliveries.js';

export interface BalikanFacts {
  /** Opened leaves `DATA_BALIKAN` up to the checkpoint, also from before the period: they may name a look-up of it. */
  events: Iterable<OpenedLeaf>;
  undelivered: readonly Pick<UndeliveredRecord, 'verificationId' | 'state'>[];
  /** Look-ups of the period for a business service that found somebody. */
  lookUps: readonly CoveredLookUp[];
  overdueAfterDays: number;
}

export function balikanFigures(facts: BalikanFacts, period: Period, asOfDay: string): BalikanFigures {
  const tally = new DeliveryTally(period);
  const delivered = new Set<string>();
  for (const event of facts.events) {
    tally.add(event);
    if (event.leaf.act === deliveredAct) delivered.add(String(event.content.verificationId));
  }
  const undelivered = new Set(facts.undelivered.map(({ verificationId }) => verificationId));
  const { lookUps, overdueAfterDays } = facts;
  return {
    ...tally.figures(),
    undelivered: undeliveredFigures(facts.undelivered),
    coverage: coverage({ lookUps, delivered, undelivered, overdueAfterDays }, period, asOfDay),
  };
}
