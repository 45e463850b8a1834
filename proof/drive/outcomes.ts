import { elementNames } from '#contracts';
import type { Canary } from '../canaries/canary.js';
import type { Office } from './offices.js';
import type { Tour } from './tour.js';

/** What the register may answer, looked up and matched, from servers of both generations. */
export async function driveOutcomes(tour: Tour): Promise<void> {
  for (const key of ['main', 'old-server'] as const) {
    const office = tour.office(key);
    for (let round = 1; round <= tour.times; round += 1) await found(tour, office, key, round);
    for (const outcome of ['DECEASED', 'DUPLICATE', 'INACTIVE'] as const) {
      const canary = await tour.canaries.of(`${outcome}, ${key}`, outcome);
      await lookUpAndMatch(tour, office, canary, outcome);
    }
    await lookUpAndMatch(tour, office, tour.canaries.stranger(`NOT_FOUND, ${key}`), 'NOT_FOUND');
  }
}

async function found(tour: Tour, office: Office, key: string, round: number): Promise<void> {
  const canary = await tour.canaries.of(`FOUND, ${key}, ${round}`);
  await lookUpAndMatch(tour, office, canary, 'FOUND');
  for (const name of elementNames)
    await tour.caller.verify('look-up of one element', office, { nik: canary.nik, fields: [name] });
  const other = await tour.canaries.of(`another person, ${key}, ${round}`);
  const wrong = { ...matchOf(other), threshold: 60 };
  await tour.caller.verify('match with the values of another person', office, { nik: canary.nik, match: wrong });
  const partly = { ...matchOf(canary), namaLengkap: nearly(canary.guest.namaLengkap), threshold: 80 };
  await tour.caller.verify('match with a slip in the name', office, { nik: canary.nik, match: partly });
}

async function lookUpAndMatch(tour: Tour, office: Office, canary: Canary, outcome: string): Promise<void> {
  const { caller } = tour;
  await caller.verify(`look-up: ${outcome}`, office, { nik: canary.nik });
  const typed = `${canary.nik.slice(0, 6)} ${canary.nik.slice(6, 12)}-${canary.nik.slice(12)}`;
  await caller.verify(`look-up, NIK typed in groups: ${outcome}`, office, { nik: typed });
  await caller.verify(`match: ${outcome}`, office, { nik: canary.nik, match: matchOf(canary) });
}

/** The elements as the citizen tells them. */
export function matchOf({ guest }: Canary): Record<string, string> {
  const { noKk, namaLengkap, jenisKelamin, tempatLahir, tanggalLahir } = guest;
  const { jenisPekerjaan, statusPerkawinan, alamat } = guest;
  return { noKk, namaLengkap, jenisKelamin, tempatLahir, tanggalLahir, jenisPekerjaan, statusPerkawinan, alamat };
}

/** One letter less; the rest is still unmistakable. */
const nearly = (name: string): string => name.slice(0, -1);
