import { semesterOf, type ReportPeriod } from './semesters.js';

/** What the calendar drafts, and from which day on. */
export interface Occasion {
  type: 'REPORT' | 'SUPPLEMENT';
  /** In Asia/Jakarta. */
  day: string;
  period: ReportPeriod;
}

/** What is older was missed for good: somebody drafts it by hand. */
export const mostDaysBack = 400;

/**
 * What is due on a day: a semester's report from the first day of its last month (O-20: June and December), its closing supplement
 * from the day after its last. Of each the latest occasion and the one before, oldest first.
 */
export function occasionsOn(today: string): Occasion[] {
  const year = Number(today.slice(0, 4));
  const all = [year - 2, year - 1, year].flatMap((of): Occasion[] => [
    { type: 'REPORT', day: `${of}-06-01`, period: semesterOf(of, 1) },
    { type: 'SUPPLEMENT', day: `${of}-07-01`, period: semesterOf(of, 1) },
    { type: 'REPORT', day: `${of}-12-01`, period: semesterOf(of, 2) },
    { type: 'SUPPLEMENT', day: `${of + 1}-01-01`, period: semesterOf(of, 2) },
  ]);
  const due = all.filter(({ day }) => day <= today && daysBetween(day, today) <= mostDaysBack);
  return [...lastTwo(due, 'REPORT'), ...lastTwo(due, 'SUPPLEMENT')];
}

function lastTwo(due: Occasion[], type: Occasion['type']): Occasion[] {
  return due.filter((one) => one.type === type).slice(-2);
}

function daysBetween(day: string, later: string): number {
  return (Date.parse(later) - Date.parse(day)) / 86_400_000;
}
