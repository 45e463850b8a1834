import { describe, expect, test } from '@jest/globals';
import { BalikanDestination, BalikanDestinationConfiguration, ParamKeys } from './destination.js';

const given = {
  idLembaga: '000123',
  namaLembaga: 'Kecamatan Contoh',
  service: { baseUrl: 'http://10.9.8.7:8080/gateway', token: 'a.b-c_d==' },
};
const faultsOf = (schema: { safeParse: typeof BalikanDestination.safeParse }, value: unknown) =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);
const faults = (change: object) => faultsOf(BalikanDestination, { ...given, ...change });
const service = (change: object) => faults({ service: { ...given.service, ...change } });

test('the usual is no fault', () => {
  expect(faults({})).toEqual([]);
  expect(faults({ columns: { nomorRegister: ['No. Agenda', 'no agenda'], idPemeriksaan: ['ID'] } })).toEqual([]);
  expect(ParamKeys.parse({ tanggal: 'TANGGAL' })).toMatchObject({ nomorRegister: 'NOMOR_REGISTER', kodeKbli: null });
});

describe('the keys of a record', () => {
  test.each([
    ['twice', { namaUsaha: 'X', jenisUsaha: 'X' }, 'paramKeys.jenisUsaha', 'namaUsaha'],
    ['twice, in other letters', { namaUsaha: 'Nama', tanggal: 'NAMA' }, 'paramKeys.tanggal', 'namaUsaha'],
    ['one that is there by default', { tanggal: 'nama_usaha' }, 'paramKeys.tanggal', 'namaUsaha'],
    ['that of the person', { nomorRegister: 'Nik' }, 'paramKeys.nomorRegister', 'nik'],
  ])('%s would lose data', (_name, paramKeys, path, other) => {
    expect(faults({ paramKeys })).toEqual([[path, expect.stringContaining(`sudah dipakai untuk ${other} `)]]);
  });
});

test.each([
  ['two fields', { namaUsaha: ['Usaha'], jenisUsaha: ['Jenis', 'USAHA.'] }, 'columns.jenisUsaha'],
  ['one that is in the template', { idPemeriksaan: ['Nomor Surat'] }, 'columns.idPemeriksaan'],
  ['one that comes later in the template', { namaUsaha: ['Jenis Usaha'] }, 'columns.namaUsaha'],
])('a header does not mean %s', (_name, columns, path) => {
  expect(faults({ columns })).toEqual([[path, expect.stringContaining('Satu judul hanya untuk satu isian')]]);
});

describe('the web service', () => {
  test.each(['dua kata', 'baris\n', ' depan', 'tab\t', 'é', ''])('has no token that no header carries: %j', (token) =>
    expect(service({ token }).map(([path]) => path)).toContain('service.token'),
  );

  test.each([
    'http://admin:rahasia@10.9.8.7',
    'http://admin@10.9.8.7',
    'http:admin:rahasia@10.9.8.7',
    'http://10.9.8.7/a?b=c',
    'http://10.9.8.7#a',
    'ftp://10.9.8.7',
  ])('has an address and nothing else: %s', (baseUrl) =>
    expect(service({ baseUrl }).map(([path]) => path)).toContain('service.baseUrl'),
  );

  test('is left out by whoever says so, and by nobody else', () => {
    const configured = (destination: object) =>
      faultsOf(BalikanDestinationConfiguration as never, { destination, reason: 'uji' }).map(([path]) => path);
    const { service: _, ...rest } = given;
    expect(configured(rest)).toEqual(['destination.service']);
    expect(configured({ ...rest, service: null })).toEqual([]);
    expect(configured(given)).toEqual([]);
  });
});
