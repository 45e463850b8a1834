import { expect, test } from '@jest/globals';
import { coverage } from './coverage.js';

const period = { from: '2026-06-01', until: '2026-07-15' };
const id = (number: number) => `0198c1d2-0000-7000-9000-${String(number).padStart(12, '0')}`;
const accepted = (...days: string[]) => days.map((day, n) => ({ verificationId: id(n), day }));
const none = { lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 };

test('what is neither sent nor accepted is owed, or overdue when more than the days have passed', () => {
  const covered = [
    { day: '2026-06-30', lookUps: 5, sent: 2 },
    { day: '2026-07-02', lookUps: 4, sent: 0 },
    { day: '2026-07-03', lookUps: 1, sent: 1 },
    { day: '2026-07-04', lookUps: 3, sent: 1 },
  ];
  const facts = { covered, accepted: accepted('2026-07-02', '2026-06-30', '2026-07-04'), overdueAfterDays: 7 };
  const june = { lookUps: 5, sent: 2, accepted: 1, owed: 0, overdue: 2 };
  expect(coverage(facts, period, '2026-07-10')).toEqual({
    overdueAfterDays: 7,
    total: { lookUps: 13, sent: 4, accepted: 3, owed: 1, overdue: 5 },
    months: [
      { month: '2026-06', ...june },
      { month: '2026-07', lookUps: 8, sent: 2, accepted: 2, owed: 1, overdue: 3 },
    ],
  });
  // a day earlier the second of July is not overdue yet
  expect(coverage(facts, period, '2026-07-09').total).toMatchObject({ owed: 4, overdue: 2 });
});

test('of nothing', () => {
  expect(coverage({ covered: [], accepted: [], overdueAfterDays: 7 }, period, '2026-07-10')).toEqual({
    overdueAfterDays: 7,
    total: none,
    months: [
      { month: '2026-06', ...none },
      { month: '2026-07', ...none },
    ],
  });
});

test.each([
  ['of a day', [{ day: '2026-07-01', lookUps: 2, sent: 1 }], accepted('2026-07-01', '2026-07-01')],
  ['of a day without any', [], accepted('2026-07-01')],
])('never more than there are %s', (_what, covered, named) => {
  expect(() => coverage({ covered, accepted: named, overdueAfterDays: 7 }, period, '2026-07-10')).toThrow(RangeError);
});
