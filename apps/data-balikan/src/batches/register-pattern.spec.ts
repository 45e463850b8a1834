import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from './register-pattern.js';

const usual = compilePattern('500/{angka}/SKU/{romawi}/{tahun}');

describe('a register pattern', () => {
  it.each(['500/1/SKU/I/2026', '500/001/SKU/XII/2026', '500/123456/SKU/VIII/1999'])('%s fits', (text) => {
    expect(usual(text)).toBe(true);
  });

  it.each([
    '',
    '500//SKU/I/2026',
    '500/a/SKU/I/2026',
    '500/1/SKU/XIII/2026',
    '500/1/SKU/IIII/2026',
    '500/1/SKU/i/2026',
    '500/1/SKU/1/2026',
    '500/1/SKU/I/26',
    '500/1/SKU/I/20260',
    '500/1/SKU/I/2026 ',
    ' 500/1/SKU/I/2026',
    '501/1/SKU/I/2026',
    '500/１/SKU/I/2026',
  ])('%j does not', (text) => expect(usual(text)).toBe(false));

  it('may have letters, and parts that touch each other', () => {
    const fits = compilePattern('{huruf}{angka}{tahun}-{romawi}{romawi}');
    expect(['SKU12026-IV', 'é1232026-IIX'].map(fits)).toEqual([true, true]);
    expect(['SKU2026-IV', '12026-IV', 'SKU12026-I'].map(fits)).toEqual([false, false, false]);
  });

  it('takes signs of regular expressions, and unknown names, as they are written', () => {
    const fits = compilePattern('a.*(b)+[c]$^{nama}\\d');
    expect([fits('a.*(b)+[c]$^{nama}\\d'), fits('axb'), fits('a.*(b)+[c]$^{nama}1')]).toEqual([true, false, false]);
  });

  it('decides as a regular expression would', () => {
    const expressions: Record<string, string> = {
      '{angka}': '[0-9]+',
      '{tahun}': '[0-9]{4}',
      '{romawi}': '(?:I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII)',
      '{huruf}': '\\p{L}+',
    };
    const part = fc.constantFrom('{angka}', '{tahun}', '{romawi}', '{huruf}', '/', 'I', '1');
    const text = fc.string({ maxLength: 12, unit: fc.constantFrom(...'1234IVX/'.split('')) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), text, (chosen, candidate) => {
        const expression = new RegExp(`^${chosen.map((one) => expressions[one] ?? one).join('')}$`, 'u');
        expect(compilePattern(chosen.join(''))(candidate)).toBe(expression.test(candidate));
      }),
      { seed: 5, numRuns: 3_000 },
    );
  });

  it('takes no longer for a pattern that was made to take long', () => {
    const fits = compilePattern('{angka}'.repeat(14));
    for (let round = 0; round < 1_000; round += 1) expect(fits(`${'1'.repeat(79)}x`)).toBe(false);
  });
});
