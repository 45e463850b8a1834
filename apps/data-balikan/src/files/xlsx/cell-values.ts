import type { ValueClass } from '#contracts';
import { cleanText, holdsControlCharacter, shortened } from '../cell-text.js';
import type { Cell } from '../table.js';
import { limits } from './limits.js';

/** What XML cannot hold stands in a workbook as _xHHHH_ (ECMA-376 22.9.2.19). */
export const decodeEscapes = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;

/** Number of a column, from 1, of the letters of a reference; 0: not a column of Excel. */
export function columnNumber(letters: string): number {
  let column = 0;
  for (let at = 0; at < letters.length; at += 1) column = column * 26 + letters.charCodeAt(at) - 64;
  return column <= limits.columnNumber ? column : 0;
}

export interface Range {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

/** `A1:B2`, or a single cell. @returns undefined where it is neither */
export function parseRange(reference: string): Range | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/.exec(reference);
  if (!match) return undefined;
  const [, firstLetters = '', first = '', lastLetters = firstLetters, last = first] = match;
  const range = {
    firstRow: Number(first),
    lastRow: Number(last),
    firstColumn: columnNumber(firstLetters),
    lastColumn: columnNumber(lastLetters),
  };
  const sound = range.firstRow > 0 && range.lastRow >= range.firstRow && range.lastRow <= limits.rowNumber;
  return sound && range.firstColumn > 0 && range.lastColumn >= range.firstColumn ? range : undefined;
}

const dayMs = 86_400_000;
/** 9999-12-31. */
const lastSerial = 2_958_465;

/**
 * The day of a date cell. Excel's 1900 is a leap year, which it was not: day 60 is a 29 February that no calendar has.
 *
 * @returns undefined where the number is no day
 */
export function serialToDay(serial: number, date1904: boolean): string | undefined {
  const day = Math.floor(serial);
  if (!Number.isFinite(day) || day > lastSerial || day < (date1904 ? 0 : 1)) return undefined;
  if (date1904) return isoDay(Date.UTC(1904, 0, 1) + day * dayMs);
  if (day === 60) return '1900-02-29';
  return isoDay(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * dayMs);
}

/** The number that a 1900 workbook keeps for a day, `YYYY-MM-DD`. */
export function dayToSerial(day: string): number {
  const serial = Math.round((Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / dayMs);
  return serial < 61 ? serial - 1 : serial;
}

const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const emptyCell = (): Cell => ({ class: 'empty', text: '' });

export function textCell(raw: string): Cell {
  const text = shortened(cleanText(raw));
  const cell: Cell = { class: textClass(text), text };
  if (holdsControlCharacter(text)) cell.fault = 'CONTROL_CHARACTER';
  return cell;
}

const textClass = (text: string): ValueClass => (text === '' ? 'empty' : /^\d+$/.test(text) ? 'digits' : 'text');
