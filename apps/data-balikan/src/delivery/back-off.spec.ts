import { expect, test } from '@jest/globals';
import { backOff } from './back-off.js';

const pace = { firstMs: 1_000, mostMs: 60_000 };

test('doubles, up to the most', () => {
  expect([0, 1, 2, 5, 6, 1_000_000].map((attempts) => backOff(pace, attempts, 1))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
});

test('and of that a random part', () => {
  expect(backOff(pace, 1, 0.25)).toBe(500);
  expect(backOff(pace, 9, 0)).toBe(0);
  const waits = Array.from({ length: 100 }, () => backOff(pace, 9));
  expect(Math.max(...waits)).toBeLessThan(60_000);
  expect(new Set(waits).size).toBeGreaterThan(50);
});
