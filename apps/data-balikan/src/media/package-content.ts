import type { BalikanDestination } from '#contracts';
import type { PersonVault } from '../people/person-vault.js';
import { recordContext } from '../people/record-context.js';
import { sheetOf } from './data-sheet.js';
import { jsonOf } from './ministry-record.js';
import type { Part } from './package-archive.js';
import type { PackedRecord } from './packed-records.js';

/** A record with its NIK, for as long as its page is written. */
export interface OpenRecord {
  nik: string;
  record: PackedRecord;
}

/** @throws {AppError} AGREEMENT_CLOSED */
export async function* unsealed(
  vault: PersonVault,
  pages: AsyncIterable<readonly PackedRecord[]>,
): AsyncGenerator<OpenRecord[]> {
  for await (const page of pages) {
    const open: OpenRecord[] = [];
    for (const record of page)
      open.push({ nik: await vault.unseal(record.keyId, record.sealedNik, recordContext(record.id)), record });
    yield open;
  }
}

/** The same records twice: as the web service would get them, and as a sheet for people. Each pass reads them anew. */
export const partsOf = (destination: BalikanDestination, pages: () => AsyncIterable<readonly OpenRecord[]>): Part[] => [
  { name: 'data.json', content: () => jsonOf(destination, pages()) },
  { name: 'data.xlsx', content: () => sheetOf(destination, pages()) },
];
