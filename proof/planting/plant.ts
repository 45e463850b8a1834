import { randomBytes } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Canary } from '../canaries/canary.js';
import type { KeptAnswer } from '../drive/answers.js';
import type { Tour } from '../drive/tour.js';
import { patternsOf } from '../search/encodings.js';
import type { Finding } from '../search/finding.js';
import type { Pattern } from '../search/pattern.js';
import type { Place } from '../search/place-search.js';

/** A canary that goes through no path, but is put where it must be found. */
export const plantedLabel = 'planted';
export const answersPlace = 'jawaban galat, daftar, dan metrik';
export const textPlace = 'PostgreSQL: setiap baris sebagai teks';

/** Something that was planted, and how a finding of it looks. */
export interface Planted {
  what: string;
  isFound: (finding: Finding) => boolean;
}

const file = 'bukti-tanam';

/** Puts the canary into tables of the running database, in each type that can hold it. */
export async function plantInDatabase(tour: Tour, canary: Canary): Promise<Planted[]> {
  const { nik, guest } = canary;
  const filler = 'isi '.repeat(2_000);
  await tour.sql('CREATE SCHEMA bukti');
  await tour.sql('CREATE TABLE bukti.tanam (t text, b bytea, i bigint, n numeric, f float8, j jsonb)');
  await tour.sql('INSERT INTO bukti.tanam VALUES ($1, $2, $3, $4, $5, $6)', [
    guest.namaLengkap,
    Buffer.from(guest.namaLengkap, 'utf16le'),
    nik,
    nik,
    nik,
    JSON.stringify({ [guest.tempatLahir]: `%N%` }).replace('"%N%"', nik),
  ]);
  // long enough to be packed, and short enough for that to stay in the row
  await tour.sql('CREATE TABLE bukti.tanam_padat (t text)');
  await tour.sql('INSERT INTO bukti.tanam_padat VALUES ($1)', [filler + guest.alamat + filler + nik]);
  const [row] = await tour.sql<{ path: string }>("SELECT pg_relation_filepath('bukti.tanam') AS path");
  const inFile = (element: string, encoding: string): Planted => ({
    what: `basis data: ${encoding}`,
    isFound: (finding) =>
      finding.where.endsWith(row?.path ?? '-') && finding.element === element && finding.encoding === encoding,
  });
  const inText = (table: string, element: string, encoding: string): Planted => ({
    what: `${table} sebagai teks: ${encoding}`,
    isFound: (finding) =>
      finding.place === textPlace &&
      finding.where.endsWith(table) &&
      finding.element === element &&
      finding.encoding === encoding,
  });
  return [
    ...(['utf-8', 'utf-16le'] as const).map((encoding) => inFile('namaLengkap', encoding)),
    ...(['int64-le', 'numeric-le', 'float64-le'] as const).map((encoding) => inFile('nik', encoding)),
    ...(['utf-8', 'utf-16le'] as const).map((encoding) => inText('bukti.tanam', 'namaLengkap', encoding)),
    inText('bukti.tanam', 'nik', 'utf-8'),
    inText('bukti.tanam', 'tempatLahir', 'utf-8'),
    inText('bukti.tanam_padat', 'alamat', 'utf-8'),
    inText('bukti.tanam_padat', 'nik', 'utf-8'),
    { what: 'WAL', isFound: ({ place, encoding }) => place.endsWith('WAL') && encoding === 'utf-8' },
  ];
}

export interface PlantedInPlaces {
  planted: Planted[];
  /** Places that this user may read and not write. */
  notPlanted: string[];
  /** To be taken away again, where others find them. */
  files: string[];
}

/** Puts the canary into every place that is searched once, and into one of them in every encoding. */
export async function plantInPlaces(places: readonly Place[], home: Place, canary: Canary): Promise<PlantedInPlaces> {
  const result: PlantedInPlaces = { planted: await plantEverything(home, canary), notPlanted: [], files: [] };
  for (const place of places) {
    const name = `${file}-${randomBytes(4).toString('hex')}`;
    try {
      await writeFile(join(place.folder, name), `${canary.nik}\n`);
    } catch {
      result.notPlanted.push(place.name);
      continue;
    }
    const isFound = (finding: Finding) => finding.place === place.name && finding.where === name;
    result.planted.push({ what: place.name, isFound });
    if (place.shared) result.files.push(join(place.folder, name));
  }
  return result;
}

async function plantEverything(home: Place, canary: Canary): Promise<Planted[]> {
  const every = join(home.folder, file);
  await mkdir(every);
  const patterns = patternsOf(canary.secrets);
  await writeFile(join(every, 'semua'), Buffer.concat(patterns.flatMap((one) => [randomBytes(9), written(one)])));
  await writeFile(join(every, 'padat.gz'), gzipSync(`${'x'.repeat(999)}${canary.nik}`));
  await writeFile(join(every, canary.nik), '');
  await symlink(`/tidak-ada/${canary.nik}`, join(every, 'tautan'));
  const at = (where: string) => (finding: Finding) => finding.where === where;
  const forms = new Map<string, number>();
  for (const { secret, encoding } of patterns) {
    const key = `${encoding}: ${secret.element}`;
    forms.set(key, (forms.get(key) ?? 0) + 1);
  }
  return [
    // an encoding with several forms has to be found in each of them
    ...[...forms].map(([what, count]) => ({
      what,
      isFound: (finding: Finding) =>
        finding.where === `${file}/semua` &&
        `${finding.encoding}: ${finding.element}` === what &&
        finding.count >= count,
    })),
    { what: 'gzip', isFound: at(`${file}/padat.gz (unpacked)`) },
    { what: 'nama berkas', isFound: at(`${file}/# (its name)`) },
    { what: 'tujuan tautan', isFound: at(`${file}/tautan (its name)`) },
  ];
}

/** An answer that nobody gave. */
export function plantInAnswers(answers: KeptAnswer[], canary: Canary): Planted[] {
  answers.push({ where: file, text: `{"detail":"${canary.nik}"}` });
  return [{ what: answersPlace, isFound: ({ place, where }) => place === answersPlace && where === file }];
}

/** As it lies on a disk: some byte where any will do. */
function written({ bytes, any = [] }: Pattern): Buffer {
  const copy = Buffer.from(bytes);
  for (const place of any) copy.writeUInt8(0xa5, place);
  return copy;
}
