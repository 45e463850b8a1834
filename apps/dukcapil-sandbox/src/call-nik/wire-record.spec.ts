import { describe, expect, it } from '@jest/globals';
import { isLosslessNumber, parse } from 'lossless-json';
import { presentPerson } from '../control/people-list.js';
import { makePeople } from '../people/make-people.js';
import type { Person } from '../people/person.js';
import { page } from './page.js';
import { wireRecord } from './wire-record.js';

const people = makePeople();
const find = (nik: string) => people.find((person) => person.nik === nik) as Person;

/** What a correct client makes of a record. */
function readRecord(json: string): Record<string, string | null> {
  const fields = parse(json) as Record<string, unknown>;
  const value = (key: string, width = 0) => {
    const raw = fields[key];
    const text = isLosslessNumber(raw) ? raw.value : raw;
    if (typeof text !== 'string' || text.trim() === '' || text.trim() === '-') return null;
    return text.trim().padStart(width, '0');
  };
  const region = (level: string) => value(`${level}_NAME`) ?? value(`NAMA_${level}`);
  return {
    nik: value('NIK', 16),
    noKk: value('NO_KK', 16),
    namaLengkap: value('NAMA_LGKP'),
    jenisKelamin: value('JENIS_KLMIN'),
    tempatLahir: value('TMPT_LHR'),
    tanggalLahir: (value('TGL_LHR') ?? '').replace(/^(\d\d)[-.](\d\d)[-.](\d{4})$/, '$3-$2-$1'),
    statusPerkawinan: value('STATUS_KAWIN') ?? value('STAT_KWN'),
    jenisPekerjaan: value('JENIS_PKRJN'),
    alamat: value('ALAMAT'),
    noRt: value('NO_RT', 3),
    noRw: value('NO_RW', 3),
    dusun: value('DUSUN'),
    noProp: value('NO_PROP', 2),
    namaProp: region('PROP'),
    noKab: value('NO_KAB', 2),
    namaKab: region('KAB'),
    noKec: value('NO_KEC', 2),
    namaKec: region('KEC'),
    noKel: value('NO_KEL', 4),
    namaKel: region('KEL'),
  };
}

describe('wireRecord', () => {
  it('is the documented example to the letter', () => {
    expect(page({ record: wireRecord(find('3313044107909901')), quotaLimiter: 873 })).toBe(
      '{"content":[{"NO_KK":3313041203159902,"NIK":3313044107909901,"NAMA_LGKP":"SITI CONTOH ","JENIS_KLMIN":"PEREMPUAN","TMPT_LHR":"KARANGANYAR","TGL_LHR":"1990-07-01","STATUS_KAWIN":"KAWIN","JENIS_PKRJN":"PEDAGANG","ALAMAT":"JL CONTOH NO 1","NO_RT":6,"NO_RW":2,"NO_PROP":33,"PROP_NAME":"JAWA TENGAH","NO_KAB":13,"KAB_NAME":"KARANGANYAR","NO_KEC":4,"KEC_NAME":"JUMANTONO","NO_KEL":2005,"KEL_NAME":"GENENGAN"}],"lastPage":true,"numberOfElements":1,"sort":null,"totalElements":1,"firstPage":true,"number":0,"size":1,"quotaLimiter":873}',
    );
  });

  it('keeps all 16 digits of a bare NIK above 2^53', () => {
    const json = wireRecord(find('9171017008909903'));
    expect(json).toContain('"NIK":9171017008909903,');
    expect((JSON.parse(json) as { NIK: number }).NIK).toBe(9171017008909904);
  });

  it('says of everybody, whatever the variant, what the canonical values are', () => {
    for (const person of people) {
      const { outcome: _outcome, ...canonical } = presentPerson(person);
      expect(readRecord(wireRecord(person))).toEqual(canonical);
    }
  });

  it('sends fields outside the nine elements along', () => {
    const fields = JSON.parse(wireRecord(find('3313043108859903'))) as object;
    expect(Object.keys(fields)).toEqual(
      expect.arrayContaining(['AGAMA', 'GOL_DARAH', 'PDDK_AKH', 'NAMA_LGKP_IBU', 'EKTP_STATUS']),
    );
  });
});
