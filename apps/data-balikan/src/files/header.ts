import type { BalikanField } from '#contracts';
import { FileFault, headerKey, requiredFields, type ColumnNames } from './table.js';

/** The header stands in one of the first rows; above it there may be titles. */
export const headerRows = 20;
export const mostColumns = 200;
/** The column that a marked file has for its faults: a title that no clerk gives, because a column of that title is replaced. */
export const markColumnName = 'Kesalahan (Gerbang PATEN)';

export interface Header {
  /** As the spreadsheet counts, from 1. */
  row: number;
  /** From 1. */
  columns: Map<BalikanField, number>;
  /** Last column with a title, from 1. */
  width: number;
  /** Our own column of faults, from 1, where the file has one. */
  markColumn: number | null;
}

/** So many fields, the NIK or the register number among them, make a row the header and not a title or data. */
const fewestFields = 3;

/**
 * The first row that names enough fields.
 *
 * @param rows in order, from the first of the file or sheet; what is beyond {@link headerRows} is not looked at
 * @returns undefined where no row is a header; whether that is HEADER_NOT_FOUND or another sheet has it, the caller knows
 * @throws {FileFault} COLUMN_MISSING, COLUMN_TWICE, TOO_MANY_COLUMNS
 */
export function findHeader(
  rows: Iterable<{ row: number; cells: readonly string[] }>,
  names: ColumnNames,
): Header | undefined {
  const fields = fieldsByKey(names);
  for (const { row, cells } of rows) {
    if (row > headerRows) return undefined;
    const found = cells.map((cell) => fields.get(headerKey(cell)));
    const named = new Set(found.filter((field) => field !== undefined));
    if (named.size < fewestFields || !(named.has('nik') || named.has('nomorRegister'))) continue;
    return headerOf(row, cells, found, names);
  }
  return undefined;
}

function headerOf(
  row: number,
  cells: readonly string[],
  found: readonly (BalikanField | undefined)[],
  names: ColumnNames,
): Header {
  const width = cells.findLastIndex((cell) => headerKey(cell) !== '') + 1;
  if (width > mostColumns) throw new FileFault('TOO_MANY_COLUMNS');
  const columns = new Map<BalikanField, number>();
  found.forEach((field, index) => {
    if (!field) return;
    if (columns.has(field)) throw new FileFault('COLUMN_TWICE', names[field][0] ?? field);
    columns.set(field, index + 1);
  });
  const missing = requiredFields.find((field) => !columns.has(field));
  if (missing) throw new FileFault('COLUMN_MISSING', names[missing][0] ?? missing);
  const own = cells.findIndex((cell, index) => !found[index] && headerKey(cell) === headerKey(markColumnName));
  return { row, columns, width, markColumn: own < 0 ? null : own + 1 };
}

function fieldsByKey(names: ColumnNames): Map<string, BalikanField> {
  const fields = new Map<string, BalikanField>();
  for (const [field, titles] of Object.entries(names) as [BalikanField, readonly string[]][]) {
    for (const title of titles) {
      const key = headerKey(title);
      if (key !== '' && !fields.has(key)) fields.set(key, field);
    }
  }
  return fields;
}
