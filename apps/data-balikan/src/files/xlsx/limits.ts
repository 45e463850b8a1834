import { mostCharacters } from '../cell-text.js';

const mb = 1024 * 1024;

/** What one workbook may cost; a file of the template with 100,000 rows stays far below all of them. */
export const limits = {
  entries: 2_000,
  /** Bytes of all parts together, as they are really inflated. */
  inflatedBytes: 512 * mb,
  /** A part above `ratioFromBytes` may be so many times larger than it is compressed. */
  ratio: 250,
  ratioFromBytes: 16 * mb,
  /** Bytes of a part that is read as a whole: relations, styles, comments. */
  smallPartBytes: 32 * mb,
  sharedStringBytes: 64 * mb,
  sharedStrings: 5_000_000,
  /** Characters read of one text: escapes are at most seven times as long as what they mean. */
  rawCharacters: mostCharacters * 8,
  /** Characters of XML without any tag: one attribute, one text. */
  xmlToken: mb,
  xmlDepth: 100,
  sheets: 250,
  merges: 200_000,
  styles: 64_000,
  /** Excel's own. */
  rowNumber: 1_048_576,
  columnNumber: 16_384,
  marks: 4_000_000,
  /** Comments make a workbook slow; further faulty cells are only coloured. */
  comments: 20_000,
} as const;
