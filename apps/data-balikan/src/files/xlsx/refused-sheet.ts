import { markColumnName } from '../header.js';
import { headerKey } from '../table.js';

/** Name of the sheet of refused rows; `Ditolak (2)` where the clerk has a sheet of that name. */
export const refusedSheetName = 'Ditolak';
export const rowTitle = 'Baris';
/** One that no clerk gives: a sheet that has it is replaced. */
export const reasonTitle = markColumnName;

/** One that we added to an earlier upload: it repeats rows of the data and is no data. */
export function isRefusedSheet(name: string, top: readonly { cells: readonly string[] }[]): boolean {
  const cells = top[0]?.cells ?? [];
  return (
    /^Ditolak( \(\d+\))?$/.test(name) &&
    headerKey(cells[0] ?? '') === headerKey(rowTitle) &&
    headerKey(cells.at(-1) ?? '') === headerKey(reasonTitle)
  );
}

/** @returns `Ditolak`, or the first `Ditolak (n)` that is free */
export function freeRefusedName(taken: readonly string[]): string {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  let name = refusedSheetName;
  for (let n = 2; names.has(name.toLowerCase()); n += 1) name = `${refusedSheetName} (${n})`;
  return name;
}

/** How a note calls a sheet: a name with many digits may be a NIK, and is not repeated. */
export function sheetLabel(name: string): string {
  const short = [...name].slice(0, 31).join('');
  return name.replace(/\D/g, '').length >= 10 ? 'Satu lembar' : `Lembar "${short}"`;
}
