import { expect, test } from '@jest/globals';
import { describeLatencies, median, percentile } from './statistics.js';

test('a percentile is a value that was measured, by nearest rank', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
  expect(percentile(Float64Array.of(7), 0.99)).toBe(7);
});

test('latencies need not come in order, and stay as they are', () => {
  const latencies = Float64Array.of(30, 10, 20);
  expect(describeLatencies(latencies)).toEqual({ p50: 20, p95: 30, p99: 30 });
  expect([...latencies]).toEqual([30, 10, 20]);
});

test('the median of an even number of rounds lies between the two in the middle', () => {
  expect(median([0.9, 0.5, 0.7])).toBe(0.7);
  expect(median([0.9, 0.5, 0.7, 0.6])).toBeCloseTo(0.65);
});
