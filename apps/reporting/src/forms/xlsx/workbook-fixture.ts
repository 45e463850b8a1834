import { expect } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { ReportContent } from '#contracts';
import { allTables } from '../tables/report-tables.js';
import type { Cell, CellKind } from '../tables/table.js';
import { shareOf } from './sheet-xml.js';

export async function open(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook;
}

/** What a program that opens the file should have in this cell. */
function expected(cell: Cell, kind: CellKind): string | number | Date | null {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'object') return cell.whole === 0 ? null : shareOf(cell);
  if (typeof cell === 'number') return cell;
  if (kind === 'day') return new Date(`${cell}T00:00:00Z`);
  if (kind === 'month' && /^\d{4}-\d\d$/.test(cell)) return new Date(`${cell}-01T00:00:00Z`);
  return kind === 'time' ? new Date(Date.parse(cell) + 7 * 3_600_000) : cell;
}

/** Cell by cell. */
export function compareWithTables(workbook: ExcelJS.Workbook, content: ReportContent): void {
  for (const { id, columns, rows, total } of allTables(content)) {
    const sheet = workbook.getWorksheet(id)!;
    const all = [...rows, ...(total ? [total] : [])];
    const found = all.map((row, n) => row.map((_, at) => sheet.getCell(n + 2, at + 1).value));
    expect({ id, found }).toEqual({
      id,
      found: all.map((row) => row.map((cell, at) => expected(cell, columns[at]!.kind))),
    });
  }
}
