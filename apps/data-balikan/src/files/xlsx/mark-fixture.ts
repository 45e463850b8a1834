import ExcelJS from 'exceljs';
import yauzl from 'yauzl';
import type { Mark } from '../table.js';
import { markXlsx } from './mark-xlsx.js';
import { bytesOf, names, sourceOf, titles } from './xlsx-fixture.js';

export async function* from(marks: readonly Mark[]): AsyncGenerator<Mark> {
  yield* marks;
}

export const marked = (bytes: Buffer, marks: readonly Mark[]): Promise<Buffer> =>
  bytesOf(markXlsx(sourceOf(bytes), from(marks), names));

export async function reopened(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  // exceljs declares a Buffer of its own
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook;
}

export async function partsOf(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const parts = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, await bytesOf(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

const red = 'FFFFB3AE';
export const isMarked = (cell: ExcelJS.Cell): boolean =>
  (cell.fill as ExcelJS.FillPattern | undefined)?.fgColor?.argb === red;
export const noteOf = (cell: ExcelJS.Cell): string =>
  typeof cell.note === 'string' ? cell.note : (cell.note?.texts ?? []).map((part) => part.text).join('');

/** Another program's workbook with everything that a clerk's file may have. */
export async function clerksWorkbook(): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet('Petunjuk').addRow(['Cara mengisi']);
  const sheet = workbook.addWorksheet('Data');
  sheet.addRow(['REKAP DATA BALIKAN']);
  sheet.addRow([]);
  sheet.addRow(titles);
  sheet.addRow(['3313044107909901', '500/1', 'Warung Contoh', 'Perdagangan', new Date('2026-01-31')]);
  sheet.addRow([3313044107909900, '500/2', '=SUM(1;2)', null, '31-01-2026', 'catatan']);
  sheet.addRow(['3313043108859903', '500/3', '@cmd', '+62', '-1']);
  sheet.getColumn(1).numFmt = '@';
  sheet.getCell('E4').numFmt = 'dd/mm/yyyy';
  sheet.getCell('C5').font = { bold: true, color: { argb: 'FF00AA00' } };
  sheet.getCell('F5').value = { formula: 'LEN(C5)', result: 3 };
  sheet.addConditionalFormatting({
    ref: 'A4:A9',
    rules: [{ type: 'expression', formulae: ['A4=""'], style: {}, priority: 1 }],
  });
  sheet.getCell('D4').dataValidation = { type: 'list', formulae: ['"Perdagangan,Jasa"'] };
  sheet.autoFilter = 'A3:E3';
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

export const marks: readonly Mark[] = [
  { row: 5, column: 1, code: 'NIK_NUMBER_CELL' },
  { row: 5, column: 4, code: 'BUSINESS_TYPE_EMPTY' },
  { row: 6, column: 5, code: 'DATE_INVALID' },
  { row: 6, column: 5, code: 'DATE_TOO_EARLY' },
  { row: 6, column: null, code: 'HIDDEN_ROW' },
];
