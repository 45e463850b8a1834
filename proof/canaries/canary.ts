import { randomInt } from 'node:crypto';

/** One value of a canary that must not be found anywhere. */
export interface Secret {
  canary: string;
  /** The element of the record, `namaLengkap`. */
  element: string;
  kind: 'word' | 'digits' | 'date';
  value: string;
}

/** A synthetic person whose every value is unlike anything else: found anywhere, it can only have come from here. */
export interface Canary {
  /** What it is called in the statement, which never shows a value. */
  label: string;
  nik: string;
  /** As the sandbox's control API takes somebody who is brought in. */
  guest: CanaryGuest;
  secrets: readonly Secret[];
}

export interface CanaryGuest {
  noKk: string;
  namaLengkap: string;
  jenisKelamin: string;
  tempatLahir: string;
  tanggalLahir: string;
  statusPerkawinan: string;
  jenisPekerjaan: string;
  alamat: string;
  noRt: string;
  noRw: string;
  dusun: string;
  noProp: string;
  namaProp: string;
  noKab: string;
  namaKab: string;
  noKec: string;
  namaKec: string;
  noKel: string;
  namaKel: string;
  extras: { agama: string; golonganDarah: string; pendidikanAkhir: string; namaIbu: string; ektpStatus: string };
  wire: WireStyle;
}

interface WireStyle {
  date: 'YYYY-MM-DD' | 'DD-MM-YYYY' | 'DD.MM.YYYY';
  statusKey: 'STATUS_KAWIN' | 'STAT_KWN';
  localRegionKeys: boolean;
  numbersAsText: boolean;
}

/** A word of this many letters cannot come about by chance, and every compression of PostgreSQL leaves a part of it whole. */
export const wordLength = 16;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const msPerDay = 86_400_000;

/** Makes canaries of one run; no two of them share a value. */
export class CanaryMaker {
  private readonly taken = new Set<string>();

  make(label: string): Canary {
    const birth = this.unused(birthDate);
    const nik = this.unused(() => makeNik(birth));
    const word = () => this.unused(makeWord);
    const guest: CanaryGuest = {
      noKk: this.unused(makeNoKk),
      namaLengkap: `CONTOH ${word()} ${word()}`,
      jenisKelamin: word(),
      tempatLahir: word(),
      tanggalLahir: birth,
      statusPerkawinan: word(),
      jenisPekerjaan: word(),
      alamat: `JL ${word()} NO 7`,
      noRt: '006',
      noRw: '002',
      dusun: word(),
      ...{ noProp: '33', noKab: '98', noKec: '01', noKel: '2001' },
      namaProp: word(),
      namaKab: word(),
      namaKec: word(),
      namaKel: word(),
      extras: { agama: word(), golonganDarah: word(), pendidikanAkhir: word(), namaIbu: word(), ektpStatus: word() },
      wire: {
        date: pick(['YYYY-MM-DD', 'DD-MM-YYYY', 'DD.MM.YYYY']),
        statusKey: pick(['STATUS_KAWIN', 'STAT_KWN']),
        localRegionKeys: randomInt(2) === 1,
        numbersAsText: randomInt(2) === 1,
      },
    };
    return { label, nik, guest, secrets: secretsOf(label, nik, guest) };
  }

  private unused(make: () => string): string {
    for (;;) {
      const value = make();
      if (this.taken.has(value)) continue;
      this.taken.add(value);
      return value;
    }
  }
}

/** Every value that is unmistakable; village codes and the like are too short to be searched for. */
function secretsOf(canary: string, nik: string, { extras, ...guest }: CanaryGuest): Secret[] {
  const secrets: Secret[] = [{ canary, element: 'nik', kind: 'digits', value: nik }];
  const texts = Object.entries({ ...guest, ...extras }).filter((entry): entry is [string, string] =>
    Boolean(typeof entry[1] === 'string'),
  );
  for (const [element, value] of texts) {
    if (element === 'noKk') secrets.push({ canary, element, kind: 'digits', value });
    else if (element === 'tanggalLahir') secrets.push({ canary, element, kind: 'date', value });
    else
      for (const word of value.split(' '))
        if (word.length === wordLength) secrets.push({ canary, element, kind: 'word', value: word });
  }
  return secrets;
}

function makeWord(): string {
  return Array.from({ length: wordLength }, () => letters[randomInt(letters.length)]).join('');
}

/** In the thirties: no other synthetic person was born then, and no date of the installation lies there. */
function birthDate(): string {
  const [first, last] = [Date.UTC(1930, 0, 1) / msPerDay, Date.UTC(1939, 11, 31) / msPerDay];
  return new Date(randomInt(first, last + 1) * msPerDay).toISOString().slice(0, 10);
}

const provinces = ['11', '33', '51', '64', '76', '91', '96'] as const;

/** Region, birth date (40 added to the day for a woman), serial of 9900 and above. Some lie above 2^53. */
function makeNik(birth: string): string {
  const day = Number(birth.slice(8)) + pick([0, 40]);
  const date = `${String(day).padStart(2, '0')}${birth.slice(5, 7)}${birth.slice(2, 4)}`;
  return `${pick(provinces)}${randomInt(10, 80)}${String(randomInt(1, 31)).padStart(2, '0')}${date}${randomInt(9900, 10_000)}`;
}

function makeNoKk(): string {
  const recorded = `${String(randomInt(1, 29)).padStart(2, '0')}${String(randomInt(1, 13)).padStart(2, '0')}${randomInt(10, 26)}`;
  return `3398${String(randomInt(1, 31)).padStart(2, '0')}${recorded}${randomInt(9900, 10_000)}`;
}

const pick = <T>(choices: readonly [T, ...T[]]): T => choices[randomInt(choices.length)] ?? choices[0];
