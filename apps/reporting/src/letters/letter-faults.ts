import { Period, type NewLetter, type RegisterPerson } from '#contracts';
import { dayOf } from '#paper';
import { dayNumber } from '#report';
import { peopleOf } from './compose-letter.js';
import { agreementOn, quotaOn, type BreachDuty, type OfficeRegister } from './facts.js';

/** How far a letter may be dated from today, days: its number is one of the year that it is dated in. */
const mostDays = 366;

interface Issue {
  path: string;
  message: string;
}

export interface LetterFaults {
  code: 'RESOURCE_NOT_FOUND' | 'REQUEST_INVALID';
  issues: Issue[];
}

export interface Standing {
  /** Date of the letter. */
  on: string;
  now: Date;
  register: OfficeRegister;
  people: ReadonlyMap<string, RegisterPerson>;
  duty: BreachDuty | null;
}

/** What keeps a letter from being written, beside what its contract finds: what it names has to be on file, and to make sense. */
export function letterFaults(letter: NewLetter, standing: Standing): LetterFaults | undefined {
  const missing = missingOf(letter, standing);
  if (missing.length > 0) return { code: 'RESOURCE_NOT_FOUND', issues: missing };
  const wrong = wrongIn(letter, standing);
  return wrong.length > 0 ? { code: 'REQUEST_INVALID', issues: wrong } : undefined;
}

function missingOf(letter: NewLetter, { register, people, duty }: Standing): Issue[] {
  const issues = peopleOf(letter)
    .filter((id) => !people.has(id))
    .map((id) => ({ path: '', message: `Petugas ${id} tidak terdaftar di kecamatan ini.` }));
  if (letter.kind === 'SAM_CONFIGURATION_RETURN')
    for (const id of letter.samIds)
      if (!register.sams.some((sam) => sam.id === id))
        issues.push({ path: 'samIds', message: `SAM ${id} tidak terdaftar di kecamatan ini.` });
  if (letter.kind === 'BREACH_NOTICE' && !duty)
    issues.push({
      path: 'dutyId',
      message: 'Kewajiban pemberitahuan ini belum dicatat. Catat kejadiannya dahulu.',
    });
  return issues;
}

function wrongIn(letter: NewLetter, standing: Standing): Issue[] {
  const { on, now } = standing;
  const issues: Issue[] = [];
  const wrong = (field: string, message: string) => issues.push({ path: field, message });
  if (Math.abs(dayNumber(on) - dayNumber(dayOf(now))) > mostDays)
    wrong('on', 'Tanggal surat paling jauh satu tahun dari hari ini.');
  if (letter.kind === 'USER_ID_REQUEST' && hasTwice(letter.operatorIds))
    wrong('operatorIds', 'Setiap petugas cukup disebut satu kali.');
  if (letter.kind === 'SAM_CONFIGURATION_RETURN' && hasTwice(letter.samIds))
    wrong('samIds', 'Setiap SAM cukup disebut satu kali.');
  if (letter.kind === 'OFFICE_HOLDER_CHANGE' && letter.leavingId === letter.comingId)
    wrong('comingId', 'Pejabat lama dan pejabat baru harus orang yang berbeda.');
  if (letter.kind === 'BREACH_NOTICE' && Date.parse(letter.happenedAt) > now.getTime())
    wrong('happenedAt', 'Waktu kejadian tidak boleh di masa depan.');
  if (letter.kind === 'QUOTA_REQUEST') {
    const { from, until, wantedQuota } = letter;
    const period = Period.safeParse({ from, until });
    for (const issue of period.error?.issues ?? []) wrong(issue.path.join('.'), issue.message);
    if (from > dayOf(now)) wrong('from', 'Masa yang dikaji belum dimulai.');
    const agreement = agreementOn(standing.register.agreements, on);
    const quota = agreement ? quotaOn(agreement, on) : null;
    if (quota !== null && wantedQuota <= quota)
      wrong('wantedQuota', `Kuota yang diminta harus lebih besar dari kuota sekarang (${quota}).`);
  }
  return issues;
}

const hasTwice = (ids: readonly string[]): boolean => new Set(ids).size < ids.length;
