import { cleanText, shortened } from '../cell-text.js';
import { FileFault, type Cell } from '../table.js';
import { decodeEscapes, emptyCell, serialToDay, textCell } from './cell-values.js';
import type { NumberShown } from './number-formats.js';
import type { SharedStrings } from './shared-strings.js';
import type { RawCell } from './sheet-rows.js';

/** What a cell's content depends on beside itself. */
export interface CellContext {
  strings: SharedStrings;
  /** By number of the style: how a number is shown. */
  shown: readonly NumberShown[];
  date1904: boolean;
}

/** @throws {FileFault} FILE_DAMAGED: a shared text that is not there, a type that no Excel knows */
export function cellOf(raw: RawCell, context: CellContext): Cell {
  const cell = valueOf(raw, context);
  return raw.formula ? { class: 'formula', text: cell.text, fault: 'FORMULA_CELL' } : cell;
}

function valueOf(raw: RawCell, context: CellContext): Cell {
  switch (raw.type) {
    case 's':
      return raw.value === '' ? emptyCell() : textCell(context.strings.get(Number(raw.value)));
    case 'inlineStr':
    case 'str':
      return textCell(decodeEscapes(raw.value));
    case 'n':
      return numberCell(raw, context);
    case 'd':
      return isoDateCell(raw.value);
    case 'b':
      return { class: 'boolean', text: /^\s*(1|true)\s*$/.test(raw.value) ? 'TRUE' : 'FALSE' };
    case 'e':
      return { class: 'error', text: shortened(cleanText(raw.value)), fault: 'ERROR_CELL' };
    default:
      throw new FileFault('FILE_DAMAGED');
  }
}

function numberCell(raw: RawCell, { shown, date1904 }: CellContext): Cell {
  const text = shortened(cleanText(raw.value));
  if (text === '') return emptyCell();
  const as = shown[raw.style] ?? 'PLAIN';
  const day = as === 'DATE' ? serialToDay(Number(text), date1904) : undefined;
  if (day !== undefined) return { class: 'date', text: day };
  return { class: 'number', text, ...(as !== 'PLAIN' && { shownOtherwise: true }) };
}

/** A number as Excel shows it, and not as a program spelled it: 500.00099999999998 is 500.001, and 47111.0 is 47111. */
export function plainNumber(cell: Cell): Cell {
  const value = Number(cell.text);
  return cell.class === 'number' && Number.isFinite(value) ? { ...cell, text: String(value) } : cell;
}

function isoDateCell(value: string): Cell {
  const text = shortened(cleanText(value));
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
  return day === undefined ? textCell(text) : { class: 'date', text: day };
}
