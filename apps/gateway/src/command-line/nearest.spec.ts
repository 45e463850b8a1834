import { expect, test } from '@jest/globals';
import { didYouMean, findNearest } from './nearest.js';

const known = ['reason', 'clientId', 'overlapHours'];

test.each([
  ['reson', 'reason'],
  ['clientid', 'clientId'],
  ['overlap-hours', 'overlapHours'],
  ['insecure', undefined],
  ['', undefined],
])('%s: %s', (typed, meant) => expect(findNearest(typed, known)).toBe(meant));

test('says it in words, or nothing', () => {
  expect(didYouMean('reson', known, '--')).toBe(' Maksudnya --reason?');
  expect(didYouMean('xyz', known)).toBe('');
});
