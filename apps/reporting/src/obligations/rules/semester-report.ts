import { dayOf, dayText } from '#paper';
import { addDays, jakartaDay } from '#report';
import type { ReportStanding } from '../facts.js';
import { links } from '../links.js';
import { defineRule, stateBy, type Finding } from '../rule.js';
import { nextSemester, reportedSemesters, semesterOf, semesterText, type Semester } from '../semester.js';

/** Days that an office has for a report that Disdukcapil gave back; the agreement names none. */
export const correctionDays = 14;

const standingTexts: Partial<Record<ReportStanding['state'], string>> = {
  DRAFTED: 'Sudah disusun, belum diperiksa',
  REVIEWED: 'Sudah diperiksa, belum disetujui Camat',
  APPROVED: 'Disetujui Camat, belum diserahkan',
};
const nextSteps: Partial<Record<ReportStanding['state'], string>> = {
  DRAFTED: 'Admin memeriksa laporan (gerbang report review), lalu Camat menyetujuinya.',
  REVIEWED: 'Camat menyetujui laporan (gerbang report approve).',
  APPROVED: 'Admin menyerahkan laporan ke Disdukcapil dan mencatat tanda terimanya (gerbang report submit).',
};
const toBeDrafted =
  'Admin menyusun laporan periode ini (gerbang report draft); bila sudah diserahkan di luar sistem, catat tanda terimanya sesudah disetujui (gerbang report submit).';

/** O-20: the report of each semester is handed in by its last day. Approved is not handed in. */
export const semesterReport = defineRule({
  name: 'semester-report',
  clause: 'O-20',
  title: 'Laporan semester',
  needs: ['register', 'reports'],
  assess({ register, reports }, now) {
    const today = dayOf(now);
    const semesters = reportedSemesters(register.agreements, today);
    const open = semesters.flatMap((semester) => findingOf(semester, reports, today) ?? []);
    if (open.length > 0) return open;
    const [last] = semesters.slice(-1);
    if (!last) return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Belum ada']] }];
    const present = semesterOf(today);
    const next = present.opensOn > today ? present : nextSemester(present);
    return [
      {
        state: 'IN_ORDER',
        dueOn: next.until,
        facts: [['Laporan berikutnya', semesterText(next)]],
        evidence: [links.reports()],
      },
    ];
  },
});

/** Undefined when nothing is to be done for it, or not yet. */
function findingOf(semester: Semester, reports: readonly ReportStanding[], today: string): Finding | undefined {
  if (today < semester.opensOn) return undefined;
  const versions = reports
    .filter(({ type, period }) => type === 'REPORT' && period.from === semester.from && period.until === semester.until)
    .sort((one, other) => other.version - one.version);
  const handedIn = versions.find(({ state }) => state === 'SUBMITTED' || state === 'EVALUATED');
  const named = [['Periode', semesterText(semester)] as const];
  if (handedIn?.evaluated?.verdict === 'TO_BE_CORRECTED') {
    const dueOn = addDays(jakartaDay(handedIn.evaluated.at), correctionDays);
    return {
      state: stateBy(today, dueOn, correctionDays),
      dueOn,
      facts: [...named, ['Keadaan', 'Dikembalikan Disdukcapil untuk diperbaiki']],
      evidence: [links.report(handedIn.id)],
      nextStep:
        'Admin membuat versi perbaikan laporan (gerbang report draft --corrects), lalu Camat menyetujuinya dan admin menyerahkannya.',
      instance: `${semester.until}/correction`,
    };
  }
  if (handedIn) return undefined;
  const present = versions.find(({ state }) => state in standingTexts);
  return {
    // the whole of June or December
    state: stateBy(today, semester.until, 31),
    dueOn: semester.until,
    facts: [
      ...named,
      ['Batas penyerahan', dayText(semester.until)],
      ['Keadaan', (present && standingTexts[present.state]) ?? 'Belum disusun'],
    ],
    // a draft is nothing that the evaluator could open
    evidence: present?.state === 'APPROVED' ? [links.report(present.id)] : [links.reports()],
    nextStep: (present && nextSteps[present.state]) ?? toBeDrafted,
  };
}
