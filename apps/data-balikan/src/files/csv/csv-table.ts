import { uploadLimits, type BalikanField } from '#contracts';
import { cleanText } from '../cell-text.js';
import { FileFault, type Cell, type ColumnNames, type FileSource, type Row, type Table } from '../table.js';
import { emptyCell, readCell } from './csv-cell.js';
import { readLayout, readRecords, type CsvLayout } from './csv-layout.js';
import type { CsvRecord } from './record-scanner.js';

const rowsAtOnce = 500;

/**
 * A CSV file as a table: UTF-8, UTF-16 or Windows-1252; semicolons, tabs or commas; read piece by piece.
 *
 * @throws {FileFault} when it has no header that can be used, or is no text
 */
export async function openCsv(source: FileSource, names: ColumnNames): Promise<CsvTable> {
  return new CsvTable(source, await readLayout(source, names));
}

export class CsvTable implements Table {
  readonly format = 'CSV';
  readonly notes: readonly string[] = [];
  private bytesRead = 0;

  constructor(
    private readonly source: FileSource,
    readonly layout: CsvLayout,
  ) {}

  get columns(): ReadonlyMap<BalikanField, number> {
    return this.layout.header.columns;
  }

  progress(): number {
    return this.source.size === 0 ? 1 : Math.min(1, this.bytesRead / this.source.size);
  }

  async *rows(): AsyncGenerator<Row[], void, undefined> {
    const fields = [...this.columns].map(([field, column]) => ({ field, index: column - 1 }));
    const { row: headerRow, width } = this.layout.header;
    let batch: Row[] = [];
    let count = 0;
    for await (const { records, bytes } of readRecords(this.source, this.layout)) {
      this.bytesRead = bytes;
      for (const record of records) {
        if (record.row <= headerRow) continue;
        const row = rowOf(record, fields, width);
        if (!row) continue;
        count += 1;
        if (count > uploadLimits.rows) throw new FileFault('TOO_MANY_ROWS');
        batch.push(row);
        if (batch.length < rowsAtOnce) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}

function rowOf(
  record: CsvRecord,
  fields: readonly { field: BalikanField; index: number }[],
  width: number,
): Row | undefined {
  const raw = record.cells;
  const cells: Partial<Record<BalikanField, Cell>> = {};
  let empty = true;
  for (const { field, index } of fields) {
    const text = raw[index];
    const cell = text === undefined || text === '' ? emptyCell : readCell(text);
    cells[field] = cell;
    if (cell !== emptyCell) empty = false;
  }
  if (record.unclosed) return { row: record.row, cells, fault: 'QUOTE_UNCLOSED' };
  if (empty) return undefined;
  if (raw.length > width && raw.slice(width).some((text) => cleanText(text) !== ''))
    return { row: record.row, cells, fault: 'ROW_RAGGED' };
  return { row: record.row, cells };
}
