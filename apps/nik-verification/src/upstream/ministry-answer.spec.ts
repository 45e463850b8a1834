import { describe, expect, test } from '@jest/globals';
import { elementNames, type ElementName } from '#contracts';
import { readAnswer } from './ministry-answer.js';

const page = (content: string) =>
  `{"content":${content},"lastPage":true,"numberOfElements":1,"sort":null,"totalElements":1,"firstPage":true,"number":0,"size":1,"quotaLimiter":873}`;
const lookup = (nik: string, fields: readonly ElementName[] = elementNames) => ({
  nik,
  mode: 'LOOKUP' as const,
  fields,
});

const siti =
  '[{"NO_KK":3313041203159902,"NIK":3313044107909901,"NAMA_LGKP":"SITI CONTOH ","JENIS_KLMIN":"PEREMPUAN","TMPT_LHR":"KARANGANYAR","TGL_LHR":"1990-07-01","STATUS_KAWIN":"KAWIN","JENIS_PKRJN":"PEDAGANG","ALAMAT":"JL CONTOH NO 1","NO_RT":6,"NO_RW":2,"NO_PROP":33,"PROP_NAME":"JAWA TENGAH","NO_KAB":13,"KAB_NAME":"KARANGANYAR","NO_KEC":4,"KEC_NAME":"JUMANTONO","NO_KEL":2005,"KEL_NAME":"GENENGAN","AGAMA":"X","NAMA_LGKP_IBU":"IBU CONTOH"}]';

describe('a found person', () => {
  test('is presented in the nine elements, and nothing else comes through', () => {
    expect(readAnswer(page(siti), lookup('3313044107909901'))).toEqual({
      kind: 'answer',
      outcome: 'FOUND',
      data: {
        noKk: '3313041203159902',
        nik: '3313044107909901',
        namaLengkap: 'SITI CONTOH',
        jenisKelamin: 'PEREMPUAN',
        tempatLahir: 'KARANGANYAR',
        tanggalLahir: '1990-07-01',
        jenisPekerjaan: 'PEDAGANG',
        statusPerkawinan: 'KAWIN',
        alamat: 'JL CONTOH NO 1 RT 006 RW 002, GENENGAN, JUMANTONO, KARANGANYAR, JAWA TENGAH',
      },
    });
  });

  test('is reduced to the elements that were asked', () => {
    expect(readAnswer(page(siti), lookup('3313044107909901', ['tanggalLahir']))).toEqual({
      kind: 'answer',
      outcome: 'FOUND',
      data: { tanggalLahir: '1990-07-01' },
    });
  });

  test('of the Papua provinces keeps every digit of a number above 2^53', () => {
    const answer = readAnswer(
      page('[{"NIK":9171017008909903,"NO_KK":9171011203159999}]'),
      lookup('9171017008909903', ['nik', 'noKk']),
    );
    expect(answer).toMatchObject({ data: { nik: '9171017008909903', noKk: '9171011203159999' } });
  });

  test.each([
    ['"1990-07-01"', '1990-07-01'],
    ['"01-07-1990"', '1990-07-01'],
    ['"01.07.1990"', '1990-07-01'],
    ['"1990-07-01 00:00:00.0"', '1990-07-01'],
    ['null', null],
    ['""', null],
    ['"-"', null],
    ['"kemarin"', null],
  ])('with TGL_LHR %s has the date %s', (wire, date) => {
    expect(
      readAnswer(page(`[{"NIK":"3313044107909901","TGL_LHR":${wire}}]`), lookup('3313044107909901', ['tanggalLahir'])),
    ).toMatchObject({ data: { tanggalLahir: date } });
  });

  test('is read from local variants of the names, texts for numbers, an object for an array', () => {
    const variant =
      '{"NIK":"3313044107909901 ","STAT_KWN":" BELUM KAWIN ","ALAMAT":"JL A","NO_RT":"006","NO_RW":"-","NAMA_KEL":"KEBAK","NAMA_PROP":"JAWA TENGAH"}';
    expect(readAnswer(page(variant), lookup('3313044107909901', ['statusPerkawinan', 'alamat']))).toMatchObject({
      data: { statusPerkawinan: 'BELUM KAWIN', alamat: 'JL A RT 006, KEBAK, JAWA TENGAH' },
    });
  });
});

describe('anything that is not understood is UPSTREAM_UNKNOWN, never "not found"', () => {
  test.each([
    ['no JSON', '<html>login</html>'],
    ['nothing', ''],
    ['half of it', page(siti).slice(0, 200)],
    ['a bare text', '"Data Tidak Ditemukan"'],
    ['null', 'null'],
    ['empty content', page('[]')],
    ['content of null', page('null')],
    ['two people', page(`[${siti.slice(1, -1)},${siti.slice(1, -1)}]`)],
    ["another person's record", page(siti.replace('3313044107909901', '3313044107909902'))],
    ['a record without a NIK', page('[{"NAMA_LGKP":"SITI CONTOH"}]')],
    ['an unknown code', page('[{"RESPONSE_CODE":"99"}]')],
    ['an unknown text', page('[{"RESPON":"Sistem Sedang Dalam Perbaikan"}]')],
    ['depth', page('['.repeat(200_000))],
  ])('%s', (_what, text) => {
    expect(readAnswer(text, lookup('3313044107909901'))).toMatchObject({
      kind: 'fault',
      code: 'UPSTREAM_UNKNOWN',
      hit: 'unknown',
    });
  });
});

