import { describe, expect, it } from '@jest/globals';
import { makePeople, makeStrangers } from './make-people.js';
import { LONGEST_NAME } from './names.js';
import type { Person } from './person.js';

const PROVINCES = [
  ...['11', '12', '13', '14', '15', '16', '17', '18', '19', '21', '31', '32', '33', '34', '35', '36', '51', '52', '53'],
  ...['61', '62', '63', '64', '65', '71', '72', '73', '74', '75', '76', '81', '82', '91', '92', '93', '94', '95', '96'],
];
const SOFT_WARNINGS = [
  '3313042902019905',
  '3313047102999906',
  '3313040113909907',
  '3313041505900000',
  '0013041505909908',
];

const people = makePeople();
const niks = people.map((person) => person.nik);
const share = (test: (person: Person) => boolean) => people.filter(test).length / people.length;

describe('makePeople', () => {
  it('makes the same people every time', () => {
    expect(JSON.stringify(makePeople())).toBe(JSON.stringify(people));
  });

  it('makes at least 10,000, each with a NIK of their own', () => {
    expect(people.length).toBeGreaterThanOrEqual(10_000);
    expect(new Set(niks).size).toBe(people.length);
  });

  it('knows every province, by NIK and by residence, and no other', () => {
    expect([...new Set(niks.map((nik) => nik.slice(0, 2)))].sort()).toEqual(PROVINCES);
    expect([...new Set(people.map((person) => person.noProp))].sort()).toEqual(PROVINCES);
    expect(niks.filter((nik) => BigInt(nik) > BigInt(Number.MAX_SAFE_INTEGER)).length).toBeGreaterThan(1000);
    expect(niks.filter((nik) => nik.startsWith('331304')).length).toBeGreaterThanOrEqual(300);
  });

  it('uses no serial below 9900, for people and for family cards', () => {
    const serials = people.flatMap(({ nik, noKk }) => (noKk === null ? nik : [nik, noKk])).map((id) => id.slice(-4));
    expect(serials.every((serial) => serial >= '9900' && serial <= '9999')).toBe(true);
  });

  it('keeps birth date and sex in line with the NIK', () => {
    for (const { nik, tanggalLahir, jenisKelamin } of people) {
      const [year = '', month = '', day = ''] = tanggalLahir.split('-');
      const dayInNik = Number(day) + (jenisKelamin === 'PEREMPUAN' ? 40 : 0);
      expect(nik.slice(6, 12)).toBe(`${String(dayInNik).padStart(2, '0')}${month}${year.slice(2)}`);
      expect(new Date(tanggalLahir).toISOString().slice(0, 10)).toBe(tanggalLahir);
    }
    expect(share((person) => person.jenisKelamin === 'PEREMPUAN')).toBeCloseTo(0.5, 1);
  });

  it('gives names that nobody bears, of every awkward form', () => {
    const names = people.map((person) => person.namaLengkap);
    expect(names.filter((name) => !name.includes('CONTOH') || name !== name.trim())).toEqual([]);
    expect(names).toContain("NUR'AINI CONTOH");
    expect(names.some((name) => !name.includes(' '))).toBe(true);
    expect(names.some((name) => /^DR.*\. .*, S\.H\.$/.test(name))).toBe(true);
    expect(Math.max(...names.map((name) => name.length))).toBe(LONGEST_NAME);
  });

  it.each(['DECEASED', 'DUPLICATE', 'INACTIVE'] as const)('makes about 2 %% of them %s', (outcome) => {
    expect(share((person) => person.outcome === outcome)).toBeGreaterThan(0.015);
    expect(share((person) => person.outcome === outcome)).toBeLessThan(0.025);
  });

  it('lets few records be odd, in every documented way', () => {
    const oddities: ((person: Person) => boolean)[] = [
      ({ wire }) => wire.date === 'DD-MM-YYYY',
      ({ wire }) => wire.date === 'DD.MM.YYYY',
      ({ wire }) => wire.statusKey === 'STAT_KWN',
      ({ wire }) => wire.localRegionKeys,
      ({ wire }) => wire.numbersAsText,
      ({ wire }) => wire.trailingBlanks.length > 0,
      ...(['null', 'empty', 'dash', 'missing'] as const).map(
        (shown) => (person: Person) => person.wire.lackShownAs === shown && person.alamat === null,
      ),
    ];
    for (const oddity of oddities) {
      expect(share(oddity)).toBeGreaterThan(0);
      expect(share(oddity)).toBeLessThan(0.15);
    }
  });

  it('includes the people of the documented examples', () => {
    const named = (nik: string) => people.find((person) => person.nik === nik);
    expect(named('3313044107909901')).toMatchObject({ namaLengkap: 'SITI CONTOH', tanggalLahir: '1990-07-01' });
    expect(named('3313043108859903')).toMatchObject({ namaLengkap: 'BUDI CONTOH', tempatLahir: 'KARANGANYAR' });
    expect(named('9171017008909903')).toMatchObject({ jenisKelamin: 'PEREMPUAN', tanggalLahir: '1990-08-30' });
    expect(named('3313042902009904')).toMatchObject({ jenisKelamin: 'LAKI-LAKI', tanggalLahir: '2000-02-29' });
    expect(niks.filter((nik) => SOFT_WARNINGS.includes(nik))).toEqual([]);
  });
});

describe('makeStrangers', () => {
  it('offers valid NIKs that nobody has', () => {
    const { notFound, unprocessable } = makeStrangers(people);
    const all = [...notFound, ...unprocessable];
    expect(new Set([...niks, ...all]).size).toBe(niks.length + all.length);
    expect(notFound.length).toBeGreaterThanOrEqual(100);
    expect(unprocessable.length).toBeGreaterThanOrEqual(5);
    expect(all.every((nik) => /^\d{12}99\d\d$/.test(nik))).toBe(true);
  });
});
