import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Coverage } from '#contracts';
import { addDays, daysOf, isIn, jakartaDay, monthOf, monthsOf } from '#report';
import { monthsToAsk, withoutDataBalikan } from './without-data-balikan.js';

const operators = ['10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002', null];
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
type Open = Coverage['open'][number];
const makeOpen = (n: number, at: string, operatorId: string | null = null): Open => ({
  verificationId: idOf(n),
  at,
  operatorId,
  service: 'SKU',
  reference: '500/1',
  overdue: false,
});

/** As data-balikan answers of one month: sums of all, and the first so many by name. */
function answer(month: string, open: readonly Open[], mostOpen = 500) {
  const counts = (some: readonly Open[]) => ({
    lookUps: some.length + 3,
    sent: 2,
    accepted: 1,
    owed: some.length,
    overdue: 0,
  });
  const ofOperators = operators.map((operatorId) => ({
    operatorId,
    ...counts(open.filter((one) => one.operatorId === operatorId)),
  }));
  const months = [{ month, ...counts(open), operators: ofOperators }];
  return { month, coverage: { total: counts(open), months, open: open.slice(0, mostOpen) } };
}

const period = { from: '2026-05-10', until: '2026-06-20' };
const count = (open: readonly Open[], today: string, after: number, mostOpen?: number) =>
  withoutDataBalikan(
    period,
    today,
    after,
    monthsToAsk(period, today, after).map((month) =>
      answer(
        month,
        open.filter(({ at }) => monthOf(jakartaDay(at)) === month),
        mostOpen,
      ),
    ),
  );

test('older than so many days, of the days of the period in Jakarta alone', () => {
  const open = [
    makeOpen(1, '2026-05-09T16:59:59.999Z'),
    makeOpen(2, '2026-05-09T17:00:00.000Z', operators[1]),
    makeOpen(3, '2026-06-10T16:59:59.999Z', operators[0]),
    makeOpen(4, '2026-06-10T17:00:00.000Z'),
  ];
  expect(count(open, '2026-06-25', 14)).toMatchObject({
    name: 'WITHOUT_DATA_BALIKAN',
    explanation: expect.stringContaining('lebih dari 14 hari'),
    parameters: { balikanAfterDays: 14 },
    total: 2,
    byOperator: [
      { operatorId: operators[0], count: 1 },
      { operatorId: operators[1], count: 1 },
    ],
    examples: [idOf(2), idOf(3)],
  });
  expect(count(open, '2026-06-26', 14).total).toBe(3);
  expect(count(open, '2026-05-24', 14).total).toBe(0);
  expect(monthsToAsk(period, '2026-05-24', 14)).toEqual([]);
});

test('of more than are named, the sums; where these do not tell, it says that there are more', () => {
  const days = daysOf({ from: '2026-05-01', until: '2026-05-31' });
  const open = days.flatMap((day, n) =>
    [0, 1].map((twice) => makeOpen(n * 2 + twice, `${day}T03:00:00.000Z`, operators[twice])),
  );
  // all of May is old enough: 22 days from the tenth on, two on each, of which 20 are named up to 15 May
  const whole = count(open, '2026-07-01', 14, 30);
  expect(whole).toMatchObject({
    total: 44,
    byOperator: [
      { operatorId: operators[0], count: 22 },
      { operatorId: operators[1], count: 22 },
    ],
  });
  expect(whole.explanation).not.toContain('paling sedikit');
  // up to 12 May: what is named reaches further
  expect(count(open, '2026-05-27', 14, 30)).toMatchObject({ total: 6 });
  // up to 20 May: what is named ends before
  const some = count(open, '2026-06-04', 14, 30);
  expect(some.total).toBe(12);
  expect(some.explanation).toContain('paling sedikit');
});

test('never more than there are, and exactly as many unless it says so; at most 20 are named, oldest first', () => {
  const anOpen = fc.record({ day: fc.integer({ min: 0, max: 80 }), operator: fc.constantFrom(...operators) });
  const given = fc.record({
    days: fc.array(anOpen, { maxLength: 120, size: 'max' }),
    today: fc.integer({ min: 0, max: 120 }),
    after: fc.integer({ min: 0, max: 30 }),
    mostOpen: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(given, ({ days, today, after, mostOpen }) => {
      const now = addDays('2026-05-01', today);
      const open = days
        .toSorted((one, other) => one.day - other.day)
        .map(({ day, operator }, n) => makeOpen(n, `${addDays('2026-04-20', day)}T02:00:00.000Z`, operator));
      const late = open.filter(({ at }) => isIn(period, jakartaDay(at)) && addDays(jakartaDay(at), after) < now);
      const pattern = count(open, now, after, mostOpen);
      expect(pattern.total).toBe(pattern.byOperator.reduce((sum, one) => sum + one.count, 0));
      if (pattern.explanation.includes('paling sedikit')) expect(pattern.total).toBeLessThanOrEqual(late.length);
      else
        expect(pattern.byOperator).toEqual(
          operators
            .map((operatorId) => ({ operatorId, count: late.filter((one) => one.operatorId === operatorId).length }))
            .filter((one) => one.count > 0),
        );
      const names = late.map(({ verificationId }) => verificationId);
      expect(pattern.examples.length).toBeLessThanOrEqual(20);
      expect(names).toEqual(expect.arrayContaining(pattern.examples));
      if (open.length <= mostOpen) expect(pattern.examples).toEqual(names.slice(0, 20));
      expect(monthsToAsk(period, now, after).every((month) => monthsOf(period).includes(month))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
