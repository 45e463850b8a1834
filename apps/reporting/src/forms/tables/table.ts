/** Of a column: `share` is a part of a whole, made from two whole numbers where it is shown. */
export type CellKind = 'text' | 'count' | 'day' | 'month' | 'time' | 'minutes' | 'share';

export type Cell = string | number | null | { part: number; whole: number };

export interface TableColumn {
  title: string;
  kind: CellKind;
  /** Share of the width on paper. */
  width: number;
}

/** A table of the report, the same on paper, in a workbook and in a CSV. */
export interface ReportTable {
  /** Name of the sheet and of `tabel` in the CSV: at most 31 letters. */
  id: string;
  title: string;
  columns: readonly TableColumn[];
  /** How many columns from the left name the row. */
  keys: number;
  rows: readonly (readonly Cell[])[];
  /** Row of sums. */
  total?: readonly Cell[];
  /** Not on paper: too long, a chart shows it. */
  onlyInFiles?: true;
}

export const text = (title: string, width: number): TableColumn => ({ title, kind: 'text', width });
export const count = (title: string, width = 2): TableColumn => ({ title, kind: 'count', width });
export const share = (title = 'Bagian', width = 2): TableColumn => ({ title, kind: 'share', width });

export const partOf = (part: number, whole: number): Cell => ({ part, whole });

/** Numbers with what they are, one below the other. */
export const listTable = (
  id: string,
  title: string,
  rows: readonly (readonly [string, number, string?])[],
  unit = 'Jumlah',
): ReportTable => ({
  id,
  title,
  columns: [text('Uraian', 8), count(unit, 3), text('Keterangan', 7)],
  keys: 1,
  rows: rows.map(([label, number, note = '']) => [label, number, note]),
});
