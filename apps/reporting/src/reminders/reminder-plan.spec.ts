import { expect, test } from '@jest/globals';
import type { ObligationState } from '#contracts';
import { planReminders } from './reminder-plan.js';
import { dailySlot, hourlySlot, weekOf } from './reminder-slots.js';

const assessed = (state: ObligationState) => ({
  instance: '2026-06-30',
  obligation: {
    rule: 'semester-report',
    clause: 'O-20',
    title: 'Laporan semester',
    state,
    dueOn: '2026-06-30',
    dueAt: null,
    facts: [],
    evidence: [],
    nextStep: 'Langkah.',
  },
});
const recipients = { emails: ['a@contoh.example', 'b@contoh.example'], webhookUrl: 'https://contoh.example/' };

test.each([
  ['NOT_APPLICABLE', 0],
  ['IN_ORDER', 0],
  ['DUE_SOON', 3],
  ['OVERDUE', 3],
  ['BREACHED', 3],
] as const)('%s: %i reminders, one for each recipient', (state, count) => {
  expect(planReminders([assessed(state)], recipients, new Date('2026-06-05T00:00:00Z'))).toHaveLength(count);
});

test('due soon is one for the whole time, overdue one for each week', () => {
  const weeks = (state: ObligationState, days: string[]) =>
    days.map((day) => planReminders([assessed(state)], recipients, new Date(`${day}T00:00:00Z`))[0]?.week);
  expect(weeks('DUE_SOON', ['2026-06-05', '2026-06-29'])).toEqual([0, 0]);
  const [sunday, monday, next] = weeks('OVERDUE', ['2026-07-05', '2026-07-06', '2026-07-12']);
  expect([sunday, monday, next]).toEqual([weekOf('2026-07-05'), weekOf('2026-07-05') + 1, weekOf('2026-07-05') + 1]);
});

test.each([
  ['2026-06-30T23:59:59.999Z', '2026-06-30T00:00:00.000Z'],
  ['2026-07-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
])('the day of reminders begins at 07:00 in Jakarta: %s', (now, slot) =>
  expect(dailySlot(new Date(now)).toISOString()).toBe(slot),
);

test('an hour is an hour', () =>
  expect(hourlySlot(new Date('2026-07-01T05:59:59Z')).toISOString()).toBe('2026-07-01T05:00:00.000Z'));
