import type { ReportContent } from '#contracts';

export type ReportPeriod = ReportContent['period'];

/** First semester: 1 January to 30 June; second: 1 July to 31 December (O-20, JT 5a). */
export function semesterOf(year: number, semester: 1 | 2): ReportPeriod {
  return semester === 1
    ? { kind: 'FIRST_SEMESTER', from: `${year}-01-01`, until: `${year}-06-30` }
    : { kind: 'SECOND_SEMESTER', from: `${year}-07-01`, until: `${year}-12-31` };
}

/** Days that are those of a semester are this semester, however they were asked for. */
export function periodOf(from: string, until: string): ReportPeriod {
  const year = Number(from.slice(0, 4));
  const semester = ([1, 2] as const)
    .map((n) => semesterOf(year, n))
    .find((one) => one.from === from && one.until === until);
  return semester ?? { kind: 'OTHER', from, until };
}
