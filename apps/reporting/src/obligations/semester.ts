import { addDays, jakartaDay } from '#report';
import type { OfficeRegister } from './facts.js';

export interface Semester {
  year: number;
  half: 1 | 2;
  from: string;
  /** Its last day, which is the last day for its report as well (PKS 9(1): June and December). */
  until: string;
  /** The first of June or December: from here on the report is to be made. */
  opensOn: string;
}

export function semesterOf(day: string): Semester {
  const year = Number(day.slice(0, 4));
  return day.slice(5, 7) <= '06'
    ? { year, half: 1, from: `${year}-01-01`, until: `${year}-06-30`, opensOn: `${year}-06-01` }
    : { year, half: 2, from: `${year}-07-01`, until: `${year}-12-31`, opensOn: `${year}-12-01` };
}

export const nextSemester = ({ until }: Semester): Semester => semesterOf(addDays(until, 1));

export const semesterText = ({ year, half }: Semester): string => `Semester ${half === 1 ? 'I' : 'II'} ${year}`;

/** More than any agreement lasts. */
const mostSemesters = 200;

/**
 * Semesters up to that of `today` in which an agreement was or is to be in force, oldest first: each owes a report (O-20). What is
 * closed owes nothing any more: its final report is a step of the closing.
 */
export function reportedSemesters(agreements: OfficeRegister['agreements'], today: string): Semester[] {
  const terms = agreements.filter(({ state }) => state !== 'draft' && state !== 'closed').flatMap(termsOf);
  const [first] = terms.map(({ from }) => from).sort();
  if (first === undefined) return [];
  const semesters: Semester[] = [];
  let one = semesterOf(first);
  while (one.from <= today && semesters.length < mostSemesters) {
    const { from, until } = one;
    if (terms.some((term) => term.from <= until && term.until >= from)) semesters.push(one);
    one = nextSemester(one);
  }
  return semesters;
}

/** What is terminated in a version's term ends it on the day before. */
function termsOf({ versions, terminatedAt }: OfficeRegister['agreements'][number]): { from: string; until: string }[] {
  const end = terminatedAt === null ? '9999-12-31' : addDays(jakartaDay(terminatedAt), -1);
  return versions
    .map(({ validFrom, effectiveFrom, validUntil }) => ({
      from: validFrom > effectiveFrom ? validFrom : effectiveFrom,
      until: validUntil < end ? validUntil : end,
    }))
    .filter(({ from, until }) => from <= until);
}
