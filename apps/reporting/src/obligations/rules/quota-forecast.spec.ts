import { expect, test } from '@jest/globals';
import { addDays } from '#report';
import { findingsOf, makeRegister, noonOf, stateOn } from '../facts-fixture.js';
import { quotaForecast as rule, slopeOf } from './quota-forecast.js';

const today = '2026-03-02';
const from = addDays(today, -60);
/** Hits of the sixty days before today. */
const hits = (of: (n: number) => number, refusedByQuota: (n: number) => number = () => 0) => ({
  hits: {
    from,
    until: today,
    days: Array.from({ length: 60 }, (_, n) => ({
      day: addDays(from, n),
      hits: of(n),
      refusedByQuota: refusedByQuota(n),
    })),
  },
});

test.each([
  ['799 a day', hits(() => 799), 'IN_ORDER'],
  ['800 a day: 80 %', hits(() => 800), 'DUE_SOON'],
  ['three days above it are within the 5 %', hits((n) => (n < 3 ? 990 : 700)), 'IN_ORDER'],
  ['four are not', hits((n) => (n < 4 ? 990 : 700)), 'DUE_SOON'],
  ['ten more each day: used up in a month', hits((n) => 100 + n * 11), 'DUE_SOON'],
  ['one more each day', hits((n) => 400 + n), 'IN_ORDER'],
  [
    'one refusal on one day',
    hits(
      () => 100,
      (n) => (n === 30 ? 1 : 0),
    ),
    'OVERDUE',
  ],
  ['nothing at all', { hits: { from, until: today, days: [] } }, 'IN_ORDER'],
])('%s', (_name, facts, state) => expect(stateOn(rule, facts, today)).toBe(state));

test('today is not over, but a refusal of today is one', () => {
  const day = { day: today, hits: 1_000, refusedByQuota: 0 };
  expect(stateOn(rule, { hits: { from, until: today, days: [day] } }, today)).toBe('IN_ORDER');
  const refused = { ...day, refusedByQuota: 5 };
  const [finding] = findingsOf(rule, { hits: { from, until: today, days: [refused] } }, noonOf(today));
  expect(finding?.state).toBe('OVERDUE');
  expect(finding?.facts).toContainEqual(['Pemeriksaan ditolak karena kuota', '5']);
  expect(finding?.facts).toContainEqual(['Kuota harian', '1.000']);
});

test('without an agreement there is no quota', () =>
  expect(stateOn(rule, { ...hits(() => 999), register: makeRegister({ agreements: [] }) }, today)).toBe(
    'NOT_APPLICABLE',
  ));

test.each([
  [[], 0],
  [[5], 0],
  [[1, 2, 3], 1],
  [[3, 2, 1], -1],
  [[4, 4, 4, 4], 0],
])('the slope of %j is %d', (counts, slope) => expect(slopeOf(counts)).toBeCloseTo(slope, 12));
