import { expect, test } from '@jest/globals';
import { findingsOf, makePerson, noonOf, stateOn } from '../facts-fixture.js';
import { operatorNda as rule } from './operator-nda.js';

const without = makePerson({ nda: null, activeFrom: '2026-03-15' });

test.each([
  ['2026-02-28', 'IN_ORDER'],
  ['2026-03-01', 'DUE_SOON'],
  ['2026-03-15', 'DUE_SOON'],
  ['2026-03-16', 'OVERDUE'],
  ['2026-04-14', 'OVERDUE'],
  ['2026-04-15', 'BREACHED'],
])('without an NDA from 15 March on, on %s: %s', (day, state) =>
  expect(stateOn(rule, { people: [makePerson(), without] }, day)).toBe(state),
);

test.each([
  ['a Camat as well', { role: 'camat' as const }, 'OVERDUE'],
  ['an admin does not look anybody up', { role: 'admin' as const }, 'IN_ORDER'],
  ['who has left', { activeUntil: '2026-03-19' }, 'IN_ORDER'],
  ['who leaves today', { activeUntil: '2026-03-20' }, 'OVERDUE'],
  ['whose access is taken away', { revokedAt: '2026-03-20T04:00:00.000Z' }, 'IN_ORDER'],
  ['who has signed', { nda: { number: 'NDA/2', signedOn: '2026-03-14' } }, 'IN_ORDER'],
])('%s', (_name, overrides, state) =>
  expect(stateOn(rule, { people: [makePerson(), { ...without, ...overrides }] }, '2026-03-20')).toBe(state),
);

test('nobody: nothing to sign', () => expect(stateOn(rule, { people: [] }, '2026-03-20')).toBe('NOT_APPLICABLE'));

test('those who have not signed are named by their User ID lokal, five of them', () => {
  const people = Array.from({ length: 7 }, (_, n) => makePerson({ nda: null, userIdLokal: `op${n}` }));
  const [finding] = findingsOf(rule, { people }, noonOf('2026-03-20'));
  expect(finding?.facts).toContainEqual(['User ID lokal', 'op0, op1, op2, op3, op4 dan 2 lainnya']);
});
