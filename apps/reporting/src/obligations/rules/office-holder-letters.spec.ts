import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { findingsOf, makeRegister, noonOf, stateOn } from '../facts-fixture.js';
import { officeHolderLetters as rule } from './office-holder-letters.js';

const change = (at: string, letterNumber: string | null = null) => ({
  id: randomUUID(),
  at,
  act: 'operator.change-office-holder',
  letterNumber,
});
const withChanges = (...officeHolderChanges: ReturnType<typeof change>[]) => ({
  register: makeRegister({ officeHolderChanges }),
});

test.each([
  ['2028-02-16', 'DUE_SOON'],
  ['2028-03-01', 'DUE_SOON'],
  ['2028-03-02', 'OVERDUE'],
  ['2028-03-31', 'OVERDUE'],
  ['2028-04-01', 'BREACHED'],
])('a change of 16 February 2028 without a letter, on %s: %s', (day, state) =>
  expect(stateOn(rule, withChanges(change('2028-02-15T18:00:00.000Z')), day)).toBe(state),
);

test('with a letter it is in order; without a change there is none', () => {
  expect(stateOn(rule, withChanges(change('2028-02-15T18:00:00.000Z', '800/1')), '2028-06-01')).toBe('IN_ORDER');
  expect(stateOn(rule, withChanges(), '2028-06-01')).toBe('NOT_APPLICABLE');
});

test('each change is one of its own', () => {
  const facts = withChanges(
    change('2028-02-20T03:00:00.000Z'),
    change('2028-02-01T03:00:00.000Z'),
    change('2028-01-01T03:00:00.000Z', '1'),
  );
  const findings = findingsOf(rule, facts, noonOf('2028-02-21'));
  expect(findings.map(({ dueOn, state }) => [dueOn, state])).toEqual([
    ['2028-03-05', 'DUE_SOON'],
    ['2028-02-15', 'OVERDUE'],
  ]);
  expect(new Set(findings.map(({ instance }) => instance)).size).toBe(2);
});
