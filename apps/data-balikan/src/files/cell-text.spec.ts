import { describe, expect, it } from '@jest/globals';
import { cleanText, mostCharacters, shortened } from './cell-text.js';

describe('blanks', () => {
  it.each([
    ['Toko', 'Toko'],
    [' \u00a0\u200bToko Contoh\ufeff\t ', 'Toko Contoh'],
    ['é \u200b é', 'é \u200b é'],
    [' \u200b ', ''],
    ['', ''],
  ])('at the ends of %j', (raw, text) => expect(cleanText(raw)).toBe(text));

  it('in the middle cost no more than their number', () => {
    const nasty = `é${' '.repeat(1_000_000)}é`;
    const begun = process.cpuUsage().user;
    expect(cleanText(nasty)).toBe(nasty);
    expect(process.cpuUsage().user - begun).toBeLessThan(1_000_000);
  });
});

describe('a text that is too long', () => {
  it('is cut where it is seen, even within blanks and surrogate pairs', () => {
    for (const long of [`A${' '.repeat(5_000)}B`, '🍜'.repeat(2_000), `x${'🍜'.repeat(2_000)}`]) {
      const cut = shortened(long);
      expect(cut).toHaveLength(mostCharacters + 1);
      expect(cleanText(cut)).toBe(cut);
      expect(cut).not.toMatch(/\p{Cs}/u);
    }
    expect(shortened('x'.repeat(mostCharacters))).toHaveLength(mostCharacters);
  });
});
