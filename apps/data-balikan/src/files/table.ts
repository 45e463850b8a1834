import type { BalikanField, FileFaultCode, RowFaultCode, ValueClass } from '#contracts';

/** The bytes of an uploaded file, wherever they are; never all of them in memory. */
export interface FileSource {
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes, fewer only at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** The file as a whole cannot be read. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  /** @param column the header that is missing or there twice */
  constructor(
    readonly code: FileFaultCode,
    readonly column: string | null = null,
  ) {
    super(code);
  }
}

/** A cell as its program stored it, not as it shows it. */
export interface Cell {
  class: ValueClass;
  /** Without blanks at both ends, non-breaking ones included; of a date cell `YYYY-MM-DD`; of an empty one ''; of a number cell the
   * number in its shortest form. Only a NIK stays as the file spells it: its digits are told apart there. */
  text: string;
  /** Of a number cell whose format shows something else: digits put in front, words, a rounded number. */
  shownOtherwise?: true;
  /** Faults of the cell's form: MERGED_CELL, FORMULA_CELL, ERROR_CELL, CONTROL_CHARACTER. */
  fault?: RowFaultCode;
}

export interface Row {
  /** As the spreadsheet counts, from 1; of a CSV the number of the record, header included. */
  row: number;
  /** Of the columns that the header names; what is not there is an empty cell. */
  cells: Partial<Record<BalikanField, Cell>>;
  /** Of the row as a whole: HIDDEN_ROW, ROW_RAGGED, QUOTE_UNCLOSED. */
  fault?: RowFaultCode;
}

/** The one table of a file. Rows without any content in a named column are passed over. */
export interface Table {
  readonly format: 'XLSX' | 'CSV';
  /** Column of each field that the header names, from 1. */
  readonly columns: ReadonlyMap<BalikanField, number>;
  /** Indonesian: what was passed over, such as a hidden sheet. Names of sheets are told only where they hold no NIK. */
  readonly notes: readonly string[];
  /**
   * Once, in order, some hundreds at a time; memory is bounded whatever the file says.
   *
   * @throws {FileFault} also in the middle
   */
  rows(): AsyncIterable<Row[]>;
  /** 0 to 1, of the bytes read. */
  progress(): number;
}

export type ColumnNames = Readonly<Record<BalikanField, readonly string[]>>;

/** A fault to be shown in the file; in the order of rows. */
export interface Mark {
  row: number;
  /** From 1; null: the row as a whole. */
  column: number | null;
  code: RowFaultCode;
}

/** Without these a file is refused with COLUMN_MISSING. */
export const requiredFields = ['nik', 'nomorRegister', 'namaUsaha', 'jenisUsaha', 'tanggal'] as const;

/** What two headers are compared by: case, line breaks, blanks in a row and punctuation make no difference. */
export const headerKey = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
