import type { BalikanFigures, getOpenedFigures, listAcceptedLookUps, Period, RpcOutput } from '#contracts';
import { addDays, isIn, monthOf, monthsOf } from '../calendar.js';

type Coverage = BalikanFigures['coverage'];
type Counts = Coverage['total'];
/** What became of a case: a record of it reached its recipient, or was accepted; nothing when there is none. */
export type Standing = 'sent' | 'accepted' | undefined;

const nothing = (): Counts => ({ lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 });

/** Adds up look-ups that a data balikan is owed for (O-07), by their day. */
export class CoverageTally {
  private readonly total = nothing();
  private readonly months: Map<string, Counts>;
  /** The last day whose look-ups are overdue. */
  private readonly overdueUntil: string;

  /** @param asOfDay day of the checkpoint */
  constructor(
    private readonly period: Period,
    asOfDay: string,
    private readonly overdueAfterDays: number,
  ) {
    this.months = new Map(monthsOf(period).map((month) => [month, nothing()]));
    this.overdueUntil = addDays(asOfDay, -overdueAfterDays - 1);
  }

  add(day: string, standing: Standing, lookUps = 1): void {
    if (!isIn(this.period, day)) return;
    const becomes = standing ?? (day <= this.overdueUntil ? 'overdue' : 'owed');
    for (const counts of [this.total, this.months.get(monthOf(day))!]) {
      counts.lookUps += lookUps;
      counts[becomes] += lookUps;
    }
  }

  figures(): Coverage {
    const months = [...this.months].map(([month, counts]) => ({ month, ...counts }));
    return { overdueAfterDays: this.overdueAfterDays, total: this.total, months };
  }
}

export interface CoverageFacts {
  /** Of each day: look-ups of business services that found somebody, and those of them with a delivered record in their case. */
  covered: RpcOutput<typeof getOpenedFigures>['covered'];
  /** Those of them without one, in whose case a record was accepted and not delivered at the checkpoint; each once. */
  accepted: RpcOutput<typeof listAcceptedLookUps>['lookUps'];
  overdueAfterDays: number;
}

/** @throws {RangeError} when more look-ups of a day are accepted than it has without a delivered record */
export function coverage(facts: CoverageFacts, period: Period, asOfDay: string): Coverage {
  const { covered, accepted, overdueAfterDays } = facts;
  const tally = new CoverageTally(period, asOfDay, overdueAfterDays);
  const left = new Map(covered.map(({ day, lookUps, sent }) => [day, lookUps - sent]));
  for (const { day, sent } of covered) tally.add(day, 'sent', sent);
  for (const { day } of accepted) {
    tally.add(day, 'accepted');
    left.set(day, (left.get(day) ?? 0) - 1);
  }
  for (const [day, lookUps] of left) {
    if (lookUps < 0) throw new RangeError('more look-ups are accepted than there are');
    tally.add(day, undefined, lookUps);
  }
  return tally.figures();
}
