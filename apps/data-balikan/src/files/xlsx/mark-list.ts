import { rowFaultCodes, type RowFaultCode } from '#contracts';
import type { Mark } from '../table.js';
import { limits } from './limits.js';

/** No column has this number. */
const ofRow = 0;

/** Marks of a whole file, 6 bytes each, in order of rows: they are needed once for the cells and once for the refused rows. */
export class MarkList {
  private rows = new Uint32Array(1024);
  private columns = new Uint16Array(1024);
  private codes = new Uint8Array(1024);
  private count = 0;

  private constructor(private readonly firstColumn: number) {}

  /**
   * @param marks in order of rows; beyond {@link limits.marks} they are dropped
   * @param firstColumn is where the marks of rows as a whole are shown
   */
  static async of(marks: AsyncIterable<Mark>, firstColumn: number): Promise<MarkList> {
    const list = new MarkList(firstColumn);
    for await (const { row, column, code } of marks) {
      if (list.count >= limits.marks) break;
      list.add(row, column ?? ofRow, code);
    }
    return list;
  }

  get size(): number {
    return this.count;
  }

  /** Rows with a mark, upwards, each with its marks by column, upwards. */
  *byRow(): Generator<MarkedRow> {
    for (let at = 0; at < this.count;) {
      const row = this.rows[at]!;
      const cells = new Map<number, RowFaultCode[]>();
      const whole: RowFaultCode[] = [];
      for (; at < this.count && this.rows[at] === row; at += 1) {
        const column = this.columns[at]! === ofRow ? this.firstColumn : this.columns[at]!;
        const code = rowFaultCodes[this.codes[at]!]!;
        if (this.columns[at] === ofRow) whole.push(code);
        const codes = cells.get(column);
        if (!codes) cells.set(column, [code]);
        else if (!codes.includes(code)) codes.push(code);
      }
      yield { row, whole, cells: [...cells].sort(([a], [b]) => a - b).map(([column, codes]) => ({ column, codes })) };
    }
  }

  private add(row: number, column: number, code: RowFaultCode): void {
    const before = this.count > 0 ? this.rows[this.count - 1]! : 0;
    if (row < before) throw new Error('marks are not in the order of rows');
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    this.columns[this.count] = column;
    this.codes[this.count] = rowFaultCodes.indexOf(code);
    this.count += 1;
  }

  private grow(): void {
    const { rows, columns, codes } = this;
    this.rows = new Uint32Array(this.count * 2);
    this.columns = new Uint16Array(this.count * 2);
    this.codes = new Uint8Array(this.count * 2);
    this.rows.set(rows);
    this.columns.set(columns);
    this.codes.set(codes);
  }
}

export interface MarkedCell {
  /** From 1. */
  column: number;
  codes: RowFaultCode[];
}

export interface MarkedRow {
  row: number;
  /** Those of the row as a whole; its first cell shows them too. */
  whole: RowFaultCode[];
  cells: MarkedCell[];
}
