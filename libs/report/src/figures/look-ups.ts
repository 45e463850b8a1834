import type { AccessLeaf } from '#evidence';
import type { LookUpCounts, LookUpFigures, Period } from '#contracts';
import { isIn, jakartaDay, monthOf, monthsOf } from '../calendar.js';
import { Counter, sortedBy } from '../order.js';
import { KeyedCounts } from './keyed-counts.js';

/** What has to be remembered of a look-up until its end is final. */
export interface OpenLookUp {
  leaf: AccessLeaf;
  day: string;
  /** The last end that was seen: `unknown` may be confirmed all the same. */
  end: Pick<AccessLeaf, 'hit' | 'outcome'> | undefined;
}

const none = (): LookUpCounts => ({
  ...{ requests: 0, hits: 0, confirmed: 0, unknown: 0, released: 0, pending: 0, refused: 0 },
});

/**
 * Counts look-ups from leaves alone, in the order of the log. Only those of the period whose end is not final are remembered: the
 * ledger lets nothing follow `confirmed` or `released`, and what a log has there all the same is passed over.
 */
export class LookUpTally {
  private readonly open = new Map<string, OpenLookUp>();
  private readonly months: Map<string, LookUpCounts>;
  private readonly days = new KeyedCounts(['hits', 'refusedByQuota']);
  private readonly modes = new Counter<string | null>();
  private readonly services = new KeyedCounts(['hits', 'refused']);
  private readonly operators = new KeyedCounts(['hits', 'found', 'refused']);
  private readonly clients = new Counter<string>();
  private readonly outcomes = new Counter<string | null>();
  private readonly refusals = new Counter<string>();

  constructor(private readonly period: Period) {
    this.months = new Map(monthsOf(period).map((month) => [month, none()]));
  }

  /** Gives the look-up back whose end has become final with this leaf. */
  add(leaf: AccessLeaf): OpenLookUp | undefined {
    if (leaf.type === 'ANSWERED') return this.answered(leaf);
    const day = jakartaDay(leaf.at);
    if (!isIn(this.period, day)) return undefined;
    if (leaf.type === 'REFUSED') this.refused(leaf, day);
    else this.requested({ leaf, day, end: undefined });
    return undefined;
  }

  figures(): LookUpFigures {
    const days = this.days.rows().map(([day, counts]) => ({ day: day!, ...counts }));
    const months = [...this.months].map(([month, counts]) => ({ month, ...counts, peak: peakOf(days, month) }));
    const total = none();
    for (const key in total)
      for (const counts of this.months.values()) total[key as keyof LookUpCounts] += counts[key as keyof LookUpCounts];
    return {
      total,
      months,
      days,
      byMode: this.modes.rows().map(([mode, hits]) => ({ mode, hits })),
      byService: this.services.rows().map(([service, counts]) => ({ service, ...counts })),
      byOutcome: this.outcomes.rows().map(([outcome, count]) => ({ outcome, count })),
      byOperator: this.operators.rows().map(([operatorId, counts]) => ({ operatorId, ...counts })),
      byClient: this.clients.rows().map(([clientId, hits]) => ({ clientId, hits })),
      refusals: this.refusals.rows().map(([code, count]) => ({ code, count })),
    };
  }

  private requested(lookUp: OpenLookUp): void {
    this.open.set(lookUp.leaf.verification, lookUp);
    const counts = this.monthOf(lookUp.day);
    counts.requests += 1;
    counts.pending += 1;
    this.countHit(lookUp, 1);
  }

  private answered({ verification, hit, outcome }: AccessLeaf): OpenLookUp | undefined {
    const lookUp = this.open.get(verification);
    if (lookUp === undefined) return undefined;
    if (lookUp.end === undefined) this.monthOf(lookUp.day).pending -= 1;
    else this.countEnd(lookUp, lookUp.end, -1);
    lookUp.end = { hit, outcome };
    this.countEnd(lookUp, lookUp.end, 1);
    if (hit !== 'confirmed' && hit !== 'released') return undefined;
    this.open.delete(verification);
    return lookUp;
  }

  private refused({ outcome, service, operator }: AccessLeaf, day: string): void {
    this.monthOf(day).refused += 1;
    this.refusals.add(outcome ?? '');
    this.services.add(service, 'refused', 1);
    this.operators.add(operator, 'refused', 1);
    if (outcome === 'QUOTA_EXHAUSTED') this.days.add(day, 'refusedByQuota', 1);
  }

  /** A look-up is a hit until it is known that it never left. */
  private countHit({ leaf: { mode, service, operator, client }, day }: OpenLookUp, by: number): void {
    this.monthOf(day).hits += by;
    this.days.add(day, 'hits', by);
    this.modes.add(mode, by);
    this.services.add(service, 'hits', by);
    this.operators.add(operator, 'hits', by);
    this.clients.add(client, by);
  }

  private countEnd(lookUp: OpenLookUp, { hit, outcome }: Pick<AccessLeaf, 'hit' | 'outcome'>, by: number): void {
    const counts = this.monthOf(lookUp.day);
    if (hit === 'confirmed' || hit === 'unknown' || hit === 'released') counts[hit] += by;
    if (hit === 'released') this.countHit(lookUp, -by);
    else if (outcome === 'FOUND') this.operators.add(lookUp.leaf.operator, 'found', by);
    this.outcomes.add(outcome, by);
  }

  private monthOf(day: string): LookUpCounts {
    return this.months.get(monthOf(day))!;
  }
}

function peakOf(days: LookUpFigures['days'], month: string): LookUpFigures['months'][number]['peak'] {
  const [most] = sortedBy(
    days.filter(({ day, hits }) => monthOf(day) === month && hits > 0),
    ({ hits }) => -hits,
    ({ day }) => day,
  );
  return most === undefined ? null : { day: most.day, hits: most.hits };
}
