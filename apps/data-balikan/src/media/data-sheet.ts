import type { ParamKeys } from '#contracts';
import { writeXlsx, type WrittenCell } from '../files/xlsx/write-xlsx.js';
import { columnsOf, type SentRecord } from './ministry-record.js';

/** The sheet of the ministry's columns, NIK first. Every cell is text, so nothing in it is ever a formula or a number. */
export const sheetOf = (
  { paramKeys }: { paramKeys: ParamKeys },
  pages: AsyncIterable<readonly { nik: string; record: SentRecord }[]>,
): AsyncIterable<Buffer> =>
  writeXlsx([
    {
      kind: 'table',
      name: 'Data',
      columns: ['NIK', ...columnsOf(paramKeys).map(({ key }) => key)].map((header) => ({ header })),
      rows: rowsOf(paramKeys, pages),
    },
  ]);

async function* rowsOf(
  keys: ParamKeys,
  pages: AsyncIterable<readonly { nik: string; record: SentRecord }[]>,
): AsyncGenerator<WrittenCell[]> {
  const columns = columnsOf(keys);
  for await (const page of pages)
    for (const { nik, record } of page) yield [nik, ...columns.map(({ field }) => record[field])];
}
