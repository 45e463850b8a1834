import type { ReportContent } from '#contracts';
import { allTables } from './tables/report-tables.js';
import type { Cell, ReportTable } from './tables/table.js';

/** What a spreadsheet takes for the begin of a formula (OWASP, CSV injection), full-width variants included. */
const formulaSign = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * RFC 4180 with semicolons, as Excel in Indonesia opens it: `tabel;baris;kolom;nilai`, a line for each cell that does not name its row. Numbers
 * are plain, days `YYYY-MM-DD`, lengths in minutes; shares are left out, because they are made from the numbers that are there.
 */
export function renderCsv(content: ReportContent): Buffer {
  const lines = [['tabel', 'baris', 'kolom', 'nilai'], ...allTables(content).flatMap(linesOf)];
  const text = lines.map((cells) => cells.map(csvCell).join(';')).join('\r\n');
  return Buffer.from(`\ufeff${text}\r\n`);
}

function linesOf({ id, columns, keys, rows, total }: ReportTable): string[][] {
  return [...rows, ...(total ? [total] : [])].flatMap((row) => {
    const name = row
      .slice(0, keys)
      .filter((key): key is string => typeof key === 'string' && key !== '')
      .join(' / ');
    return row.flatMap((cell, index) =>
      index < keys || isShare(cell) || cell === null ? [] : [[id, name, columns[index]!.title, String(cell)]],
    );
  });
}

const isShare = (cell: Cell): cell is { part: number; whole: number } => typeof cell === 'object' && cell !== null;

function csvCell(raw: string): string {
  // a number is no formula, also a negative one
  const text = formulaSign.test(raw) && !/^-?\d+$/.test(raw) ? `'${raw}` : raw;
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
