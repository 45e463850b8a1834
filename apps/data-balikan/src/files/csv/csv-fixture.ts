import { defaultColumns } from '#contracts';
import type { Cell, FileSource, Row } from '../table.js';
import { openCsv, type CsvTable } from './csv-table.js';

export const sourceOf = (content: Buffer | string): FileSource => {
  const bytes = Buffer.from(content as string);
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
};

export const open = (content: Buffer | string): Promise<CsvTable> => openCsv(sourceOf(content), defaultColumns);

export async function rowsOf(table: CsvTable): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const some of table.rows()) rows.push(...some);
  return rows;
}

export const titles = ['NIK', 'Nomor Register', 'Nama Usaha', 'Jenis Usaha', 'Tanggal'];
export const header = titles.join(';');
export const good = '3313044107909901;500/001/SKU/I/2026;Toko Contoh;Perdagangan;2026-01-31';

/** The one row of a file with the usual header. */
export async function oneRow(line: string): Promise<Row> {
  const [row] = await rowsOf(await open(`${header}\r\n${line}\r\n`));
  if (!row) throw new Error('no row');
  return row;
}

/** A cell as it is read at the place of the business name. */
export async function oneCell(text: string): Promise<Cell> {
  const row = await oneRow(good.replace('Toko Contoh', text));
  return row.cells.namaUsaha!;
}
