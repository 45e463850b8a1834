/** Instants, ISO 8601 in UTC: `from` belongs to it, `to` no more. */
export interface MonthRange {
  from: string;
  to: string;
}

/** Asia/Jakarta has had one offset, and no summer time, since 1964. */
const instantOf = (month: string): string => new Date(`${month}-01T00:00:00+07:00`).toISOString();

/** The month after, `YYYY-MM`. */
function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

/** Calendar months in Asia/Jakarta, both included, as instants. */
export const rangeOf = (first: string, last: string): MonthRange => ({
  from: instantOf(first),
  to: instantOf(nextMonth(last)),
});

/** From the first to the last, both included. */
export function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
}
