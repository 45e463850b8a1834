import type { Lackable, Paddable, Person, Sex, WireStyle } from './person.js';
import type { Random } from './random.js';
import type { Region } from './regions.js';
import { makeName } from './names.js';

type Choices = readonly [string, ...string[]];

const STATUSES: Choices = ['KAWIN', 'KAWIN', 'KAWIN', 'BELUM KAWIN', 'CERAI HIDUP', 'CERAI MATI'];
const JOBS: Choices = [
  'PEDAGANG',
  'PETANI/PEKEBUN',
  'WIRASWASTA',
  'KARYAWAN SWASTA',
  'MENGURUS RUMAH TANGGA',
  'BURUH HARIAN LEPAS',
  'PEGAWAI NEGERI SIPIL (PNS)',
  'BELUM/TIDAK BEKERJA',
  'PELAJAR/MAHASISWA',
];
const STREETS: Choices = [
  'JL CONTOH NO',
  'JL. CONTOH RAYA GG. III/',
  'DK. CONTOH KIDUL NO.',
  'PERUM CONTOH ASRI BLOK C-',
];
const FAITHS: Choices = ['ISLAM', 'KRISTEN', 'KATHOLIK', 'HINDU', 'BUDHA', 'KHONGHUCU'];
const BLOOD: Choices = ['A', 'B', 'AB', 'O', 'TIDAK TAHU'];
const SCHOOLING: Choices = ['TAMAT SD/SEDERAJAT', 'SLTP/SEDERAJAT', 'SLTA/SEDERAJAT', 'DIPLOMA IV/STRATA I'];
const LACKABLE: readonly [Lackable, ...Lackable[]] = [
  'noKk',
  'tempatLahir',
  'statusPerkawinan',
  'jenisPekerjaan',
  'alamat',
  'noRt',
  'noRw',
];
const PADDABLE: readonly [Paddable, ...Paddable[]] = [
  'namaLengkap',
  'tempatLahir',
  'jenisPekerjaan',
  'alamat',
  'namaKel',
];
const MILLISECONDS_PER_DAY = 86_400_000;

const digits = (value: number, length: number) => String(value).padStart(length, '0');

/** `PPKKCC DDMMYY SSSS`: region of first registration, birth date with 40 added to a woman's day, serial. */
export function composeNik(region: Region, birth: string, sex: Sex, serial: number): string {
  const day = Number(birth.slice(8, 10)) + (sex === 'PEREMPUAN' ? 40 : 0);
  const date = digits(day, 2) + birth.slice(5, 7) + birth.slice(2, 4);
  return region.noProp + region.noKab + region.noKec + date + digits(serial, 4);
}

/** A real calendar date, `YYYY-MM-DD`. Between 1940 and 2008 the two digits of the year name one century only. */
export function makeBirthDate(random: Random): string {
  const first = Date.UTC(1940, 0, 1) / MILLISECONDS_PER_DAY;
  const last = Date.UTC(2008, 11, 31) / MILLISECONDS_PER_DAY;
  return new Date(random.between(first, last) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** Serials from 9900 up: so that no synthetic person can meet a real one. */
export function makeSerial(random: Random): number {
  return random.between(9900, 9999);
}

/** Region and *recording* date of the family card, never the +40 of a NIK. */
function makeNoKk(random: Random, region: Region): string {
  const recorded =
    digits(random.between(1, 28), 2) + digits(random.between(1, 12), 2) + digits(random.between(5, 25), 2);
  return region.noProp + region.noKab + region.noKec + recorded + digits(makeSerial(random), 4);
}

function makeOutcome(random: Random): Person['outcome'] {
  const roll = random.next();
  if (roll < 0.02) return 'DECEASED';
  if (roll < 0.04) return 'DUPLICATE';
  return roll < 0.06 ? 'INACTIVE' : 'FOUND';
}

/** An absent hamlet (`dusun`) is common and mostly not sent at all; other absent values are shown in any of the ways. */
function makeWireStyle(random: Random, lacking: boolean): WireStyle {
  const roll = random.next();
  return {
    date: roll < 0.9 ? 'YYYY-MM-DD' : roll < 0.96 ? 'DD-MM-YYYY' : 'DD.MM.YYYY',
    statusKey: random.chance(0.1) ? 'STAT_KWN' : 'STATUS_KAWIN',
    localRegionKeys: random.chance(0.1),
    numbersAsText: random.chance(0.03),
    trailingBlanks: random.chance(0.08) ? [random.pick(PADDABLE), random.pick(PADDABLE)] : [],
    lackShownAs: lacking || random.chance(0.05) ? random.pick(['null', 'empty', 'dash', 'missing']) : 'missing',
    extras: true,
  };
}

/** What the NIK of a person says. */
export interface Roots {
  readonly nik: string;
  readonly birth: string;
  readonly sex: Sex;
}

/** Everything else about a person; `origin` is where the NIK was given, which it keeps for ever. */
export function makePerson(random: Random, { nik, birth, sex }: Roots, origin: Region, residence: Region): Person {
  const lack = random.chance(0.03) ? random.pick(LACKABLE) : undefined;
  const unlessLacking = (name: Lackable, value: string) => (name === lack ? null : value);
  return {
    nik,
    outcome: makeOutcome(random),
    noKk: unlessLacking('noKk', makeNoKk(random, residence)),
    namaLengkap: makeName(random, sex),
    jenisKelamin: sex,
    tempatLahir: unlessLacking('tempatLahir', origin.namaKab.replace(/^KOTA (ADM\. )?/, '')),
    tanggalLahir: birth,
    statusPerkawinan: unlessLacking('statusPerkawinan', random.pick(STATUSES)),
    jenisPekerjaan: unlessLacking('jenisPekerjaan', random.pick(JOBS)),
    alamat: unlessLacking('alamat', `${random.pick(STREETS)} ${random.between(1, 199)}`.replace(/([/-]) /, '$1')),
    noRt: unlessLacking('noRt', digits(random.between(1, 24), 3)),
    noRw: unlessLacking('noRw', digits(random.between(1, 12), 3)),
    dusun: random.chance(0.5) ? `CONTOH ${random.pick(['LOR', 'KIDUL', 'WETAN', 'KULON'])}` : null,
    noProp: residence.noProp,
    namaProp: residence.namaProp,
    noKab: residence.noKab,
    namaKab: residence.namaKab,
    noKec: residence.noKec,
    namaKec: residence.namaKec,
    noKel: residence.noKel,
    namaKel: residence.namaKel,
    extras: {
      agama: random.pick(FAITHS),
      golonganDarah: random.pick(BLOOD),
      pendidikanAkhir: random.pick(SCHOOLING),
      namaIbu: `IBU ${makeName(random, 'PEREMPUAN')}`,
      ektpStatus: random.chance(0.95) ? 'SUDAH REKAM' : 'BELUM REKAM',
    },
    wire: makeWireStyle(random, lack !== undefined),
  };
}
