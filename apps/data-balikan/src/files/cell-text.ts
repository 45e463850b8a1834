/** Blanks as nobody sees them: zero-width ones and marks of writing direction, which pages and PDFs leave behind. */
const invisible = '\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff';
const blank = new RegExp(`[\\s${invisible}]`);
const suspicious = new RegExp(
  `[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffd\\ud800-\\udfff${invisible}]`,
);
const forbidden = new RegExp(`[\\p{Cc}\\p{Cs}\\ufffd${invisible}]`, 'u');

/** Characters kept of one cell; more than any field allows, so that a longer one is refused for its length. */
export const mostCharacters = 2_000;

/** Without blanks at both ends; non-breaking and zero-width ones are blanks too. */
export function cleanText(raw: string): string {
  let from = 0;
  let to = raw.length;
  // from both ends inwards: an expression for blanks at the end begins anew at every blank in the middle
  while (from < to && isBlank(raw, from)) from += 1;
  while (to > from && isBlank(raw, to - 1)) to -= 1;
  return raw.slice(from, to);
}

/** A long text cut to one character more than is allowed; it ends visibly, or blanks at the cut would hide that it was cut. */
export const shortened = (text: string): string =>
  text.length <= mostCharacters
    ? text
    : text
        .slice(0, mostCharacters)
        .replace(/[\ud800-\udbff]$/, '')
        .padEnd(mostCharacters + 1, '…');

/** Something in it cannot be seen or printed; a line break or a tab can. */
export const holdsControlCharacter = (text: string): boolean =>
  suspicious.test(text) && forbidden.test(text.replace(/[\t\n\r]/g, ' '));

const isBlank = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  const plain = code > 0x20 && code < 0x7f;
  return !plain && blank.test(text.charAt(at));
};
