import { expect, test } from '@jest/globals';
import { uncovered } from './ranges.js';

test.each([
  [[], 0, []],
  [[], 5, ['0-3', '3-5']],
  [['0-4'], 4, []],
  [['0-4', '4-8'], 10, ['8-10']],
  [['4-8'], 10, ['0-3', '3-4', '8-10']],
  [['0-2', '6-8'], 8, ['2-5', '5-6']],
])('what %j leave of %d leaves', (ranges, size, expected) => {
  const read = (text: string) => ({ from: Number(text.split('-')[0]), to: Number(text.split('-')[1]) });
  expect(uncovered(ranges.map(read), size, 3)).toEqual(expected.map(read));
});
