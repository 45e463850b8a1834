import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { planReminders } from '../reminders/reminder-plan.js';
import { assessAll } from './assessment.js';
import { makeCoverage, makeFacts, noonOf } from './facts-fixture.js';
import type { Facts } from './facts.js';
import { rules } from './rules/index.js';

const records = [
  { id: randomUUID(), verificationId: randomUUID(), acceptedAt: '2026-08-10T03:00:00.000Z', state: 'WAITING' as const },
];
const facts = {
  coverage: makeCoverage(['2026-08-10T03:00:00.000Z']),
  undelivered: { records, more: false, overdueAfterDays: 14 },
  hits: { from: '2026-07-02', until: '2026-08-30', days: [{ day: '2026-08-20', hits: 1_000, refusedByQuota: 3 }] },
};
const keysOn = (day: string, overrides: Partial<Facts> = {}): string[] => {
  const gathered = Object.fromEntries(
    Object.entries<unknown>({ ...makeFacts({ ...facts, ...overrides }) }).map(([name, value]) => [name, { value }]),
  );
  const asked = rules.filter(({ name }) => ['balikan-coverage', 'balikan-delivery', 'quota-forecast'].includes(name));
  const { assessed } = assessAll(asked, { institutionId: randomUUID(), ...gathered }, noonOf(day));
  return planReminders(assessed, { emails: ['a@contoh.example'], webhookUrl: null }, noonOf(day)).map(
    ({ rule, obligationState, instance, week }) => [rule, obligationState, instance, week].join(' '),
  );
};

test('what is overdue at the end of a month is not told again on the first of the next one: a week is a week', () => {
  // a Monday and the Tuesday after it
  const [last, first] = [keysOn('2026-08-31'), keysOn('2026-09-01')];
  expect(last.map((key) => key.split(' ')[1])).toEqual(['OVERDUE', 'OVERDUE', 'OVERDUE']);
  expect(first).toEqual(last);
  expect(keysOn('2026-09-07')).not.toEqual(last);
});

test('what is due soon is told once a month, however often its due date moves', () => {
  const soon = (day: string, at: string) =>
    keysOn(day, { coverage: makeCoverage([at]) }).find((key) => key.startsWith('balikan-coverage'));
  const [one, moved, next] = [
    soon('2026-08-22', '2026-08-10T03:00:00.000Z'),
    soon('2026-08-28', '2026-08-15T03:00:00.000Z'),
    soon('2026-09-02', '2026-08-20T03:00:00.000Z'),
  ];
  expect([one, moved, next]).toEqual([
    'balikan-coverage DUE_SOON 2026-08 0',
    'balikan-coverage DUE_SOON 2026-08 0',
    'balikan-coverage DUE_SOON 2026-09 0',
  ]);
});
