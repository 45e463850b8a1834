import { expect, test } from '@jest/globals';
import { axisOf } from './charts.js';
import { durationText, numberText, percentText } from './numbers.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1_234, '1.234'],
  [1_234_567, '1.234.567'],
  [-1_234, '-1.234'],
])('%i is written %s', (number, text) => expect(numberText(number)).toBe(text));

test.each([
  [1, 8, '12,5 %'],
  [1, 3, '33,3 %'],
  [2, 3, '66,7 %'],
  [1, 2_000, '0,1 %'],
  [1, 2_001, '0,0 %'],
  [12_345, 1, '1.234.500,0 %'],
  [0, 0, '-'],
])('%i of %i is %s', (part, whole, text) => expect(percentText(part, whole)).toBe(text));

test.each([
  [0, '0 menit'],
  [59, '59 menit'],
  [187, '3 jam 7 menit'],
  [60_060, '1.001 jam 0 menit'],
])('%i minutes are %s', (minutes, text) => expect(durationText(minutes)).toBe(text));

test.each([
  [0, { top: 1, step: 1 }],
  [3, { top: 3, step: 1 }],
  [1_000, { top: 1_000, step: 200 }],
  [10_468, { top: 15_000, step: 5_000 }],
])('an axis up to %i', (most, axis) => expect(axisOf(most)).toEqual(axis));

test('an axis reaches its highest column in at most five steps', () => {
  for (let most = 1; most < 3_000; most += 7) {
    const { top, step } = axisOf(most);
    expect(top).toBeGreaterThanOrEqual(most);
    expect(top / step).toBeLessThanOrEqual(5);
  }
});
