import type { LookUpCounts, LookUpFigures, ReportContent, ReportFigures } from '#contracts';

type Period = ReportContent['period'];
type Day = LookUpFigures['days'][number];

/** Of fixtures: the same number, the same id. */
export const fixtureId = (n: number): string => `019ab3c4-5d6e-7f80-9123-${n.toString(16).padStart(12, '0')}`;

const dailyQuota = 1_000;
const none: LookUpCounts = { requests: 0, hits: 0, confirmed: 0, unknown: 0, released: 0, pending: 0, refused: 0 };

/** Every calendar day of a period. */
export function daysOf({ from, until }: Pick<Period, 'from' | 'until'>): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${until}T00:00:00Z`); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

const monthsOf = (period: Period): string[] => [...new Set(daysOf(period).map((day) => day.slice(0, 7)))];

/** Working days with more and less to do; every 40th uses the quota up. */
function busyDays(period: Period): Day[] {
  return daysOf(period)
    .filter((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()))
    .map((day, index) => {
      const usedUp = index % 40 === 25;
      const hits = usedUp ? dailyQuota : 180 + ((index * 137) % 431) + (index % 7) * 20;
      return { day, hits, refusedByQuota: usedUp ? 12 : 0 };
    });
}

const shareOut = (whole: number, shares: readonly number[]): number[] => {
  const sum = shares.reduce((total, share) => total + share, 0);
  const parts = shares.map((share) => Math.floor((whole * share) / sum));
  parts[0]! += whole - parts.reduce((total, part) => total + part, 0);
  return parts;
};

function countsOf(days: readonly Day[]): LookUpCounts {
  const hits = days.reduce((sum, day) => sum + day.hits, 0);
  const released = days.length;
  const unknown = Math.floor(days.length / 5);
  const refused = days.reduce((sum, day) => sum + day.refusedByQuota, 0) + days.length * 3;
  return { requests: hits + released, hits, confirmed: hits - unknown, unknown, released, pending: 0, refused };
}

function lookUpsOf(period: Period, operatorIds: readonly string[]): LookUpFigures {
  const days = busyDays(period);
  const total = countsOf(days);
  const months = monthsOf(period).map((month) => {
    const some = days.filter(({ day }) => day.startsWith(month));
    const peak = some.reduce<Day | undefined>((best, day) => (best && best.hits >= day.hits ? best : day), undefined);
    return { month, ...countsOf(some), peak: peak ? { day: peak.day, hits: peak.hits } : null };
  });
  // of a month and of the period: rounded down once, so that the months add up
  total.unknown = months.reduce((sum, { unknown }) => sum + unknown, 0);
  total.confirmed = total.hits - total.unknown;
  const byQuota = days.reduce((sum, { refusedByQuota }) => sum + refusedByQuota, 0);
  const [lookUp, match] = shareOut(total.hits, [9, 1]);
  const services = ['AHLI_WARIS', 'DISPENSASI_NIKAH', 'LAINNYA', 'NIB', 'SKTM', 'SKU', 'SURAT_PINDAH'];
  const hitsByService = shareOut(total.hits, [4, 3, 1, 9, 12, 40, 8]);
  const refusedByService = shareOut(total.refused, [1, 1, 1, 2, 3, 9, 2]);
  const hitsByOperator = shareOut(
    total.hits,
    operatorIds.map((_, n) => 10 + (n % 5)),
  );
  const refusedByOperator = shareOut(
    total.refused,
    operatorIds.map(() => 1),
  );
  const outcomes = ['DECEASED', 'DUPLICATE', 'FOUND', 'INACTIVE', 'NOT_FOUND', 'UNPROCESSABLE'];
  const counts = shareOut(total.confirmed, [1, 1, 180, 1, 15, 1]);
  return {
    total,
    months,
    days,
    byMode: [
      { mode: 'LOOKUP', hits: lookUp! },
      { mode: 'MATCH', hits: match! },
    ],
    byService: services.map((service, n) => ({ service, hits: hitsByService[n]!, refused: refusedByService[n]! })),
    byOutcome: [
      ...outcomes.map((outcome, n) => ({ outcome, count: counts[n]! })),
      { outcome: 'UPSTREAM_TIMEOUT', count: total.unknown },
      { outcome: 'UPSTREAM_UNAVAILABLE', count: total.released },
    ].filter(({ count }) => count > 0),
    byOperator: operatorIds.map((operatorId, n) => ({
      operatorId,
      hits: hitsByOperator[n]!,
      found: Math.floor(hitsByOperator[n]! * 0.9),
      refused: refusedByOperator[n]!,
    })),
    byClient: [{ clientId: 'aplikasi-contoh', hits: total.hits }],
    refusals: [
      { code: 'NDA_MISSING', count: Math.floor((total.refused - byQuota) / 3) },
      { code: 'NIK_INVALID', count: total.refused - byQuota - Math.floor((total.refused - byQuota) / 3) },
      { code: 'QUOTA_EXHAUSTED', count: byQuota },
    ].filter(({ count }) => count > 0),
  };
}

function quotaOf(period: Period, { days, total }: LookUpFigures): ReportFigures['quota'] {
  const all = daysOf(period).map((day) => days.find((one) => one.day === day)?.hits ?? 0);
  const peak = days.reduce<Day | undefined>((best, day) => (best && best.hits >= day.hits ? best : day), undefined);
  return {
    days: all.length,
    granted: all.length * dailyQuota,
    used: total.hits,
    peak: peak ? { day: peak.day, hits: peak.hits, limit: dailyQuota } : null,
    p95: [...all].sort((a, b) => a - b)[Math.ceil(0.95 * all.length) - 1] ?? 0,
    exhaustedDays: days.filter(({ refusedByQuota }) => refusedByQuota > 0).length,
    refused: days.reduce((sum, { refusedByQuota }) => sum + refusedByQuota, 0),
  };
}

/** Of a busy office, which add up. */
export function makeFigures(period: Period, operatorIds: readonly string[]): ReportFigures {
  const lookUps = lookUpsOf(period, operatorIds);
  const months = monthsOf(period);
  const coverage = { lookUps: 120, sent: 100, accepted: 8, owed: 7, overdue: 5 };
  const times = (n: number) =>
    Object.fromEntries(Object.entries(coverage).map(([name, count]) => [name, count * n])) as typeof coverage;
  return {
    lookUps,
    quota: quotaOf(period, lookUps),
    readers: {
      reads: 330,
      offline: 21,
      withLookUp: 290,
      byOutcome: [
        { outcome: 'CANCELLED', count: 11 },
        { outcome: 'MATCHED', count: 312 },
        { outcome: 'NOT_MATCHED', count: 28 },
      ],
      byTries: [
        { tries: 0, count: 250 },
        { tries: 1, count: 50 },
        { tries: 2, count: 12 },
        { tries: 4, count: 28 },
      ],
      byService: [
        { service: 'SKTM', reads: 130 },
        { service: 'SKU', reads: 200 },
      ],
      byReader: [
        { readerId: fixtureId(0x301), reads: 230, matched: 210, withLookUp: 200, offline: 0 },
        { readerId: fixtureId(0x302), reads: 100, matched: 85, withLookUp: 90, offline: 21 },
      ],
    },
    dataBalikan: {
      delivered: 110 * months.length,
      byMethod: [
        { method: 'MEDIA', receipt: 'MEDIA', count: 10 * months.length },
        { method: 'WEB_SERVICE', receipt: 'ALREADY_SENT', count: 3 * months.length },
        { method: 'WEB_SERVICE', receipt: 'SUCCESS', count: 97 * months.length },
      ],
      months: months.map((month) => ({ month, delivered: 110 })),
      undelivered: { waiting: 6, packed: 2, refused: 1 },
      coverage: {
        overdueAfterDays: 14,
        total: times(months.length),
        months: months.map((month) => ({ month, ...coverage })),
      },
    },
    incidents: [
      { kind: 'BREAKER_OPEN', count: 3, minutes: 187 },
      { kind: 'ACCESS_BROKEN', count: 1, minutes: 1_530 },
      { kind: 'QUOTA_USED_UP', count: 3, minutes: null },
      { kind: 'OUTSIDE_HOURS', count: 0, minutes: null },
    ],
    register: {
      operators: { active: operatorIds.length, withNda: operatorIds.length - 1, withoutNda: 1, ended: 1 },
      sptjm: true,
      readers: [
        { state: 'CONNECTED', count: 1 },
        { state: 'DISCONNECTED', count: 1 },
      ],
      sams: [{ state: 'ACTIVE', count: 2 }],
      workUnits: { total: 3, withReader: 2 },
      exceptions: [
        { reason: 'DAMAGED_CARD', decision: 'rejected', count: 1 },
        { reason: 'WORN_FINGER', decision: 'approved', count: 9 },
        { reason: 'WORN_FINGER', decision: null, count: 2 },
      ],
      stops: { count: 1, minutes: 95 },
    },
  };
}

/** Of an office in which nothing happened. */
export function emptyFigures(period: Period): ReportFigures {
  const months = monthsOf(period);
  const coverage = { lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 };
  return {
    lookUps: {
      total: none,
      months: months.map((month) => ({ month, ...none, peak: null })),
      days: [],
      byMode: [],
      byService: [],
      byOutcome: [],
      byOperator: [],
      byClient: [],
      refusals: [],
    },
    quota: { days: 0, granted: 0, used: 0, peak: null, p95: 0, exhaustedDays: 0, refused: 0 },
    readers: { reads: 0, offline: 0, withLookUp: 0, byOutcome: [], byTries: [], byService: [], byReader: [] },
    dataBalikan: {
      delivered: 0,
      byMethod: [],
      months: months.map((month) => ({ month, delivered: 0 })),
      undelivered: { waiting: 0, packed: 0, refused: 0 },
      coverage: { overdueAfterDays: 14, total: coverage, months: months.map((month) => ({ month, ...coverage })) },
    },
    incidents: [
      { kind: 'BREAKER_OPEN', count: 0, minutes: 0 },
      { kind: 'ACCESS_BROKEN', count: 0, minutes: 0 },
      { kind: 'QUOTA_USED_UP', count: 0, minutes: null },
      { kind: 'OUTSIDE_HOURS', count: 0, minutes: null },
    ],
    register: {
      operators: { active: 0, withNda: 0, withoutNda: 0, ended: 0 },
      sptjm: false,
      readers: [],
      sams: [],
      workUnits: { total: 0, withReader: 0 },
      exceptions: [],
      stops: { count: 0, minutes: 0 },
    },
  };
}
