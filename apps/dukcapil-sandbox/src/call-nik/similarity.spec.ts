import { describe, expect, it } from '@jest/globals';
import { similarity } from './similarity.js';

describe('similarity', () => {
  it.each([
    ['BUDI CONTOH', 'BUDI CONTOH', 100],
    [' budi  contoh', 'BUDI CONTOH', 100],
    ['BUDI', 'BUDY', 75],
    ['KITTEN', 'SITTING', 57],
    ['ABC', 'XYZ', 0],
    ['', 'BUDI', 0],
    ['A'.repeat(200), `${'A'.repeat(199)}B`, 99],
    ['A'.repeat(2000), `${'A'.repeat(1999)}B`, 99],
  ])('of %j and %j is %d', (left, right, expected) => {
    expect(similarity(left, right)).toBe(expected);
    expect(similarity(right, left)).toBe(expected);
  });
});
