import { expect, test } from '@jest/globals';
import { findingsOf, makeCoverage, noonOf, stateOn } from '../facts-fixture.js';
import { balikanCoverage as rule } from './balikan-coverage.js';

// looked up on 15 February 2028, a leap year; 14 days: 29 February is the last
const coverage = makeCoverage(['2028-02-14T17:00:00.000Z', '2028-02-20T03:00:00.000Z']);

test.each([
  ['2028-02-25', 'IN_ORDER'],
  ['2028-02-26', 'DUE_SOON'],
  ['2028-02-29', 'DUE_SOON'],
  ['2028-03-01', 'OVERDUE'],
  ['2028-03-30', 'OVERDUE'],
  ['2028-03-31', 'BREACHED'],
])('owed since 15 February, on %s: %s', (day, state) => expect(stateOn(rule, { coverage }, day)).toBe(state));

test('nothing is owed: in order, and the counts are there', () => {
  const [finding] = findingsOf(rule, { coverage: makeCoverage() }, noonOf('2028-03-01'));
  expect(finding).toMatchObject({ state: 'IN_ORDER' });
  expect(finding?.facts).toContainEqual(['Batas waktu', '14 hari setelah pemeriksaan']);
});

test('the days are the destination’s', () => {
  expect(stateOn(rule, { coverage: makeCoverage(['2028-02-14T17:00:00.000Z'], 3) }, '2028-02-19')).toBe('OVERDUE');
});
