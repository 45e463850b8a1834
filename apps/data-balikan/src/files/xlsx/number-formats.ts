/** How a format shows a number: as a date, digit by digit as it is, or with something added or left out. */
export type NumberShown = 'DATE' | 'PLAIN' | 'OTHERWISE';

/** Formats that every Excel knows to be dates; 27-36 and 50-58 in East Asian editions (ECMA-376 18.8.30). */
const builtInDates: readonly (readonly [number, number])[] = [
  [14, 17],
  [22, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** General, 0 and @: they show an integer as it is stored. */
const builtInPlain: readonly number[] = [0, 1, 49];

export function shownByBuiltIn(id: number): NumberShown {
  if (builtInPlain.includes(id)) return 'PLAIN';
  return builtInDates.some(([from, to]) => id >= from && id <= to) ? 'DATE' : 'OTHERWISE';
}

export function shownBy(code: string): NumberShown {
  if (/^(general|0|@)$/i.test(code)) return 'PLAIN';
  return isDateFormat(code) ? 'DATE' : 'OTHERWISE';
}

/** A custom format shows a date when it has a d, m or y that is not quoted, escaped, a colour or a locale. */
function isDateFormat(code: string): boolean {
  const bare = code
    .slice(0, 1_000)
    .replace(/"[^"]*"?/g, '')
    .replace(/[\\_*][\s\S]/g, '')
    .replace(/\[[^\]]*\]?/g, '')
    .replace(/general/gi, '');
  return /[dmy]/i.test(bare);
}
