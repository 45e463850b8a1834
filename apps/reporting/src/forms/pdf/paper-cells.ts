import { durationText, monthText, numberText, percentText, timeText, type Column } from '#paper';
import type { Cell, CellKind, ReportTable, TableColumn } from '../tables/table.js';

const right: readonly CellKind[] = ['count', 'share', 'minutes'];

/** Columns as they stand on paper; a month is in words. */
export const paperColumns = (columns: readonly TableColumn[]): Column[] =>
  columns.map(({ title, kind, width }) => ({ title, share: width, ...(right.includes(kind) && { align: 'right' }) }));

export const paperRow = (row: readonly Cell[], { columns }: Pick<ReportTable, 'columns'>): string[] =>
  row.map((cell, index) => paperCell(cell, columns[index]!.kind));

/** "31-01-2026": as wide as the next, and narrow */
const shortDay = (day: string): string => day.split('-').reverse().join('-');

function paperCell(cell: Cell, kind: CellKind): string {
  if (cell === null) return '-';
  if (typeof cell === 'object') return percentText(cell.part, cell.whole);
  if (typeof cell === 'number') return kind === 'minutes' ? durationText(cell) : numberText(cell);
  if (kind === 'day') return shortDay(cell);
  if (kind === 'month') return /^\d{4}-\d\d$/.test(cell) ? monthText(cell) : cell;
  return kind === 'time' ? timeText(new Date(cell)) : cell;
}
