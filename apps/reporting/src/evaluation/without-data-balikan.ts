import type { Coverage, PatternReport, Period } from '#contracts';
import { dayOf } from '#paper';
import { addDays, daysOf, isIn, monthsOf } from '#report';

type Pattern = PatternReport['patterns'][number];
type Counts = ReadonlyMap<string | null, number>;

/** Look-ups that are named at most. */
const mostExamples = 20;
/** Sorts after every UUID. */
const last = 'g';

/** What data-balikan says of one month. */
export interface MonthCoverage {
  month: string;
  coverage: Pick<Coverage, 'total' | 'months' | 'open'>;
}

/** Months in which a look-up may be old enough; of the others nothing needs to be asked. */
export const monthsToAsk = (period: Period, today: string, afterDays: number): string[] =>
  monthsOf(counted(period, today, afterDays));

/**
 * Look-ups for a business service that found somebody and have no data balikan after so many days (O-07). Of a month with more open
 * ones than data-balikan names (500, oldest first) the rest is counted by its sums, as far as they tell on which side of a day it lies.
 *
 * @param today in Asia/Jakarta
 */
export function withoutDataBalikan(
  period: Period,
  today: string,
  afterDays: number,
  months: readonly MonthCoverage[],
): Pattern {
  const window = counted(period, today, afterDays);
  const parts = months.map((one) => ofMonth(one, window));
  const byOperator = new Map<string | null, number>();
  for (const { counts } of parts)
    for (const [id, count] of counts) byOperator.set(id, (byOperator.get(id) ?? 0) + count);
  const all = [...byOperator]
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => ((one ?? last) < (other ?? last) ? -1 : 1))
    .map(([operatorId, count]) => ({ operatorId, count }));
  const incomplete = parts.some(({ complete }) => !complete);
  return {
    name: 'WITHOUT_DATA_BALIKAN',
    explanation:
      `Pemeriksaan untuk layanan usaha (SKU, NIB) yang menemukan penduduknya dan sesudah lebih dari ${afterDays} hari belum ada data balikannya. ` +
      'Layak ditanyakan karena data balikan wajib disampaikan, atau karena pemeriksaan itu tidak berujung pada pelayanan.' +
      (incomplete ? ' Jumlah ini paling sedikit: selebihnya terlalu banyak untuk disebut satu per satu.' : ''),
    parameters: { balikanAfterDays: afterDays },
    total: all.reduce((sum, { count }) => sum + count, 0),
    byOperator: all,
    examples: parts.flatMap(({ listed }) => listed).slice(0, mostExamples),
  };
}

/** Days whose look-ups are older than that. Empty when none is: `until` is before `from` then. */
function counted({ from, until }: Period, today: string, afterDays: number): Period {
  const latest = addDays(today, -afterDays - 1);
  return { from, until: until < latest ? until : latest };
}

function ofMonth(
  { month, coverage }: MonthCoverage,
  window: Period,
): { counts: Counts; listed: string[]; complete: boolean } {
  const { open, total, months } = coverage;
  const within = open.filter(({ at }) => isIn(window, dayOf(new Date(at))));
  const listed = within.map(({ verificationId }) => verificationId);
  const unlisted = total.owed + total.overdue - open.length;
  const latest = open.at(-1);
  const latestDay = latest && dayOf(new Date(latest.at));
  // what is not named comes after what is
  if (unlisted === 0 || (latestDay !== undefined && latestDay > window.until))
    return { counts: tally(within), listed, complete: true };
  if (latestDay === undefined || latestDay < window.from || lastDayOf(month) > window.until)
    return { counts: tally(within), listed, complete: false };
  // all of the rest lies within: everything of the month, but what is named before
  const before = tally(open.filter(({ at }) => dayOf(new Date(at)) < window.from));
  const operators = months.flatMap((one) => one.operators);
  const counts = new Map(
    operators.map(({ operatorId, owed, overdue }) => [operatorId, owed + overdue - (before.get(operatorId) ?? 0)]),
  );
  return { counts, listed, complete: true };
}

function tally(lookUps: readonly { operatorId: string | null }[]): Counts {
  const counts = new Map<string | null, number>();
  for (const { operatorId } of lookUps) counts.set(operatorId, (counts.get(operatorId) ?? 0) + 1);
  return counts;
}

/** 31 days after its first one it is over. */
const lastDayOf = (month: string): string =>
  daysOf({ from: `${month}-01`, until: addDays(`${month}-01`, 31) })
    .filter((day) => day.startsWith(month))
    .at(-1) ?? month;
