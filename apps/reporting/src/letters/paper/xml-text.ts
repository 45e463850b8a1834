/** What XML 1.0 cannot hold (2.2): one such letter, and no program opens the file. Left out. */
const outside = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export const xmlText = (text: string): string => text.replace(outside, '');

/** A text with line ends, as its lines. */
export const linesOf = (text: string): string[] => xmlText(text).split(/\r\n|\r|\n/);
