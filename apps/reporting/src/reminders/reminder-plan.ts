import type { Reminder } from '#contracts';
import { dayOf } from '#paper';
import type { Assessed } from '../obligations/assessment.js';
import type { Recipients } from './reminder-settings.js';
import { weekOf } from './reminder-slots.js';

/** A reminder to be: whatever has the same key is the same one. */
export interface Planned {
  rule: string;
  clause: string;
  instance: string;
  obligationState: Reminder['obligationState'];
  week: number;
  channel: Reminder['channel'];
  recipient: string;
  title: string;
  dueOn: string | null;
  dueAt: string | null;
  nextStep: string | null;
}

/** Once while it is due soon; while it is overdue or breached once in each week. */
export function planReminders(assessed: readonly Assessed[], { emails, webhookUrl }: Recipients, now: Date): Planned[] {
  const ways = [
    ...emails.map((recipient) => ({ channel: 'EMAIL' as const, recipient })),
    ...(webhookUrl === null ? [] : [{ channel: 'WEBHOOK' as const, recipient: webhookUrl }]),
  ];
  return assessed.flatMap(({ obligation, instance }) => {
    const { rule, clause, title, state, dueOn, dueAt, nextStep } = obligation;
    if (state === 'IN_ORDER' || state === 'NOT_APPLICABLE') return [];
    const week = state === 'DUE_SOON' ? 0 : weekOf(dayOf(now));
    const said = { rule, clause, title, dueOn, dueAt, nextStep };
    return ways.map((way) => ({ ...said, ...way, instance, obligationState: state, week }));
  });
}
