import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paten, patenServices, Purpose, purposeRequired } from './purpose.js';

const issuesOf = (value: unknown) =>
  Purpose.safeParse(value).error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ?? [];
const reference = (text: string) => ({ service: 'SKU', reference: text });

describe('a reference', () => {
  test.each(['500/001/SKU/I/2026', '1', '470/12.345/SKTM/XII/2026', 'Reg. 2026-11-23 no 1234567', '0812-3456-7890'])(
    '%j is taken',
    (text) => expect(Purpose.parse(reference(text))).toEqual(reference(text)),
  );

  test('is trimmed', () => {
    expect(Purpose.parse(reference('  500/001  '))).toEqual(reference('500/001'));
  });

  test.each([
    ['', 'Isi nomor register atau nomor permohonan.'],
    ['   ', 'Isi nomor register atau nomor permohonan.'],
    ['x'.repeat(81), 'Paling panjang 80 huruf.'],
    ['3313044107909901', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['SKU/3313044107909901/2026', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['33.1304.410790.9901', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['3313 0441 0790 9901', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['3-3-1-3-0-4-4-1-0-7-9-0-9-9-0-1', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['NIK3313044107909901KK', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
    ['33130441079099010000', 'Nomor register tidak boleh memuat NIK atau nomor KK.'],
  ])('%j is refused', (text, message) => expect(issuesOf(reference(text))).toEqual([{ path: 'reference', message }]));

  test('never carries a NIK, whatever stands around and between its digits', () => {
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    const separator = fc.constantFrom('', '', ' ', '.', '-', '\t');
    const nik = fc
      .array(fc.tuple(digit, separator), { minLength: 16, maxLength: 16 })
      .map((parts) => parts.flat().join(''));
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(text, nik, text, (before, typed, after) => {
        expect(issuesOf(reference(`${before}${typed}${after}`))).toContainEqual({
          path: 'reference',
          message: 'Nomor register tidak boleh memuat NIK atau nomor KK.',
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('may carry fewer than sixteen digits in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 15 }), (digits) => {
        expect(issuesOf(reference(`No/${digits.join('')}/2026`))).toEqual([]);
      }),
    );
  });
});

describe('a purpose', () => {
  test.each([undefined, null])('%s is one issue, by which it is told from a wrong one', (value) =>
    expect(issuesOf(value)).toEqual([{ path: '', message: purposeRequired }]),
  );

  test.each([
    [{}, ['service', 'reference']],
    [{ service: 'sku', reference: '1' }, ['service']],
    [{ service: 'SKU', reference: 1 }, ['reference']],
    [{ service: 'SKU', reference: '1', nama: 'x' }, ['']],
    ['SKU', ['']],
  ])('%j is wrong at %j', (value, paths) => {
    expect(issuesOf(value).map(({ path }) => path)).toEqual(paths);
    for (const { path, message } of issuesOf(value)) if (path === '') expect(message).not.toBe(purposeRequired);
  });

  test('may be for each of the services that the counter gives', () => {
    for (const service of patenServices) expect(issuesOf({ service, reference: '1' })).toEqual([]);
    expect(patenServices).toEqual(Object.keys(paten));
  });
});
