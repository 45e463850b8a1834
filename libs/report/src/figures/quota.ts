import type { LookUpFigures, Period, QuotaFigures, RegisterAgreement } from '#contracts';
import { daysOf, jakartaDay } from '../calendar.js';
import { sortedBy } from '../order.js';

type Version = RegisterAgreement['versions'][number];
type Terms = Pick<RegisterAgreement, 'versions' | 'terminatedAt'>;

/** The version whose terms count on a day: the last of those that are in effect. */
export function versionOn(versions: readonly Version[], day: string): Version | undefined {
  const begun = versions.filter(({ effectiveFrom }) => effectiveFrom <= day);
  return sortedBy(begun, ({ version }) => version).at(-1);
}

/** Whether an agreement was in force on a day (O-18): not on the day on which it was terminated. */
export function versionInForce({ versions, terminatedAt }: Terms, day: string): Version | undefined {
  const version = versionOn(versions, day);
  if (version === undefined || day < version.validFrom || day > version.validUntil) return undefined;
  return terminatedAt !== null && day >= jakartaDay(terminatedAt) ? undefined : version;
}

/** Hits that an agreement granted on a day; of several in force, the last one counts. */
export function limitOn(agreements: readonly Terms[], day: string): number | undefined {
  return agreements
    .map((agreement) => versionInForce(agreement, day)?.dailyQuota)
    .filter((limit) => limit !== undefined)
    .at(-1);
}

/** @param asOfDay day of the checkpoint: later days are not counted */
export function quotaFigures(
  days: LookUpFigures['days'],
  agreements: readonly Terms[],
  period: Period,
  asOfDay: string,
): QuotaFigures {
  const asked = new Map(days.map((one) => [one.day, one]));
  const until = period.until < asOfDay ? period.until : asOfDay;
  const figures: QuotaFigures = { days: 0, granted: 0, used: 0, peak: null, p95: 0, exhaustedDays: 0, refused: 0 };
  const hitsOfDays: number[] = [];
  for (const day of daysOf({ from: period.from, until })) {
    const { hits = 0, refusedByQuota = 0 } = asked.get(day) ?? {};
    // of every day: one that an agreement was terminated on may have some
    if (refusedByQuota > 0) figures.exhaustedDays += 1;
    figures.refused += refusedByQuota;
    const limit = limitOn(agreements, day);
    if (limit === undefined) continue;
    hitsOfDays.push(hits);
    figures.granted += limit;
    figures.used += hits;
    if (hits > (figures.peak?.hits ?? 0)) figures.peak = { day, hits, limit };
  }
  return { ...figures, days: hitsOfDays.length, p95: nearestRank95(hitsOfDays) };
}

/** The ⌈0.95 n⌉-th smallest; 0 of none. */
export function nearestRank95(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  // in whole numbers: 0.95 * 20 is not 19 in every arithmetic
  return sorted[Math.ceil((values.length * 95) / 100) - 1] ?? 0;
}
