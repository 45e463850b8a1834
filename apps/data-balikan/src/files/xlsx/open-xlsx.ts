import { uploadLimits, type BalikanField } from '#contracts';
import { findHeader, headerRows, mostColumns, type Header } from '../header.js';
import { FileFault, headerKey, type Cell, type ColumnNames, type FileSource, type Row, type Table } from '../table.js';
import { cellOf, plainNumber, type CellContext } from './cells.js';
import { emptyCell } from './cell-values.js';
import { readMergedCells, type MergedCells } from './merged-cells.js';
import { isRefusedSheet, sheetLabel } from './refused-sheet.js';
import { SharedStrings, sharedStringsHandlers } from './shared-strings.js';
import { sheetRows, type RawCell, type RawRow } from './sheet-rows.js';
import { readNumberStyles } from './styles.js';
import { readWorkbook, type SheetEntry, type Workbook } from './workbook.js';
import { readXml } from './xml.js';
import { ZipPackage } from './zip-package.js';

/** The table of a workbook, and where in the workbook it is. */
export interface XlsxTable extends Table {
  readonly zip: ZipPackage;
  readonly workbook: Workbook;
  readonly sheet: SheetEntry;
  /** Our own sheet of refused rows from an earlier time. */
  readonly refused: SheetEntry | undefined;
  /** Titles of the named columns as the sheet spells them. */
  readonly titles: ReadonlyMap<BalikanField, string>;
}

/**
 * Finds the one sheet that holds data balikan.
 *
 * @throws {FileFault} any but FILE_EMPTY of a source without bytes, which {@link sniff} tells
 */
export async function openXlsx(source: FileSource, names: ColumnNames): Promise<XlsxTable> {
  const zip = await ZipPackage.open(source);
  const workbook = await readWorkbook(zip);
  const context = await readContext(zip, workbook);
  const { found, refused, notes } = await findData(zip, workbook, context, names);
  return new SheetTable(zip, workbook, context, found, refused, notes);
}

async function readContext(zip: ZipPackage, workbook: Workbook): Promise<CellContext> {
  const partOf = (kind: string): string | undefined => workbook.relationships.find((one) => one.kind === kind)?.part;
  const strings = new SharedStrings();
  const stringsPart = partOf('sharedStrings');
  if (stringsPart && zip.has(stringsPart)) await readXml(zip.read(stringsPart), sharedStringsHandlers(strings));
  return { strings, shown: await readNumberStyles(zip, partOf('styles')), date1904: workbook.date1904 };
}

interface Found {
  sheet: SheetEntry;
  header: Header;
  titles: Map<BalikanField, string>;
}

async function findData(
  zip: ZipPackage,
  workbook: Workbook,
  context: CellContext,
  names: ColumnNames,
): Promise<{ found: Found; refused: SheetEntry | undefined; notes: string[] }> {
  const notes: string[] = [];
  const found: Found[] = [];
  const hidden: SheetEntry[] = [];
  const refused: SheetEntry[] = [];
  let content = false;
  for (const sheet of workbook.sheets) {
    if (sheet.hidden) {
      content = true;
      hidden.push(sheet);
      notes.push(`${sheetLabel(sheet.name)} tersembunyi, sehingga tidak dibaca.`);
      continue;
    }
    const top = await readTop(zip, sheet, context);
    if (top.length === 0) continue;
    content = true;
    if (isRefusedSheet(sheet.name, top)) {
      refused.push(sheet);
      notes.push(`${sheetLabel(sheet.name)} dari hasil pemeriksaan sebelumnya tidak dibaca.`);
      continue;
    }
    const header = findHeader(top, names);
    if (header) found.push({ sheet, header, titles: titlesOf(header, top) });
    else notes.push(`${sheetLabel(sheet.name)} tidak dibaca, karena tidak mempunyai baris judul.`);
  }
  if (found.length > 1) throw new FileFault('SEVERAL_SHEETS');
  if (found[0]) return { found: found[0], refused: refused[0], notes };
  for (const sheet of hidden) {
    if (holdsHeader(await readTop(zip, sheet, context), names)) throw new FileFault('SHEET_HIDDEN');
  }
  if (refused.length > 0) throw new FileFault('SHEET_REFUSED_ONLY');
  throw new FileFault(content ? 'HEADER_NOT_FOUND' : 'FILE_EMPTY');
}

