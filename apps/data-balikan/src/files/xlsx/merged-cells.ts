import { FileFault } from '../table.js';
import { parseRange } from './cell-values.js';
import { limits } from './limits.js';
import { readXml } from './xml.js';
import type { ZipPackage } from './zip-package.js';

interface Stretch {
  first: number;
  last: number;
}

/** Which cells of some columns belong to a merged range; asked row by row, upwards. */
export class MergedCells {
  private readonly next = new Map<number, number>();

  constructor(private readonly byColumn: ReadonlyMap<number, readonly Stretch[]>) {}

  has(row: number, column: number): boolean {
    const stretches = this.byColumn.get(column);
    if (!stretches) return false;
    let at = this.next.get(column) ?? 0;
    while (at < stretches.length && stretches[at]!.last < row) at += 1;
    this.next.set(column, at);
    return at < stretches.length && stretches[at]!.first <= row;
  }
}

/**
 * Merged ranges stand behind the rows: they are read beforehand, and parsed only if the sheet has any.
 *
 * @param columns those that matter
 */
export async function readMergedCells(zip: ZipPackage, part: string, columns: readonly number[]): Promise<MergedCells> {
  const byColumn = new Map<number, Stretch[]>();
  if (await zip.mentions(part, 'mergeCell')) {
    let count = 0;
    await readXml(zip.read(part), {
      open: ({ local, attributes }, depth) => {
        if (depth !== 3 || local !== 'mergeCell') return;
        if ((count += 1) > limits.merges) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
        const range = parseRange(attributes['ref'] ?? '');
        if (!range) return;
        for (const column of columns.filter((one) => one >= range.firstColumn && one <= range.lastColumn)) {
          const stretches = byColumn.get(column) ?? [];
          byColumn.set(column, stretches);
          stretches.push({ first: range.firstRow, last: range.lastRow });
        }
      },
    });
  }
  return new MergedCells(new Map([...byColumn].map(([column, stretches]) => [column, joined(stretches)])));
}

/** In order and without overlaps, whatever the file says. */
function joined(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { first, last } of stretches.sort((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else result.push({ first, last });
  }
  return result;
}
