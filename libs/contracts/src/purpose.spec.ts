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

  const refusal = { path: 'reference', message: 'Nomor register tidak boleh memuat NIK atau nomor KK.' };
  const text = fc.string({ maxLength: 20 });

  test('never carries sixteen digits in one run, whatever they mean', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 20 });
    fc.assert(
      fc.property(text, digits, text, (before, run, after) => {
        expect(issuesOf(reference(`${before}${run.join('')}${after}`))).toContainEqual(refusal);
      }),
      { numRuns: 1_000 },
    );
  });

  test('never carries a plausible NIK, whatever stands around and between its digits', () => {
    const separators = fc.array(fc.constantFrom('', '', ' ', '.', '-', '\t'), { minLength: 16, maxLength: 16 });
    const nik = fc
      .record({
        province: fc.constantFrom('11', '33', '54', '91'),
        region: fc.integer({ min: 1_000, max: 9_999 }),
        day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 41, max: 68 })),
        month: fc.integer({ min: 1, max: 12 }),
        year: fc.integer({ min: 0, max: 99 }),
        serial: fc.integer({ min: 9_900, max: 9_999 }),
      })
      .map(({ province, region, day, month, year, serial }) =>
        [province, region, ...[day, month, year].map((part) => String(part).padStart(2, '0')), serial].join(''),
      );
    fc.assert(
      fc.property(text, nik, separators, text, (before, digits, between, after) => {
        const typed = [...digits].map((digit, index) => `${digit}${between[index]}`).join('');
        expect(issuesOf(reference(`${before}${typed}${after}`))).toContainEqual(refusal);
      }),
      { numRuns: 2_000 },
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
