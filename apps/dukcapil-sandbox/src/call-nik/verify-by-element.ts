import type { Person } from '../people/person.js';
import type { Question } from './question.js';
import { similarity, simplify } from './similarity.js';
import { formatDate } from './wire-record.js';

type Value = (person: Person) => string | null;

/** Compared as a whole: `Sesuai` or `Tidak Sesuai`. */
const EXACT: Record<string, Value> = {
  NIK: (person) => person.nik,
  NO_KK: (person) => person.noKk,
  TGL_LHR: (person) => formatDate(person.tanggalLahir, 'DD-MM-YYYY'),
  JENIS_KLMIN: (person) => person.jenisKelamin,
  STATUS_KAWIN: (person) => person.statusPerkawinan,
};

/** Compared as padded numbers: `6` is `006`. */
const NUMBERS: Record<string, Value> = {
  NO_RT: (person) => person.noRt,
  NO_RW: (person) => person.noRw,
  NO_PROP: (person) => person.noProp,
  NO_KAB: (person) => person.noKab,
  NO_KEC: (person) => person.noKec,
  NO_KEL: (person) => person.noKel,
};

/** Compared by likeness: `Sesuai (100)`, `Tidak Sesuai (59)`. */
const TEXTS: Record<string, Value> = {
  NAMA_LGKP: (person) => person.namaLengkap,
  TMPT_LHR: (person) => person.tempatLahir,
  JENIS_PKRJN: (person) => person.jenisPekerjaan,
  ALAMAT: (person) => person.alamat,
  DUSUN: (person) => person.dusun,
  PROP_NAME: (person) => person.namaProp,
  KAB_NAME: (person) => person.namaKab,
  KEC_NAME: (person) => person.namaKec,
  KEL_NAME: (person) => person.namaKel,
};

const ELEMENTS = new Set([EXACT, NUMBERS, TEXTS].flatMap(Object.keys));

/** The elements to compare and the least likeness that counts as a match. */
export interface Comparison {
  readonly threshold: number;
  readonly elements: ReadonlyMap<string, string>;
}

/**
 * Reads what is to be compared; undefined when `TRESHOLD` (the ministry's spelling, a whole number 1..100 or its text) is
 * missing, or when no element but the NIK is sent.
 */
export function readComparison(question: Question): Comparison | undefined {
  const text = question.valueOf('TRESHOLD') ?? question.valueOf('treshold') ?? '';
  const threshold = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  const elements = new Map<string, string>([['NIK', question.nik]]);
  for (const key of question.keys) {
    const told = ELEMENTS.has(key) ? question.valueOf(key) : undefined;
    if (told !== undefined) elements.set(key, told);
  }
  return threshold < 1 || threshold > 100 || elements.size < 2 ? undefined : { threshold, elements };
}

/** Per element whether it agrees with the register, the NIK first, the rest in the order in which they were told. */
export function comparisonRecord(person: Person, { threshold, elements }: Comparison): string {
  const verdicts = [...elements].map(([element, told]) => [element, judge(person, element, told, threshold)]);
  return JSON.stringify(Object.fromEntries(verdicts));
}

function judge(person: Person, element: string, told: string, threshold: number): string {
  const exact = EXACT[element];
  if (exact !== undefined) return verdict(simplify(told) === exact(person));
  const number = NUMBERS[element];
  if (number !== undefined) {
    const known = number(person);
    return verdict(known !== null && /^\d+$/.test(told) && Number(told) === Number(known));
  }
  const known = TEXTS[element]?.(person) ?? null;
  const score = known === null || simplify(told) === '' ? 0 : similarity(told, known);
  return `${verdict(score >= threshold)} (${score})`;
}

const verdict = (agrees: boolean) => (agrees ? 'Sesuai' : 'Tidak Sesuai');
