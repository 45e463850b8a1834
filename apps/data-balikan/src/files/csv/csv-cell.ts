import type { ValueClass } from '#contracts';
import { cleanText, holdsControlCharacter, shortened } from '../cell-text.js';
import type { Cell } from '../table.js';

export const emptyCell: Cell = Object.freeze({ class: 'empty', text: '' });

/** What a spreadsheet takes for the begin of a formula (OWASP, CSV injection), full-width variants included. */
const formulaSign = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
/** The same behind what ends a cell where the file is opened with another delimiter; then the quotes are no quotes either. */
const innerSign = /([,;|\t\r\n][^\S\t\r\n]*)(?=[=+\-@＝＋－＠])/g;
const innerMark = /([,;|\t\r\n][^\S\t\r\n]*)'(?=[=+\-@＝＋－＠])/g;
const digits = /^\d+$/;
/** How Excel writes a number that it shortened; the digits that are not there are lost. */
const shortenedNumber = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** `="3313..."`: the usual way to make Excel keep digits. */
const keptDigits = /^="([^]*)"$/;
const excelError = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|#+)$/i;
/** An apostrophe that is no part of the content: {@link harmless} put it there, or a person, to make it a text. */
const textMark = /^'(?=[\d.\-/ ]+$|\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** A cell of a CSV file, quotes of the CSV removed. A CSV keeps all digits, so digits are as good as text. */
export function readCell(raw: string): Cell {
  let text = shortened(cleanText(raw));
  if (text === '') return emptyCell;
  if (text.includes("'")) text = cleanText(text.replace(textMark, '').replace(innerMark, '$1'));
  const cell = classified(text);
  if (cell.fault === undefined && holdsControlCharacter(text)) cell.fault = 'CONTROL_CHARACTER';
  return cell;
}

function classified(text: string): Cell {
  const first = text.charCodeAt(0);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d) return { class: numberClass(text), text };
  if (first === 0x3d) {
    const kept = keptDigits.exec(text)?.[1];
    if (kept === undefined) return { class: 'formula', text, fault: 'FORMULA_CELL' };
    const inside = cleanText(kept.replaceAll('""', '"'));
    return { class: inside === '' ? 'empty' : 'text', text: inside };
  }
  if (first === 0x23 && excelError.test(text)) return { class: 'error', text, fault: 'ERROR_CELL' };
  return { class: 'text', text };
}

function numberClass(text: string): ValueClass {
  if (digits.test(text)) return 'digits';
  return shortenedNumber.test(text) ? 'number' : 'text';
}

/** The content as no spreadsheet takes for a formula, whatever its delimiter is; anything else as it is. */
export function harmless(raw: string): string {
  const inside = raw.replace(innerSign, "$1'");
  return formulaSign.test(inside) ? `'${inside}` : inside;
}
