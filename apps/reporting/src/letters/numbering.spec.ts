import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { letterKinds, LetterNumbering } from '#contracts';
import { letterFileName, letterNumber } from './numbering.js';

const numbered = (pattern: string, serial: number, on: string, codes = {}) =>
  letterNumber(LetterNumbering.parse({ pattern, codes }), 'QUOTA_REQUEST', serial, on);

test('every part of a pattern, with width and without', () => {
  expect(letterNumber(LetterNumbering.parse({}), 'QUOTA_REQUEST', 7, '2026-11-23')).toBe('470/007/XI/2026');
  expect(letterNumber(LetterNumbering.parse({}), 'OFFICE_HOLDER_CHANGE', 1_234, '2026-01-01')).toBe('800/1234/I/2026');
  expect(numbered('No. {nomor} / {kode} / KEC-{bulan}-{tahun}', 7, '2026-09-30', { QUOTA_REQUEST: '400.12' })).toBe(
    'No. 7 / 400.12 / KEC-IX-2026',
  );
  const months = Array.from({ length: 12 }, (_, n) =>
    numbered('{nomor} {bulan} {tahun}', 1, `2026-${String(n + 1).padStart(2, '0')}-01`),
  );
  expect(months.map((number) => number.split(' ')[1]).join(' ')).toBe('I II III IV V VI VII VIII IX X XI XII');
});

test.each([
  ['500/{tahun}', 'no number'],
  ['{nomor}/500', 'no year'],
  ['{nomor}/{tahun}/{nik}', 'unknown'],
  ['{kode}{nomor}/{tahun}', 'a code that ends in a digit runs into the number'],
  ['1{nomor}/{tahun}', 'a digit before it'],
  ['{nomor}{tahun}', 'touches the year'],
  ['{nomor}/{tahun}\u0000', 'a control character'],
  ['{nomor}/{tahun}/{', 'an open brace'],
  ['3313044107909901/{nomor}/{tahun}', 'a NIK'],
])('the pattern %s is refused: %s', (pattern) => {
  expect(LetterNumbering.safeParse({ pattern }).success).toBe(false);
});

test('whatever pattern and codes are accepted: two serials of a year, or two years, never give the same number', () => {
  const part = fc.constantFrom('{nomor}', '{nomor:3}', '{kode}', '{bulan}', '{tahun}', '/', '-', '.', ' ', '1', 'A');
  const pattern = fc.array(part, { minLength: 3, maxLength: 9 }).map((parts) => parts.join(''));
  const code = fc.array(fc.constantFrom('1', '2', 'A', 'I', '/', '-', '2026'), { minLength: 1, maxLength: 4 });
  const codes = fc.record({
    QUOTA_REQUEST: code.map((parts) => parts.join('')),
    NDA_FORM: code.map((parts) => parts.join('')),
  });
  const letter = fc.record({
    serial: fc.integer({ min: 1, max: 30 }),
    on: fc.constantFrom('2026-01-01', '2026-02-01', '2027-01-01', '2027-11-01'),
    kind: fc.constantFrom('QUOTA_REQUEST' as const, 'NDA_FORM' as const),
  });
  let accepted = 0;
  fc.assert(
    fc.property(pattern, codes, fc.array(letter, { minLength: 2, maxLength: 20 }), (given, of, letters) => {
      const parsed = LetterNumbering.safeParse({ pattern: given, codes: of });
      if (!parsed.success) return;
      accepted += 1;
      const seen = new Map<string, string>();
      for (const { kind, serial, on } of letters) {
        const number = letterNumber(parsed.data, kind, serial, on);
        const which = `${on.slice(0, 4)} ${serial}`;
        expect({ number, which: seen.get(number) ?? which }).toEqual({ number, which });
        seen.set(number, which);
      }
    }),
    { numRuns: 6_000 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test('a file has a name that every file system takes', () => {
  for (const kind of letterKinds)
    expect(letterFileName({ kind, number: 'B/007 : 470/XI/2026?' })).toMatch(/^[a-z-]+-B-007-470-XI-2026\.docx$/);
});
