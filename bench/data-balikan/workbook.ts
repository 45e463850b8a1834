import ExcelJS from 'exceljs';
import { headers, type SheetRow } from './rows.js';

/** As another program writes it: shared strings, dates as numbers with a format. */
export async function writeWorkbook(rows: readonly SheetRow[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Data');
  sheet.addRow([...headers]);
  sheet.addRows(rows as unknown[][]);
  sheet.getColumn(headers.length).numFmt = 'yyyy-mm-dd';
  return Buffer.from(await book.xlsx.writeBuffer());
}

export interface MarkedUp {
  /** Cells with a comment. */
  comments: number;
  /** Rows of the sheet of refused rows, without its header. */
  refused: number;
}

/** What the marked-up copy shows to another program. */
export async function readMarkedUp(bytes: Buffer): Promise<MarkedUp> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  const [data, refused] = book.worksheets;
  let comments = 0;
  data?.eachRow((row) => row.eachCell({ includeEmpty: true }, (cell) => void (comments += cell.note ? 1 : 0)));
  return { comments, refused: (refused?.actualRowCount ?? 0) - 1 };
}
