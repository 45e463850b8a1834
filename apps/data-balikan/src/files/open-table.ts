import { openCsv } from './csv/csv-table.js';
import { sniff } from './sniff.js';
import type { ColumnNames, FileSource, Table } from './table.js';
import { openXlsx } from './xlsx/open-xlsx.js';

/**
 * The table of an uploaded file, whichever of the two formats it has.
 *
 * @throws {FileFault} when the file as a whole cannot be read
 */
export const openTable = async (source: FileSource, names: ColumnNames): Promise<Table> =>
  (await sniff(source)) === 'XLSX' ? openXlsx(source, names) : openCsv(source, names);
