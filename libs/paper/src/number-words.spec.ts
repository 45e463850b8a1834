import { expect, test } from '@jest/globals';
import { numberWords } from './number-words.js';

test.each([
  [0, 'nol'],
  [1, 'satu'],
  [9, 'sembilan'],
  [10, 'sepuluh'],
  [11, 'sebelas'],
  [12, 'dua belas'],
  [19, 'sembilan belas'],
  [20, 'dua puluh'],
  [21, 'dua puluh satu'],
  [99, 'sembilan puluh sembilan'],
  [100, 'seratus'],
  [101, 'seratus satu'],
  [110, 'seratus sepuluh'],
  [111, 'seratus sebelas'],
  [200, 'dua ratus'],
  [519, 'lima ratus sembilan belas'],
  [999, 'sembilan ratus sembilan puluh sembilan'],
  [1000, 'seribu'],
  [1001, 'seribu satu'],
  [1111, 'seribu seratus sebelas'],
  [1999, 'seribu sembilan ratus sembilan puluh sembilan'],
  [2000, 'dua ribu'],
  [2010, 'dua ribu sepuluh'],
  [2026, 'dua ribu dua puluh enam'],
  [9999, 'sembilan ribu sembilan ratus sembilan puluh sembilan'],
])('%i: %s', (number, words) => expect(numberWords(number)).toBe(words));

test('every number has words of its own, in single blanks', () => {
  const all = Array.from({ length: 10_000 }, (_, number) => numberWords(number));
  expect(new Set(all).size).toBe(10_000);
  expect(all.filter((words) => !/^[a-z]+( [a-z]+)*$/.test(words))).toEqual([]);
});

test.each([-1, 10_000, 1.5, Number.NaN])('%d has none', (number) => {
  expect(() => numberWords(number)).toThrow(RangeError);
});
