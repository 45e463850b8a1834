import { expect, test } from '@jest/globals';
import { monthsFrom, rangeOf } from './months.js';

test('a month begins and ends at midnight in Jakarta', () => {
  expect(rangeOf('2026-01', '2026-01')).toEqual({ from: '2025-12-31T17:00:00.000Z', to: '2026-01-31T17:00:00.000Z' });
  expect(rangeOf('2023-12', '2024-02')).toEqual({ from: '2023-11-30T17:00:00.000Z', to: '2024-02-29T17:00:00.000Z' });
});

test('months in a row, over the end of a year', () => {
  expect(monthsFrom('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  expect(monthsFrom('2026-02', '2026-02')).toEqual(['2026-02']);
  expect(monthsFrom('2026-02', '2026-01')).toEqual([]);
});
