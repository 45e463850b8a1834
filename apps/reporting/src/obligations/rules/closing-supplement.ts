import { dayOf, dayText } from '#paper';
import { addDays, jakartaDay } from '#report';
import type { ReportStanding } from '../facts.js';
import { links } from '../links.js';
import { defineRule, stateBy, type Finding } from '../rule.js';
import { semesterOf, semesterText } from '../semester.js';

/** By the end of the month after the semester; the agreement names no day. */
export const supplementDays = 31;

/** O-20: the report is made in the last month of its semester, so a supplement carries what came after it. */
export const closingSupplement = defineRule({
  name: 'closing-supplement',
  clause: 'O-20',
  title: 'Tambahan penutup laporan semester',
  needs: ['reports'],
  assess({ reports }, now) {
    const today = dayOf(now);
    const latest = latestHandedIn(reports);
    if (latest.length === 0) return [{ state: 'NOT_APPLICABLE', facts: [['Laporan', 'Belum ada yang diserahkan']] }];
    const open = latest
      .filter((report) => endsBeforeItsPeriod(report) && !isCompleted(report, reports))
      .map((report) => findingOf(report, today));
    return open.length > 0 ? open : [{ state: 'IN_ORDER', evidence: [links.reports()] }];
  },
});

/** The newest version that was handed in, of each semester, oldest semester first. */
function latestHandedIn(reports: readonly ReportStanding[]): ReportStanding[] {
  const latest = new Map<string, ReportStanding>();
  for (const report of reports) {
    if (report.type !== 'REPORT' || report.period.kind === 'OTHER' || !isHandedIn(report)) continue;
    const known = latest.get(report.period.until);
    if (!known || known.version < report.version) latest.set(report.period.until, report);
  }
  return [...latest.values()].sort((one, other) => (one.period.until < other.period.until ? -1 : 1));
}

const isHandedIn = ({ state }: ReportStanding): boolean => state === 'SUBMITTED' || state === 'EVALUATED';

const endsBeforeItsPeriod = ({ asOfAt, period }: ReportStanding): boolean => jakartaDay(asOfAt) <= period.until;

const isCompleted = ({ period }: ReportStanding, reports: readonly ReportStanding[]): boolean =>
  reports.some(
    (one) =>
      one.type === 'SUPPLEMENT' &&
      one.period.from === period.from &&
      one.period.until === period.until &&
      isHandedIn(one) &&
      !endsBeforeItsPeriod(one),
  );

function findingOf({ id, period, asOfAt }: ReportStanding, today: string): Finding {
  const dueOn = addDays(period.until, supplementDays);
  // before the semester is over there is nothing to carry
  const state = today <= period.until ? 'IN_ORDER' : stateBy(today, dueOn, supplementDays);
  return {
    state,
    dueOn,
    facts: [
      ['Periode', semesterText(semesterOf(period.from))],
      ['Laporan dihitung sampai', dayText(jakartaDay(asOfAt))],
    ],
    evidence: [links.report(id)],
    nextStep:
      state === 'IN_ORDER'
        ? 'Setelah semester berakhir, admin membuat laporan tambahan (gerbang report draft --supplements).'
        : 'Admin membuat laporan tambahan (gerbang report draft --supplements), lalu Camat menyetujuinya dan admin menyerahkannya.',
  };
}