describe('codes of generation B', () => {
  test.each([
    ['03', 'UPSTREAM_ACCESS_BROKEN', 'access-broken'],
    ['04', 'UPSTREAM_ACCESS_BROKEN', 'access-broken'],
    ['10', 'UPSTREAM_ACCESS_BROKEN', 'access-broken'],
    ['16', 'UPSTREAM_ACCESS_BROKEN', 'access-broken'],
    ['17', 'UPSTREAM_ACCESS_BROKEN', 'access-broken'],
    ['05', 'QUOTA_EXHAUSTED', 'quota-used-up'],
    ['06', 'UPSTREAM_CLOSED', 'outside-hours'],
    ['07', 'UPSTREAM_UNKNOWN', 'failure'],
    ['09', 'UPSTREAM_UNKNOWN', 'failure'],
  ])('%s is %s', (code, expected, effect) => {
    for (const wire of [`"${code}"`, String(Number(code))]) {
      expect(
        readAnswer(page(`[{"RESPONSE_CODE":${wire},"RESPONSE_DESC":"x"}]`), lookup('3313044107909901')),
      ).toMatchObject({ kind: 'fault', code: expected, effect });
    }
  });

  test.each([
    ['08', 'UNPROCESSABLE'],
    ['15', 'UNPROCESSABLE'],
    ['11', 'DECEASED'],
    ['12', 'DUPLICATE'],
    ['13', 'NOT_FOUND'],
    ['14', 'INACTIVE'],
  ])('%s is the final answer %s, without data', (code, outcome) => {
    for (const wire of [`"${code}"`, String(Number(code))]) {
      expect(readAnswer(page(`[{"RESPONSE_CODE":${wire},"RESPONSE_DESC":"x"}]`), lookup('3313044107909901'))).toEqual({
        kind: 'answer',
        outcome,
      });
    }
  });

  test.each(['00', '01'])('%s beside a record is found', (code) => {
    expect(
      readAnswer(page(siti.replace('[{', `[{"RESPONSE_CODE":"${code}",`)), lookup('3313044107909901', ['nik'])),
    ).toMatchObject({ outcome: 'FOUND' });
  });
});

describe('texts of generation A, whose case and punctuation vary', () => {
  test.each([
    ['Data Tidak Ditemukan', 'NOT_FOUND'],
    ['DATA TIDAK DITEMUKAN.', 'NOT_FOUND'],
    ['  data  tidak ditemukan !', 'NOT_FOUND'],
    ['Data Ditemukan, Meninggal Dunia', 'DECEASED'],
    ['Data Ganda', 'DUPLICATE'],
    ['Data Tidak Aktif', 'INACTIVE'],
    ['NIK Tidak Dapat Diproses', 'UNPROCESSABLE'],
  ])('%s is %s', (text, outcome) => {
    expect(readAnswer(page(JSON.stringify([{ RESPON: text }])), lookup('3313044107909901'))).toEqual({
      kind: 'answer',
      outcome,
    });
  });

  test.each([
    ['Login Gagal', 'UPSTREAM_ACCESS_BROKEN'],
    ['IP Address Tidak Sesuai', 'UPSTREAM_ACCESS_BROKEN'],
    ['IP Client  Tidak terdaftar', 'UPSTREAM_ACCESS_BROKEN'],
    ['User ID Tidak Ditemukan', 'UPSTREAM_ACCESS_BROKEN'],
    ['Instansi Tidak Aktif', 'UPSTREAM_ACCESS_BROKEN'],
    ['Kuota Akses Hari ini telah Habis', 'QUOTA_EXHAUSTED'],
  ])('%s is %s', (text, code) => {
    expect(readAnswer(page(JSON.stringify([{ RESPON: text }])), lookup('3313044107909901'))).toMatchObject({
      kind: 'fault',
      code,
    });
  });
});

describe('verify by element', () => {
  const match = {
    nik: '3313043108859903',
    mode: 'MATCH' as const,
    fields: ['namaLengkap', 'tempatLahir', 'tanggalLahir'] as const,
  };

  test('reads every spelling of agreement', () => {
    const wire = '[{"NIK":"Sesuai","NAMA_LGKP":"Sesuai (100)","TMPT_LHR":"Tidak Sesuai (59)","TGL_LHR":"sesuai"}]';
    expect(readAnswer(page(wire), match)).toEqual({
      kind: 'answer',
      outcome: 'FOUND',
      match: {
        namaLengkap: { agrees: true, similarity: 100 },
        tempatLahir: { agrees: false, similarity: 59 },
        tanggalLahir: { agrees: true },
      },
    });
  });

  test('does not guess when an element is left out or unreadable', () => {
    expect(readAnswer(page('[{"NIK":"Sesuai","NAMA_LGKP":"Sesuai (100)"}]'), match)).toMatchObject({
      code: 'UPSTREAM_UNKNOWN',
    });
    expect(readAnswer(page('[{"NAMA_LGKP":"Ya","TMPT_LHR":"Sesuai","TGL_LHR":"Sesuai"}]'), match)).toMatchObject({
      code: 'UPSTREAM_UNKNOWN',
    });
  });
});
