import { parseXml, type XmlTag } from './xml-tags.js';

export interface CellPlace {
  column: number;
  tag: XmlTag;
  /** Behind its end tag. */
  end: number;
  formula: boolean;
  /** Position of a value that a formula came to, as text of the part. */
  value?: { start: number; end: number };
}

export interface RowPlace {
  row: number;
  tag: XmlTag;
  end: number;
  cells: CellPlace[];
}

/** Where everything of a worksheet stands in its text. */
export interface SheetPlaces {
  rows: RowPlace[];
  sheetData: { tag: XmlTag; end: number } | undefined;
  /** Areas such as `B4:D4`. */
  merged: string[];
  columnStyles: { min: number; max: number; style: string }[];
}

/** @throws {AppError} TEMPLATE_INVALID */
export function readSheet(xml: string): SheetPlaces {
  const places: SheetPlaces = { rows: [], sheetData: undefined, merged: [], columnStyles: [] };
  let inData = false;
  let row: RowPlace | undefined;
  let cell: CellPlace | undefined;
  parseXml(xml, {
    open: (tag, depth) => {
      const { local, attributes } = tag;
      if (depth === 2) inData = local === 'sheetData';
      if (local === 'mergeCell' && attributes['ref']) places.merged.push(attributes['ref'].toUpperCase());
      if (local === 'col' && attributes['style'] !== undefined)
        places.columnStyles.push({
          min: Number(attributes['min']),
          max: Number(attributes['max']),
          style: attributes['style'],
        });
      if (inData && depth === 3 && local === 'row') {
        row = { row: Number(attributes['r'] ?? (places.rows.at(-1)?.row ?? 0) + 1), tag, end: tag.end, cells: [] };
        places.rows.push(row);
      }
      if (inData && depth === 4 && local === 'c' && row) {
        const column = attributes['r'] ? columnOf(attributes['r']) : (row.cells.at(-1)?.column ?? 0) + 1;
        cell = { column, tag, end: tag.end, formula: false };
        row.cells.push(cell);
      }
      if (inData && depth === 5 && local === 'f' && cell) cell.formula = true;
    },
    close: (tag, depth, end) => {
      if (inData && depth === 2) places.sheetData = { tag, end };
      if (inData && depth === 3 && row) row.end = end;
      if (inData && depth === 4 && cell) cell.end = end;
      if (inData && depth === 5 && tag.local === 'v' && cell) cell.value = { start: tag.start, end };
    },
  });
  return places;
}

/** `C12`: 3 */
export const columnOf = (reference: string): number =>
  [...reference.replace(/[^A-Za-z]/g, '').toUpperCase()].reduce(
    (sum, letter) => sum * 26 + letter.charCodeAt(0) - 64,
    0,
  );

/** `$C$12`: row 12 */
export const rowOf = (reference: string): number => Number(reference.replace(/[^0-9]/g, ''));

export const findCell = ({ rows }: SheetPlaces, reference: string): CellPlace | undefined =>
  rows.find(({ row }) => row === rowOf(reference))?.cells.find(({ column }) => column === columnOf(reference));
