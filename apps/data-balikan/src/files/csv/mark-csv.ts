import { rowFaults } from '#contracts';
import { columnLetter } from '../column-letter.js';
import { markColumnName } from '../header.js';
import type { FileSource, Mark } from '../table.js';
import { harmless } from './csv-cell.js';
import { readRecords, type CsvLayout } from './csv-layout.js';
import type { CsvTable } from './csv-table.js';
import type { CsvRecord } from './record-scanner.js';

/**
 * The same file with one more column: what is wrong in each row. UTF-8 whatever it was before; a cell that a spreadsheet would
 * take for a formula begins with an apostrophe (OWASP, CSV injection).
 *
 * @param marks in the order of rows
 * @param table of the same file
 */
export async function* markCsv(
  source: FileSource,
  marks: Iterable<Mark> | AsyncIterable<Mark>,
  table: CsvTable,
): AsyncGenerator<Buffer, void, undefined> {
  const { layout } = table;
  const faults = new FaultTexts(marks);
  try {
    yield Buffer.from(`\ufeff${layout.separatorLine}`);
    for await (const { records } of readRecords(source, layout)) {
      let text = '';
      for (const record of records) text += lineOf(markedCells(record, layout, await faults.of(record.row)), layout);
      yield Buffer.from(text);
    }
  } finally {
    await faults.close();
  }
}

/** Where the column is ours already it is written anew; else it follows the last one that has a title. */
function markedCells(record: CsvRecord, { header }: CsvLayout, fault: string): readonly string[] {
  const blank = record.cells.length === 1 && record.cells[0] === '';
  if (record.row < header.row || (blank && fault === '')) return record.cells;
  const cells = [...record.cells];
  const at = header.markColumn === null ? header.width : header.markColumn - 1;
  while (cells.length < at) cells.push('');
  cells.splice(at, header.markColumn === null ? 0 : 1, record.row === header.row ? markColumnName : fault);
  return cells;
}

const lineOf = (cells: readonly string[], { delimiter, lineBreak }: CsvLayout): string =>
  `${cells.map((cell) => quoted(harmless(cell), delimiter)).join(delimiter)}${lineBreak}`;

const needsQuotes = /[",;\t\r\n]|^\s|\s$/;
const quoted = (text: string, delimiter: string): string =>
  needsQuotes.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/** Joins the marks of a row; holds no more than those of one row. */
class FaultTexts {
  private readonly marks: AsyncIterator<Mark> | Iterator<Mark>;
  private next: IteratorResult<Mark> | undefined;

  constructor(marks: Iterable<Mark> | AsyncIterable<Mark>) {
    this.marks = Symbol.asyncIterator in marks ? marks[Symbol.asyncIterator]() : marks[Symbol.iterator]();
  }

  async of(row: number): Promise<string> {
    this.next ??= await this.marks.next();
    if (this.next.done || this.next.value.row > row) return '';
    const texts: string[] = [];
    while (!this.next.done && this.next.value.row <= row) {
      const { column, code } = this.next.value;
      texts.push(column === null ? rowFaults[code] : `${columnLetter(column)}: ${rowFaults[code]}`);
      this.next = await this.marks.next();
    }
    return texts.join(' ');
  }

  async close(): Promise<void> {
    await this.marks.return?.();
  }
}
