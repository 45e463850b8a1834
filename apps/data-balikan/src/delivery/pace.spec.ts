import { expect, test } from '@jest/globals';
import { Pace } from './pace.js';

test('slots are evenly apart', () => {
  const pace = new Pace(4, 1_000);
  expect(pace.waitMs(1_000)).toBe(0);
  pace.take(1_000);
  expect(pace.waitMs(1_000)).toBe(250);
  expect(pace.waitMs(1_200)).toBe(50);
  expect(pace.waitMs(1_250)).toBe(0);
});

test('several that ask at once get one after the other', () => {
  const pace = new Pace(10, 0);
  const at = [0, 0, 0].map((now) => {
    const wait = pace.waitMs(now);
    pace.take(now);
    return wait;
  });
  expect(at).toEqual([0, 100, 200]);
});

test('what was not used is not made good', () => {
  const pace = new Pace(10, 0);
  pace.take(0);
  expect(pace.waitMs(60_000)).toBe(0);
  pace.take(60_000);
  expect(pace.waitMs(60_000)).toBe(100);
});
