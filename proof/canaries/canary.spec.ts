import { expect, test } from '@jest/globals';
import { readNik } from '#contracts';
import { Guest } from '../../apps/dukcapil-sandbox/src/people/guest.js';
import { CanaryMaker, wordLength } from './canary.js';

const maker = new CanaryMaker();
const canaries = Array.from({ length: 200 }, (_, index) => maker.make(`canary-${index}`));

test('a canary is somebody whom the sandbox takes, with a NIK that nobody would ask back about', () => {
  for (const { nik, guest } of canaries) {
    expect(Guest.safeParse({ ...guest, nik }).error).toBeUndefined();
    expect(readNik(nik)).toEqual({ ok: true, nik, warnings: [] });
  }
});

test('no two values of a run are the same, and each is long enough not to come about by chance', () => {
  const values = canaries.flatMap(({ secrets }) => secrets.map(({ value }) => value));
  expect(new Set(values).size).toBe(values.length);
  for (const { kind, value } of canaries.flatMap(({ secrets }) => secrets))
    expect(value).toHaveLength(kind === 'date' ? 10 : wordLength);
});

test('every text of the record is searched for', () => {
  const [{ secrets } = { secrets: [] }] = canaries;
  expect([...new Set(secrets.map(({ element }) => element))].sort()).toEqual(
    [
      ...['agama', 'alamat', 'dusun', 'ektpStatus', 'golonganDarah', 'jenisKelamin', 'jenisPekerjaan', 'namaIbu'],
      ...['namaKab', 'namaKec', 'namaKel', 'namaLengkap', 'namaProp', 'nik', 'noKk', 'pendidikanAkhir'],
      ...['statusPerkawinan', 'tanggalLahir', 'tempatLahir'],
    ].sort(),
  );
});
