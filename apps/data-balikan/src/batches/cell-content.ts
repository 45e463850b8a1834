import { holdsNik } from '#contracts';
import { mostCharacters } from '../files/cell-text.js';
import type { Cell } from '../files/table.js';

/** Without these {@link holdsNik}, which costs more, finds nothing. */
const sixteenDigits = /[^\t\n\r -~]|\d(?:[\s._-]{0,3}\d){15}/;
/** A number from here on has 12 digits: a NIK whose zeros in front, or last digits, a spreadsheet has taken. No field needs it. */
const twelveDigits = 1e11;

export function mayHoldNik({ class: kind, text }: Cell, line: string): boolean {
  // in a CSV Excel writes a decimal comma
  if (kind === 'number') return Math.abs(Number(text.replace(',', '.'))) >= twelveDigits;
  return sixteenDigits.test(line) && holdsNik(line);
}

/** A line break in a cell is a way of writing, no content. */
export const oneLine = (text: string): string =>
  /[\t\n\r]/.test(text)
    ? text
        .split(/[\t\n\r]+/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .join(' ')
    : text;

/** The line alone does not tell: blanks may have gone from it. */
export const isTooLong = ({ text }: Cell, line: string, most: number): boolean =>
  line.length > most || text.length > mostCharacters;

/**
 * A number cell stands for what was written in the register only where it is an integer that is shown as it is stored. A
 * format such as "500/"000 shows a number that the file does not hold, 500.010 has lost its last zero, and 12 digits or more
 * are shown as 1,23E+11.
 */
export const isShownAsStored = ({ text, shownOtherwise }: Cell): boolean => !shownOtherwise && /^\d{1,11}$/.test(text);
