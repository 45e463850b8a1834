import { expect, test } from '@jest/globals';
import { describeQuota } from './quota.js';

test.each([
  [0, undefined],
  [699, undefined],
  [700, 'QUOTA_70'],
  [899, 'QUOTA_70'],
  [900, 'QUOTA_90'],
  [1_000, 'QUOTA_90'],
])('%d of 1,000 used warns %s', (used, warning) => {
  expect(describeQuota({ day: '2026-03-10', limit: 1_000, used }).warning).toBe(warning);
});

test.each([
  ['2026-03-10', '2026-03-11T00:00:00+07:00'],
  ['2026-12-31', '2027-01-01T00:00:00+07:00'],
  ['2028-02-28', '2028-02-29T00:00:00+07:00'],
])('the quota of %s is full again at %s', (day, resetAt) => {
  expect(describeQuota({ day, limit: 10, used: 3 })).toEqual({ day, limit: 10, used: 3, left: 7, resetAt });
});

test('a quota that was lowered below what is used leaves nothing, not less than nothing', () => {
  expect(describeQuota({ day: '2026-03-10', limit: 5, used: 9 })).toMatchObject({ left: 0, warning: 'QUOTA_90' });
});
