import type { Sex } from './person.js';
import type { Random } from './random.js';

type Words = readonly [string, ...string[]];

const MEN: Words = [
  'AGUS', 'BAMBANG', 'BUDI', 'DARMO', 'EKO', 'FAJAR', 'GUNAWAN', 'HADI', 'JOKO', 'KARYO', 'MULYONO', 'PARMAN',
  'RAHMAT', 'SLAMET', 'SUGENG', 'SUPARDI', 'SUTRISNO', 'TUKIMAN', 'WAGIMAN', 'YULIANTO', "MA'RUF", "SYA'BAN",
]; // prettier-ignore
const WOMEN: Words = [
  'ANI', 'DEWI', 'ENDANG', 'FITRI', 'GINEM', 'HARTINI', 'INDAH', 'KARTINI', 'LESTARI', 'MURNI', 'PARTINI', 'RATNA',
  'SITI', 'SRI', 'SULASTRI', 'SUMINI', 'TUTIK', 'WAGINEM', 'YATMI', 'YULI', "NUR'AINI", "SA'DIYAH",
]; // prettier-ignore
const SECOND: Words = [
  'ADI', 'BAYU', 'CAHYO', 'DWI', 'EDI', 'GALIH', 'HENDRO', 'INTAN', 'KUSUMA', 'LARAS', 'MEGA', 'NUGROHO',
  'PRATAMA', 'RAHAYU', 'SAPTO', 'TRI', 'UTOMO', 'WIBOWO', 'ASIH', 'PUSPITA',
]; // prettier-ignore
const SINGLE = {
  'LAKI-LAKI': ['CONTOHARJO', 'CONTOHMAN', 'CONTOHADI', 'SUCONTOH'],
  PEREMPUAN: ['CONTOHWATI', 'CONTOHINAH', 'CONTOHNINGSIH', 'NYICONTOH'],
} as const;
const BEFORE = {
  'LAKI-LAKI': ['DRS. H.', 'DR.', 'IR. H.', 'H.'],
  PEREMPUAN: ['DRA. HJ.', 'DR.', 'HJ.', 'NY.'],
} as const;
const AFTER: Words = ['S.H.', 'S.PD., M.PD.', 'S.E., M.SI.', 'A.MD.', 'S.KEP., NERS'];

/** The longest name that the register holds. */
export const LONGEST_NAME = 60;

/** A name that nobody bears: the word CONTOH ("example") is in each. Some are single, long, apostrophised or titled. */
export function makeName(random: Random, sex: Sex): string {
  const given = random.pick(sex === 'PEREMPUAN' ? WOMEN : MEN);
  const roll = random.next();
  if (roll < 0.02) return random.pick(SINGLE[sex]);
  if (roll < 0.03) return stretch(random, `${given} CONTOH`);
  if (roll < 0.06) return `${random.pick(BEFORE[sex])} ${given} CONTOH, ${random.pick(AFTER)}`;
  if (roll < 0.4) return `${given} CONTOH`;
  if (roll < 0.75) return `${given} ${random.pick(SECOND)} CONTOH`;
  return `${given} CONTOH ${random.pick(SECOND)}`;
}

/** Adds words until the name is exactly as long as the register allows, cutting the last one. */
function stretch(random: Random, name: string): string {
  let long = name;
  while (long.length < LONGEST_NAME + 2) long += ` ${random.pick(SECOND)}`;
  const cut = long.slice(0, LONGEST_NAME);
  return cut.endsWith(' ') ? `${cut.slice(0, -1)}O` : cut;
}
