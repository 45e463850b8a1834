import type { BalikanFigures, Period, RpcOutput, listCoveredLookUps } from '#contracts';
import { addDays, isIn, jakartaDay, monthOf, monthsOf } from '../calendar.js';

type Coverage = BalikanFigures['coverage'];
type Counts = Coverage['total'];
/** What became of a case: a record of it reached its recipient, or was accepted; nothing when there is none. */
export type Standing = 'sent' | 'accepted' | undefined;
export type CoveredLookUp = RpcOutput<typeof listCoveredLookUps>['lookUps'][number];

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

  add(day: string, standing: Standing): void {
    if (!isIn(this.period, day)) return;
    const becomes = standing ?? (day <= this.overdueUntil ? 'overdue' : 'owed');
    for (const counts of [this.total, this.months.get(monthOf(day))!]) {
      counts.lookUps += 1;
      counts[becomes] += 1;
    }
  }

  figures(): Coverage {
    const months = [...this.months].map(([month, counts]) => ({ month, ...counts }));
    return { overdueAfterDays: this.overdueAfterDays, total: this.total, months };
  }
}

export interface CoverageFacts {
  lookUps: readonly CoveredLookUp[];
  /** Look-ups that delivered records name, whenever they were delivered, up to the checkpoint. */
  delivered: ReadonlySet<string>;
  /** Look-ups that records name which were accepted and not delivered at the checkpoint. */
  undelivered: ReadonlySet<string>;
  overdueAfterDays: number;
}

/** Of the look-ups of business services that found somebody, each with the other look-ups of its case. */
export function coverage(facts: CoverageFacts, period: Period, asOfDay: string): Coverage {
  const { lookUps, delivered, undelivered, overdueAfterDays } = facts;
  const cases = casesOf(lookUps);
  const standings = new Map<string, Standing>();
  for (const { verificationId, sameCase } of lookUps) {
    const root = cases(verificationId);
    const ids = [verificationId, ...sameCase];
    if (ids.some((id) => delivered.has(id))) standings.set(root, 'sent');
    else if (standings.get(root) === undefined && ids.some((id) => undelivered.has(id)))
      standings.set(root, 'accepted');
  }
  const tally = new CoverageTally(period, asOfDay, overdueAfterDays);
  for (const { verificationId, at } of lookUps) tally.add(jakartaDay(at), standings.get(cases(verificationId)));
  return tally.figures();
}

/** Of a case with many look-ups each names some of the others only: whoever names one belongs together (union-find). */
function casesOf(lookUps: readonly CoveredLookUp[]): (id: string) => string {
  const parents = new Map<string, string>();
  const root = (id: string): string => {
    let top = id;
    for (let next = parents.get(top); next !== undefined && next !== top; next = parents.get(top)) top = next;
    parents.set(id, top);
    return top;
  };
  for (const { verificationId, sameCase } of lookUps)
    for (const other of sameCase) parents.set(root(other), root(verificationId));
  return root;
}
