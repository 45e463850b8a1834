import type { RowFaultCode } from '#contracts';
import type { SentRecord } from '../../apps/data-balikan/src/media/ministry-record.js';

/** One data balikan of a fake person. */
export interface BalikanRow extends SentRecord {
  nik: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Fake people, each another: serials from 9900 up, so that they meet nobody. */
export function nikOf(person: number): string {
  const day = Math.floor(person / 100);
  const date = two(1 + (day % 28)) + two(1 + (Math.floor(day / 28) % 12)) + two(40 + (Math.floor(day / 336) % 60));
  return `339701${date}${9_900 + (person % 100)}`;
}

export const registerNumberOf = (n: number): string => `500/${String(n).padStart(7, '0')}/SKU/I/2026`;

const types = ['Perdagangan eceran makanan', 'Jasa jahit', 'Bengkel sepeda motor', 'Warung makan'];
const codes = ['47112', '14120', '45407', '56102'];
const dayMs = 86_400_000;

/**
 * The n-th row of all: each has a register number of its own.
 *
 * @param from first day of the agreement, YYYY-MM-DD
 */
export function rowOf(n: number, people: number, from: string): BalikanRow {
  const hasCode = n % 2 === 0;
  return {
    nik: nikOf(n % people),
    nomorRegister: registerNumberOf(n),
    // some are written with what a CSV has to quote
    namaUsaha: n % 10 === 0 ? `Toko "Contoh"; cabang ${n}` : `Warung Contoh ${n}`,
    jenisUsaha: types[n % types.length] ?? '',
    kodeKbli: hasCode ? (codes[n % codes.length] ?? '') : null,
    versiKbli: hasCode ? '2020' : null,
    tanggal: new Date(Date.parse(from) + (n % 300) * dayMs).toISOString().slice(0, 10),
  };
}

/** In the order of the template. */
export const headers = [
  'NIK',
  'Nomor Register',
  'Nama Usaha',
  'Jenis Usaha',
  'Kode KBLI',
  'Versi KBLI',
  'Tanggal',
] as const;

export const cellsOf = (row: BalikanRow): (string | null)[] => [
  row.nik,
  row.nomorRegister,
  row.namaUsaha,
  row.jenisUsaha,
  row.kodeKbli,
  row.versiKbli,
  row.tanggal,
];

export function csvOf(rows: Iterable<BalikanRow>): string {
  const lines: string[] = [headers.join(';')];
  for (const row of rows) lines.push(cellsOf(row).map(csvCell).join(';'));
  return `${lines.join('\r\n')}\r\n`;
}

const csvCell = (text: string | null): string =>
  text === null ? '' : /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A number cell is what Excel makes of a NIK that is typed in. */
export type SheetRow = (string | number | Date | null)[];

export const sheetRowOf = (row: BalikanRow): SheetRow => [...cellsOf(row).slice(0, -1), new Date(row.tanggal)];

/** What a clerk gets wrong: each spoils one cell of a row, and the row is refused with this code. */
export const slips: readonly { code: RowFaultCode; spoil: (row: SheetRow) => void }[] = [
  { code: 'NIK_NUMBER_CELL', spoil: (row) => (row[0] = Number(row[0])) },
  { code: 'NIK_LENGTH', spoil: (row) => (row[0] = String(row[0]).slice(1)) },
  { code: 'BUSINESS_NAME_EMPTY', spoil: (row) => (row[2] = null) },
  { code: 'DATE_INVALID', spoil: (row) => (row[6] = 'kemarin') },
];

/** Spoils every `every`-th row; returns how many rows have each fault. */
export function addSlips(rows: SheetRow[], every: number): Map<RowFaultCode, number> {
  const made = new Map<RowFaultCode, number>();
  for (let at = every - 1, n = 0; at < rows.length; at += every, n += 1) {
    const slip = slips[n % slips.length];
    const row = rows[at];
    if (!slip || !row) continue;
    slip.spoil(row);
    made.set(slip.code, (made.get(slip.code) ?? 0) + 1);
  }
  return made;
}
