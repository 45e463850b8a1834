import { z } from 'zod';
import { balikanMost, kbliVersions, readNik, type BalikanField, type RowFaultCode, type ValueClass } from '#contracts';
import type { Cell, Row } from '../files/table.js';
import { registerKey } from '../records/register-key.js';
import { isShownAsStored, isTooLong, mayHoldNik, oneLine } from './cell-content.js';
import { readDate } from './register-date.js';

export interface RowRules {
  /** Column of each field of the file, from 1. */
  columns: ReadonlyMap<BalikanField, number>;
  /** The calendar day in Asia/Jakarta, YYYY-MM-DD. */
  today: string;
  /** First day of the agreement, YYYY-MM-DD. */
  validFrom: string;
  /** By the office's own pattern, where it has one. */
  isRegisterNumber: ((text: string) => boolean) | null;
}

/** A row that is right by itself; whether its person was ever accessed is not known here. */
export interface Candidate {
  nik: string;
  registerNumber: string;
  registerKey: string;
  businessName: string;
  businessType: string;
  kbli: { kode: string; versi: (typeof kbliVersions)[number] } | null;
  /** YYYY-MM-DD */
  registerDate: string;
  verificationId: string | null;
}

/** Never the content, only its kind. */
export interface CellFault {
  /** From 1; null: the row as a whole, or a column that the file does not have. */
  column: number | null;
  field: BalikanField | null;
  code: RowFaultCode;
  value: ValueClass;
}

export type CheckedRow = { candidate: Candidate; faults?: never } | { faults: CellFault[]; candidate?: never };

const absent: Cell = Object.freeze({ class: 'empty', text: '' });
const VerificationId = z.uuid();

/** All that is wrong with a row, at once. */
export function checkRow(row: Row, rules: RowRules): CheckedRow {
  const check = new RowCheck(row, rules);
  if (row.fault) check.fault(null, row.fault);
  // nobody knows where the cells of such a row begin
  if (row.fault === 'QUOTE_UNCLOSED') return { faults: check.faults };

  const nik = check.nik();
  const registerNumber = check.text('nomorRegister', 'REGISTER_EMPTY', 'REGISTER_TOO_LONG');
  check.registerNumber(registerNumber);
  const businessName = check.text('namaUsaha', 'BUSINESS_NAME_EMPTY', 'BUSINESS_NAME_TOO_LONG');
  const businessType = check.text('jenisUsaha', 'BUSINESS_TYPE_EMPTY', 'BUSINESS_TYPE_TOO_LONG');
  const kbli = check.kbli();
  const registerDate = check.date();
  const verificationId = check.verificationId();
  if (check.faults.length > 0) return { faults: check.faults };
  return {
    candidate: {
      nik,
      registerNumber,
      registerKey: registerKey(registerNumber),
      businessName,
      businessType,
      kbli,
      registerDate,
      verificationId,
    },
  };
}

/** What a reader of a field gives counts only while there is no fault. */
class RowCheck {
  readonly faults: CellFault[] = [];

  constructor(
    private readonly row: Row,
    private readonly rules: RowRules,
  ) {}

  fault(field: BalikanField | null, code: RowFaultCode): void {
    this.faults.push({
      column: field === null ? null : (this.rules.columns.get(field) ?? null),
      field,
      code,
      value: field === null ? 'text' : this.cell(field).class,
    });
  }

  nik(): string {
    const cell = this.sound('nik');
    if (!cell) return '';
    if (cell.text === '') this.fault('nik', 'NIK_EMPTY');
    else if (cell.class === 'number') this.fault('nik', 'NIK_NUMBER_CELL');
    else {
      // typed in front of digits to make them a text
      const reading = readNik(cell.text.replace(/^'/, ''));
      if (reading.ok) return reading.nik;
      this.fault('nik', reading.fault);
    }
    return '';
  }

  text(field: keyof typeof balikanMost, empty: RowFaultCode, tooLong: RowFaultCode): string {
    const cell = this.sound(field);
    if (!cell) return '';
    const text = oneLine(cell.text);
    if (cell.class === 'boolean') this.fault(field, 'BOOLEAN_CELL');
    if (text === '') this.fault(field, empty);
    if (isTooLong(cell, text, balikanMost[field])) this.fault(field, tooLong);
    if (mayHoldNik(cell, text)) this.fault(field, 'HOLDS_NIK');
    return text;
  }

  registerNumber(text: string): void {
    if (text === '' || text.length > balikanMost.nomorRegister) return;
    const cell = this.cell('nomorRegister');
    if (cell.class === 'boolean') return;
    if (cell.class === 'number' && !isShownAsStored(cell)) {
      this.fault('nomorRegister', 'REGISTER_NUMBER_CELL');
      return;
    }
    // what Excel took for a date is not what was written
    const isDate = cell.class === 'date';
    if (isDate || this.rules.isRegisterNumber?.(text) === false) this.fault('nomorRegister', 'REGISTER_PATTERN');
  }

  kbli(): Candidate['kbli'] {
    const code = this.sound('kodeKbli');
    const version = this.sound('versiKbli');
    const versi = kbliVersions.find((known) => known === version?.text);
    // a number cell has lost the zero in front: four digits are not completed
    if (code && code.text !== '' && !/^\d{5}$/.test(code.text)) this.fault('kodeKbli', 'KBLI_FORMAT');
    if (version && !versi && (version.text !== '' || (code && code.text !== '')))
      this.fault('versiKbli', 'KBLI_VERSION');
    return code && code.text !== '' && versi ? { kode: code.text, versi } : null;
  }

  date(): string {
    const cell = this.sound('tanggal');
    if (!cell) return '';
    const day = readDate(cell.text);
    if (cell.text === '') this.fault('tanggal', 'DATE_EMPTY');
    else if (day === undefined) this.fault('tanggal', 'DATE_INVALID');
    else if (day > this.rules.today) this.fault('tanggal', 'DATE_IN_FUTURE');
    else if (day < this.rules.validFrom) this.fault('tanggal', 'DATE_TOO_EARLY');
    return day ?? '';
  }

  verificationId(): string | null {
    const cell = this.sound('idPemeriksaan');
    if (!cell || cell.text === '') return null;
    if (!VerificationId.safeParse(cell.text).success) this.fault('idPemeriksaan', 'VERIFICATION_ID');
    return cell.text.toLowerCase();
  }

  /** A cell whose form is as it should be; else that is its fault, and its content says nothing. */
  private sound(field: BalikanField): Cell | undefined {
    const cell = this.cell(field);
    if (cell.fault === undefined) return cell;
    this.fault(field, cell.fault);
    return undefined;
  }

  private cell(field: BalikanField): Cell {
    return this.row.cells[field] ?? absent;
  }
}