/** Also one that is not whole: what is wrong with it is told once the sheet is shown. */
function holdsHeader(top: readonly { row: number; cells: readonly string[] }[], names: ColumnNames): boolean {
  try {
    return findHeader(top, names) !== undefined;
  } catch (error) {
    if (error instanceof FileFault) return true;
    throw error;
  }
}

/** Texts of the first rows; of a sheet that has nothing in these, of its first row. */
async function readTop(
  zip: ZipPackage,
  sheet: SheetEntry,
  context: CellContext,
): Promise<{ row: number; cells: string[] }[]> {
  const top: { row: number; cells: string[] }[] = [];
  for await (const rows of sheetRows(zip.read(sheet.part))) {
    for (const row of rows) {
      if (row.row > headerRows && top.length > 0) return top;
      const cells = row.cells.map((raw) => ({ column: raw.column, text: cellOf(raw, context).text }));
      const last = cells.findLast(({ text }) => text !== '');
      if (!last) continue;
      const texts = Array.from({ length: last.column }, () => '');
      for (const { column, text } of cells) texts[column - 1] = text;
      top.push({ row: row.row, cells: texts });
    }
  }
  return top;
}

function titlesOf(header: Header, top: readonly { row: number; cells: string[] }[]): Map<BalikanField, string> {
  const cells = top.find(({ row }) => row === header.row)?.cells ?? [];
  return new Map([...header.columns].map(([field, column]) => [field, cells[column - 1] ?? headerKey(field)]));
}

class SheetTable implements XlsxTable {
  readonly format = 'XLSX';
  readonly columns: ReadonlyMap<BalikanField, number>;
  readonly sheet: SheetEntry;
  readonly titles: ReadonlyMap<BalikanField, string>;
  private state: 'before' | 'reading' | 'done' = 'before';

  constructor(
    readonly zip: ZipPackage,
    readonly workbook: Workbook,
    private readonly context: CellContext,
    private readonly found: Found,
    readonly refused: SheetEntry | undefined,
    readonly notes: readonly string[],
  ) {
    this.columns = found.header.columns;
    this.sheet = found.sheet;
    this.titles = found.titles;
  }

  progress(): number {
    return this.state === 'before' ? 0 : this.state === 'done' ? 1 : this.zip.progress();
  }

  async *rows(): AsyncGenerator<Row[]> {
    const fields = [...this.columns].sort(([, a], [, b]) => a - b);
    const merged = await readMergedCells(
      this.zip,
      this.sheet.part,
      fields.map(([, column]) => column),
    );
    this.state = 'reading';
    let count = 0;
    for await (const raws of sheetRows(this.zip.read(this.sheet.part))) {
      const rows = raws
        .filter(({ row }) => row > this.found.header.row)
        .map((raw) => this.rowOf(raw, fields, merged))
        .filter((row) => row !== undefined);
      count += rows.length;
      if (count > uploadLimits.rows) throw new FileFault('TOO_MANY_ROWS');
      if (rows.length > 0) yield rows;
    }
    this.state = 'done';
  }

  private rowOf(
    raw: RawRow,
    fields: readonly (readonly [BalikanField, number])[],
    merged: MergedCells,
  ): Row | undefined {
    if (raw.cells.at(-1)!.column > mostColumns) throw new FileFault('TOO_MANY_COLUMNS');
    const cells: Partial<Record<BalikanField, Cell>> = {};
    let content = false;
    let at = 0;
    for (const [field, column] of fields) {
      while (at < raw.cells.length && raw.cells[at]!.column < column) at += 1;
      const rawCell = raw.cells[at]?.column === column ? raw.cells[at]! : undefined;
      const read = rawCell ? cellOf(rawCell, this.context) : emptyCell();
      const cell = field === 'nik' ? read : plainNumber(read);
      if (rawCell && holdsSomething(cell, rawCell)) content = true;
      if (merged.has(raw.row, column)) cell.fault = 'MERGED_CELL';
      cells[field] = cell;
    }
    if (!content) return undefined;
    return { row: raw.row, cells, ...(raw.hidden && { fault: 'HIDDEN_ROW' as const }) };
  }
}

/** A formula that came out empty is how forms are prepared for rows to come; one that was never computed may be anything. */
const holdsSomething = (cell: Cell, raw: RawCell): boolean =>
  cell.class === 'formula' ? cell.text !== '' || !raw.hasValue : cell.class !== 'empty';
