import type { LookUpFigures, Period, QuotaFigures, RegisterAgreement } from '#contracts';
import { daysOf, monthOf, monthsOf, quotaFigures } from '#report';

/** Fewer months make no trend. */
const fewestMonths = 3;
/** How far the trend is drawn out: further it says nothing. */
const monthsAhead = 12;

/** How the quota was used, as JT 2j wants it: what docs/report-format.md says of quota, for the period and for each of its months. */
export interface TechnicalStudy {
  total: QuotaFigures;
  months: (QuotaFigures & { month: string })[];
  trend: Trend | null;
}

/** A straight line (least squares) through the p95 of the months that are whole. */
export interface Trend {
  /** How many months it rests on. */
  months: number;
  /** Look-ups a day that p95 rises by each month; below zero: it falls. */
  slope: number;
  /** What it comes to after the last whole month, in the months that follow, rounded up. */
  ahead: { month: string; p95: number }[];
}

export function technicalStudy(
  days: LookUpFigures['days'],
  agreements: readonly RegisterAgreement[],
  period: Period,
  asOfDay: string,
): TechnicalStudy {
  const months = monthsOf(period).map((month) => {
    const part = daysOf(period).filter((day) => monthOf(day) === month);
    const ofMonth = { from: part[0] ?? period.from, until: part.at(-1) ?? period.until };
    return {
      month,
      ...quotaFigures(
        days.filter(({ day }) => monthOf(day) === month),
        agreements,
        ofMonth,
        asOfDay,
      ),
    };
  });
  const whole = months.filter(({ month, days: count }) => count === daysOf(wholeMonth(month)).length);
  return { total: quotaFigures(days, agreements, period, asOfDay), months, trend: trendOf(whole) };
}

function trendOf(months: readonly { month: string; p95: number }[]): Trend | null {
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last || months.length < fewestMonths) return null;
  const points = months.map(({ month, p95 }) => ({ x: monthsBetween(first.month, month), y: p95 }));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const slope =
    points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) /
    points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const end = monthsBetween(first.month, last.month);
  const ahead = Array.from({ length: monthsAhead }, (_, n) => ({
    month: monthAfter(last.month, n + 1),
    // what is whole but for the arithmetic is not rounded up
    p95: Math.max(0, Math.ceil(y + slope * (end + n + 1 - x) - 1e-9)),
  }));
  return { months: months.length, slope, ahead };
}

const numberOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
const monthsBetween = (one: string, other: string): number => numberOf(other) - numberOf(one);

function monthAfter(month: string, count: number): string {
  const number = numberOf(month) + count;
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function wholeMonth(month: string): Period {
  const days = daysOf({ from: `${month}-01`, until: `${monthAfter(month, 1)}-01` });
  return { from: `${month}-01`, until: days.at(-2) ?? `${month}-01` };
}
