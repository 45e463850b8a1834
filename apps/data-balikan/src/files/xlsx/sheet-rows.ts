import { FileFault } from '../table.js';
import { columnNumber, parseRange } from './cell-values.js';
import { limits } from './limits.js';
import { appended, RichText } from './shared-strings.js';
import { isTrue } from './workbook.js';
import { XmlReader, type XmlTag } from './xml.js';

/** A cell as the XML has it. */
export interface RawCell {
  /** From 1. */
  column: number;
  /** ST_CellType: n, s, str, inlineStr, b, e, d. */
  type: string;
  /** Number of the cell's format (cellXfs). */
  style: number;
  /** Content of v, or the text of is. */
  value: string;
  /** There is a v or is, if only an empty one. */
  hasValue: boolean;
  /** There is a formula, or an array formula reaches here. */
  formula: boolean;
}

export interface RawRow {
  row: number;
  hidden: boolean;
  /** Those with a value or a formula, in order. */
  cells: RawCell[];
}

/** Where rows and cells stand: by their references, or by their order where a program left these out. */
export class Position {
  row = 0;
  column = 0;

  /** @throws {FileFault} FILE_DAMAGED: rows out of order, or outside of any sheet */
  toRow({ attributes }: XmlTag): void {
    const row = attributes['r'] === undefined ? this.row + 1 : Number(attributes['r']);
    if (!Number.isInteger(row) || row <= this.row || row > limits.rowNumber) throw new FileFault('FILE_DAMAGED');
    this.row = row;
    this.column = 0;
  }

  /** @throws {FileFault} FILE_DAMAGED: cells out of order, of another row, or outside of any sheet */
  toCell({ attributes }: XmlTag): void {
    const reference = attributes['r'];
    const column = reference === undefined ? this.column + 1 : this.columnOf(reference);
    if (column <= this.column || column > limits.columnNumber) throw new FileFault('FILE_DAMAGED');
    this.column = column;
  }

  private columnOf(reference: string): number {
    const match = /^([A-Z]{1,3})(\d{1,7})$/.exec(reference);
    return match && Number(match[2]) === this.row ? columnNumber(match[1]!) : 0;
  }
}

/**
 * Rows of a worksheet, some at a time: as many as a piece of the file holds.
 *
 * @throws {FileFault} FILE_DAMAGED, FILE_XML_FORBIDDEN, FILE_EXPANDS_TOO_MUCH
 */
export async function* sheetRows(pieces: AsyncIterable<Buffer>): AsyncGenerator<RawRow[]> {
  let rows: RawRow[] = [];
  const reader = new XmlReader(new SheetParser((row) => rows.push(row)));
  for await (const piece of pieces) {
    reader.write(piece);
    if (rows.length > 0) {
      yield rows;
      rows = [];
    }
  }
  reader.end();
  if (rows.length > 0) yield rows;
}

/** Depth: worksheet 1, sheetData 2, row 3, c 4, v or f or is 5. What stands elsewhere under these names is not ours. */
class SheetParser {
  private inData = false;
  private seenData = false;
  private readonly at = new Position();
  private row: RawRow | undefined;
  private cell: RawCell | undefined;
  private inValue = false;
  private readonly inline = new RichText(5);
  private inInline = false;
  /** Last row that an array formula fills, by column: only its first cell says so. */
  private readonly arrayUntil = new Map<number, number>();

  constructor(private readonly done: (row: RawRow) => void) {}

  open(tag: XmlTag, depth: number): void {
    const { local } = tag;
    if (depth === 1 && local !== 'worksheet') throw new FileFault('FILE_DAMAGED');
    if (depth === 2) this.openPart(local);
    if (!this.inData) return;
    if (depth === 3 && local === 'row') this.openRow(tag);
    else if (depth === 4 && local === 'c' && this.row) this.openCell(tag);
    else if (depth >= 5 && this.cell) this.openContent(tag, depth);
  }

  close(_tag: XmlTag, depth: number): void {
    if (!this.inData) return;
    if (depth === 2) this.inData = false;
    else if (depth === 3) this.closeRow();
    else if (depth === 4) this.closeCell();
    else if (depth === 5) this.closeContent();
    else this.inline.close(depth);
  }

  text(text: string): void {
    if (this.inInline) this.inline.add(text);
    else if (this.inValue && this.cell) this.cell.value = appended(this.cell.value, text);
  }

  private openPart(local: string): void {
    this.inData = local === 'sheetData';
    if (!this.inData) return;
    // a second one would be read by us and not by Excel
    if (this.seenData) throw new FileFault('FILE_DAMAGED');
    this.seenData = true;
  }

  private openRow(tag: XmlTag): void {
    this.at.toRow(tag);
    const { hidden, ht } = tag.attributes;
    this.row = { row: this.at.row, hidden: isTrue(hidden) || Number(ht ?? 1) === 0, cells: [] };
  }

  private openCell(tag: XmlTag): void {
    this.at.toCell(tag);
    const { t: type = 'n', s = '0' } = tag.attributes;
    const formula = this.at.row <= (this.arrayUntil.get(this.at.column) ?? 0);
    this.cell = { column: this.at.column, type, style: Number(s), value: '', hasValue: false, formula };
  }

  private openContent(tag: XmlTag, depth: number): void {
    if (depth === 5 && tag.local !== 'f') this.cell!.hasValue = true;
    if (this.inInline) {
      this.inline.open(tag.local, depth);
    } else if (depth === 5 && tag.local === 'v') {
      this.inValue = true;
      this.cell!.value = '';
    } else if (depth === 5 && tag.local === 'is') {
      this.inInline = true;
      this.inline.begin();
    } else if (depth === 5 && tag.local === 'f') {
      this.openFormula(tag);
    }
  }

  private openFormula({ attributes }: XmlTag): void {
    this.cell!.formula = true;
    if (attributes['t'] !== 'array' && attributes['t'] !== 'dataTable') return;
    const range = parseRange(attributes['ref'] ?? '');
    if (!range) return;
    for (let column = range.firstColumn; column <= range.lastColumn; column += 1) {
      this.arrayUntil.set(column, Math.max(range.lastRow, this.arrayUntil.get(column) ?? 0));
    }
  }

  private closeContent(): void {
    if (this.inInline && this.cell) this.cell.value = this.inline.value;
    this.inInline = false;
    this.inValue = false;
  }

  private closeCell(): void {
    if (this.cell && (this.cell.value !== '' || this.cell.formula)) this.row!.cells.push(this.cell);
    this.cell = undefined;
  }

  private closeRow(): void {
    if (this.row && this.row.cells.length > 0) this.done(this.row);
    this.row = undefined;
  }
}
