import type { Duty } from '#contracts';
import { dayText, timeText } from '#paper';
import { jakartaDay } from '#report';
import { links } from './links.js';
import type { Finding } from './rule.js';

const hourMs = 3_600_000;
/** With less than this left it is due soon. */
export const soonHours = 24;
/** After so many hours more than were allowed it is a breach. */
export const graceHours = 72;

/** O-24: one finding for each request or incident whose clock runs; or that none does. */
export function dutyFindings(duties: readonly Duty[], kind: Duty['kind'], now: Date, nextStep: string): Finding[] {
  const ofKind = duties.filter((duty) => duty.kind === kind);
  const open = ofKind.filter(({ done }) => done === null).sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
  if (open.length === 0) {
    const late = ofKind.filter(({ done }) => done?.late).length;
    const facts = [
      ['Terbuka', '0'] as const,
      ['Selesai', String(ofKind.length)] as const,
      ['Selesai terlambat', String(late)] as const,
    ];
    return [{ state: ofKind.length === 0 ? 'NOT_APPLICABLE' : 'IN_ORDER', facts, evidence: [links.duties()] }];
  }
  return open.map(({ id, number, receivedAt, dueAt }) => ({
    state: stateAt(now, new Date(dueAt)),
    dueAt,
    facts: [
      ['Nomor', number],
      ['Diterima', dayText(jakartaDay(receivedAt))],
      ['Batas', timeText(new Date(dueAt))],
    ],
    evidence: [links.duties()],
    nextStep,
    instance: id,
  }));
}

function stateAt(now: Date, dueAt: Date): Finding['state'] {
  const leftMs = dueAt.getTime() - now.getTime();
  if (leftMs < -graceHours * hourMs) return 'BREACHED';
  if (leftMs < 0) return 'OVERDUE';
  return leftMs < soonHours * hourMs ? 'DUE_SOON' : 'IN_ORDER';
}
