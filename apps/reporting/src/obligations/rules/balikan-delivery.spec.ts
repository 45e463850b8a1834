import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { UndeliveredRecord } from '#contracts';
import { findingsOf, noonOf, stateOn } from '../facts-fixture.js';
import { balikanDelivery as rule } from './balikan-delivery.js';

const undelivered = (state: UndeliveredRecord['state'], acceptedAt = '2026-03-01T03:00:00.000Z', more = false) => ({
  undelivered: {
    records: [{ id: randomUUID(), verificationId: randomUUID(), acceptedAt, state }],
    more,
    overdueAfterDays: 14,
  },
});

test.each([
  ['WAITING', '2026-03-11', 'IN_ORDER'],
  ['WAITING', '2026-03-12', 'DUE_SOON'],
  ['WAITING', '2026-03-15', 'DUE_SOON'],
  ['WAITING', '2026-03-16', 'OVERDUE'],
  ['PACKED', '2026-04-14', 'OVERDUE'],
  ['PACKED', '2026-04-15', 'BREACHED'],
  ['DEAD', '2026-03-01', 'DUE_SOON'],
  ['DEAD', '2026-03-15', 'DUE_SOON'],
  ['DEAD', '2026-03-16', 'OVERDUE'],
  ['DEAD', '2026-04-15', 'BREACHED'],
] as const)('%s since 1 March, on %s: %s', (kind, day, state) =>
  expect(stateOn(rule, undelivered(kind), day)).toBe(state),
);

test('nothing waits: in order', () => expect(stateOn(rule, {}, '2026-03-01')).toBe('IN_ORDER'));

test('more than can be counted is "at least"; what is refused needs a person', () => {
  const [finding] = findingsOf(rule, undelivered('DEAD', undefined, true), noonOf('2026-03-02'));
  expect(finding?.facts).toContainEqual(['Ditolak', 'sedikitnya 1']);
  expect(finding?.nextStep).toMatch(/ditolak/);
});
