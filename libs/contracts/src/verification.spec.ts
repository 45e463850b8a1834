import { describe, expect, test } from '@jest/globals';
import { elementNames } from './elements.js';
import { purposeRequired } from './purpose.js';
import { VerificationRequest, VerificationTrailQuery } from './verification.js';

const base = { nik: '3313044107909901', purpose: { service: 'SKU', reference: '500/001/SKU/I/2026' } };
const issuesOf = (value: unknown) =>
  VerificationRequest.safeParse(value).error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ??
  [];
const pathsOf = (value: unknown): string[] => issuesOf(value).map(({ path }) => path);

describe('a verification request', () => {
  test.each([
    base,
    { ...base, nik: '33.1304-410790 9901' },
    { ...base, fields: ['alamat', 'nik'] },
    { ...base, fields: [...elementNames] },
    { ...base, match: { namaLengkap: 'SITI CONTOH' } },
    { ...base, match: { tanggalLahir: '1990-07-01', threshold: 1 } },
    { ...base, match: { noKk: '3313041203159902', threshold: 100 } },
    { ...base, confirmWarnings: true },
  ])('%j fits', (value) => expect(issuesOf(value)).toEqual([]));

  test.each([Number('3313044107909901'), 9_171_017_008_909_904, null, true, ['3313044107909901'], {}])(
    'a NIK that is %j is refused with the reason',
    (nik) =>
      expect(issuesOf({ ...base, nik })).toEqual([
        {
          path: 'nik',
          message: 'NIK harus dikirim sebagai teks (string), bukan angka: angka 16 digit berubah di dalam JSON.',
        },
      ]),
  );

  test('no purpose is told apart', () => {
    expect(issuesOf({ nik: base.nik })).toEqual([{ path: 'purpose', message: purposeRequired }]);
  });

  test.each([
    [{ ...base, nama: 'x' }, ['']],
    [{ ...base, nik: '1'.repeat(65) }, ['nik']],
    [{ ...base, fields: [] }, ['fields']],
    [{ ...base, fields: 'nik' }, ['fields']],
    [{ ...base, fields: ['nik', 'agama'] }, ['fields.1']],
    [{ ...base, fields: Array.from({ length: 10 }, () => 'nik') }, ['fields']],
    [{ ...base, fields: ['nik'], match: { alamat: 'x' } }, ['fields']],
    [{ ...base, match: {} }, ['match']],
    [{ ...base, match: { threshold: 90 } }, ['match']],
    [{ ...base, match: { nik: base.nik, alamat: 'x' } }, ['match']],
    [{ ...base, match: { agama: 'x', alamat: 'y' } }, ['match']],
    [{ ...base, match: { alamat: ' ' } }, ['match.alamat']],
    [{ ...base, match: { alamat: 'x'.repeat(201) } }, ['match.alamat']],
    [{ ...base, match: { alamat: 'x', threshold: 0 } }, ['match.threshold']],
    [{ ...base, match: { alamat: 'x', threshold: 101 } }, ['match.threshold']],
    [{ ...base, match: { alamat: 'x', threshold: 90.5 } }, ['match.threshold']],
    [{ ...base, match: { alamat: 'x', threshold: '90' } }, ['match.threshold']],
    [{ ...base, match: { noKk: '331304120315990' } }, ['match.noKk']],
    [{ ...base, match: { noKk: 3_313_041_203_159_902 } }, ['match.noKk']],
    [{ ...base, match: { tanggalLahir: '31-08-1985' } }, ['match.tanggalLahir']],
    [{ ...base, match: { tanggalLahir: '2001-02-29' } }, ['match.tanggalLahir']],
    [{ ...base, confirmWarnings: 'true' }, ['confirmWarnings']],
    [[base], ['']],
    [null, ['']],
  ])('%j is wrong at %j', (value, paths) => expect(pathsOf(value)).toEqual(paths));

  test('every fault is told at once', () => {
    expect(pathsOf({ nik: 1, purpose: { service: '?', reference: '' }, confirmWarnings: 1 }).sort()).toEqual([
      'confirmWarnings',
      'nik',
      'purpose.reference',
      'purpose.service',
    ]);
  });
});

describe('a query of the trail', () => {
  test('has a page of 50 by default', () => {
    expect(VerificationTrailQuery.parse({})).toEqual({ limit: 50 });
    expect(VerificationTrailQuery.parse({ limit: '500' })).toEqual({ limit: 500 });
  });

  test.each([
    { limit: '0' },
    { limit: '501' },
    { limit: '1.5' },
    { limit: '' },
    { from: '2026-02-30' },
    { to: '23-11-2026' },
    { operatorId: '1' },
    { before: 'x' },
    { nik: '3313044107909901' },
  ])('%j does not fit', (query) => expect(VerificationTrailQuery.safeParse(query).success).toBe(false));
});
