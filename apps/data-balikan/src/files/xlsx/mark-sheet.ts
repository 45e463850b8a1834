import { columnLetter } from '../column-letter.js';
import type { MarkedCell, MarkedRow } from './mark-list.js';
import type { MarkStyles } from './mark-styles.js';
import { Position } from './sheet-rows.js';
import { isTrue, relationshipId } from './workbook.js';
import { XmlReader, type XmlTag } from './xml.js';
import { attributesText, XmlCopy } from './xml-writing.js';

/** Elements of a worksheet that come behind legacyDrawing (ECMA-376 18.3.1.99); an AlternateContent there holds controls. */
const behindDrawing = new Set([
  'legacyDrawing',
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
]);

/**
 * A worksheet with marked cells coloured, those of an earlier marking cleared, and everything else as it was. Cells and rows
 * that are marked and not there are put in.
 *
 * @param marks upwards
 * @param drawing a legacyDrawing element to put in, for the comments; '' for none
 */
export async function* markSheet(
  pieces: AsyncIterable<Buffer>,
  marks: Iterator<MarkedRow>,
  styles: MarkStyles,
  drawing: { id: string; namespace: string } | undefined,
): AsyncGenerator<string> {
  const marker = new SheetMarker(marks, styles, drawing);
  const reader = new XmlReader(marker);
  for await (const piece of pieces) {
    reader.write(piece);
    yield marker.copy.take();
  }
  reader.end();
  yield marker.copy.take();
}

class SheetMarker {
  readonly copy = new XmlCopy();
  private readonly at = new Position();
  private inData = false;
  private dataDone = false;
  private next: MarkedRow | undefined;
  /** Cells to be marked of the row that is open. */
  private cells: MarkedCell[] = [];
  private rowStyle: number | undefined;
  private readonly columnStyles: { min: number; max: number; style: number }[] = [];
  private prefix = '';

  constructor(
    private readonly marks: Iterator<MarkedRow>,
    private readonly styles: MarkStyles,
    private drawing: { id: string; namespace: string } | undefined,
  ) {
    this.advance();
  }

  open(tag: XmlTag, depth: number): void {
    if (depth === 1) this.prefix = tag.name.slice(0, tag.name.length - tag.local.length);
    if (depth === 2) {
      this.inData = tag.local === 'sheetData';
      if (this.dataDone && (behindDrawing.has(tag.local) || tag.local === 'AlternateContent')) this.putDrawing(tag);
    }
    if (depth === 3 && tag.local === 'col') this.keepColumn(tag);
    if (this.inData && depth === 3 && tag.local === 'row') this.openRow(tag);
    else if (this.inData && depth === 4 && tag.local === 'c') this.openCell(tag);
    else this.copy.open(tag);
  }

  close(tag: XmlTag, depth: number): void {
    if (this.inData && depth === 3) this.putCells(Infinity);
    if (this.inData && depth === 2) {
      this.putRows(Infinity);
      this.inData = false;
      this.dataDone = true;
    }
    if (depth === 1) this.putDrawing();
    this.copy.close(tag);
  }

  text(text: string): void {
    this.copy.text(text);
  }

  private advance(): void {
    const { value, done } = this.marks.next() as IteratorResult<MarkedRow, undefined>;
    this.next = done ? undefined : value;
  }

  private openRow(tag: XmlTag): void {
    this.at.toRow(tag);
    const { row } = this.at;
    this.putRows(row);
    const { spans, ...rest } = tag.attributes;
    this.cells = [];
    if (this.next?.row === row) {
      this.cells = this.next.cells;
      this.advance();
    }
    this.rowStyle = isTrue(rest['customFormat']) ? Number(rest['s'] ?? 0) : undefined;
    // spans is a hint that need not hold once cells are put in; a reference is needed once rows are
    const hint = this.cells.length === 0 && spans !== undefined ? { spans } : {};
    this.copy.open(tag, { r: String(row), ...rest, ...hint });
  }

  private openCell(tag: XmlTag): void {
    this.at.toCell(tag);
    const { row, column } = this.at;
    this.putCells(column);
    const own = Number(tag.attributes['s'] ?? 0);
    let style = this.styles.clear(own);
    if (this.cells[0]?.column === column) {
      this.cells = this.cells.slice(1);
      style = this.styles.mark(style);
    }
    const s = style === own ? tag.attributes['s'] : String(style);
    this.copy.open(tag, { r: `${columnLetter(column)}${row}`, ...tag.attributes, s });
  }

  /** Marked rows above this one that the sheet does not have. */
  private putRows(before: number): void {
    while (this.next && this.next.row < before) {
      const { row, cells } = this.next;
      this.rowStyle = undefined;
      const xml = cells.map(({ column }) => this.emptyCell(row, column)).join('');
      this.copy.raw(`<${this.prefix}row r="${row}">${xml}</${this.prefix}row>`);
      this.advance();
    }
  }

  /** Marked cells to the left of this one that the row does not have. */
  private putCells(before: number): void {
    while (this.cells[0] && this.cells[0].column < before) {
      this.copy.raw(this.emptyCell(this.at.row, this.cells[0].column));
      this.cells = this.cells.slice(1);
    }
  }

  /** With the format that the cell already had from its row or column: an empty NIK stays a text cell. */
  private emptyCell(row: number, column: number): string {
    const ofColumn = this.columnStyles.find(({ min, max }) => column >= min && column <= max)?.style;
    const style = this.styles.mark(this.styles.clear(this.rowStyle ?? ofColumn ?? 0));
    return `<${this.prefix}c${attributesText({ r: `${columnLetter(column)}${row}`, s: style })}/>`;
  }

  private keepColumn({ attributes }: XmlTag): void {
    if (this.inData || this.dataDone || attributes['style'] === undefined || this.columnStyles.length > 1_000) return;
    const { min, max, style } = attributes;
    this.columnStyles.push({ min: Number(min), max: Number(max), style: Number(style) });
  }

  /** @param before the element in front of which it goes; if that is a legacyDrawing, the sheet keeps its own */
  private putDrawing(before?: XmlTag): void {
    const { drawing } = this;
    this.drawing = undefined;
    if (!drawing || (before?.local === 'legacyDrawing' && relationshipId(before) !== undefined)) return;
    this.copy.raw(`<${this.prefix}legacyDrawing xmlns:r="${drawing.namespace}" r:id="${drawing.id}"/>`);
  }
}
