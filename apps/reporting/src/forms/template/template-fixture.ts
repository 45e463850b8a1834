import ExcelJS from 'exceljs';
import { strToU8, unzipSync, zipSync } from 'fflate';

/** A form as an office would make one: styles, merged cells, sums, a picture, a second sheet. All names that can be filled in: */
export const formNames = ['hit', 'hit_januari', 'judul', 'kosong', 'sku', 'di_baris_baru'];

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** One sheet `Formulir 1` with named cells, one sheet `Petunjuk` without. */
export async function makeForm(): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Formulir 1');
  sheet.mergeCells('B2:E2');
  sheet.getCell('B2').value = 'Judul di sini';
  sheet.getCell('B2').font = { bold: true, size: 14 };
  sheet.getCell('C4').value = 0;
  sheet.getCell('C4').numFmt = '#,##0';
  sheet.getCell('C4').border = { top: { style: 'thin' } };
  sheet.getCell('C5').value = 5;
  sheet.getCell('C6').value = { formula: 'C4+C5', result: 5 };
  sheet.getCell('D4').value = 'teks & <tanda>';
  sheet.getColumn(7).numFmt = '0.00';
  const picture = workbook.addImage({ base64: onePixel, extension: 'png' });
  sheet.addImage(picture, 'H1:H2');
  const other = workbook.addWorksheet('Petunjuk');
  other.getCell('A1').value = 'Isi dengan benar';
  other.getCell('A2').value = 'tanpa rumus';
  const name = (area: string, called: string) => workbook.definedNames.add(area, called);
  name("'Formulir 1'!$B$2:$E$2", 'judul');
  name("'Formulir 1'!$C$4", 'hit');
  name("'Formulir 1'!$C$5", 'hit_januari');
  name("'Formulir 1'!$G$4", 'sku');
  name("'Formulir 1'!$B$5", 'kosong');
  name("'Formulir 1'!$A$20", 'di_baris_baru');
  name("'Formulir 1'!$C$6", 'rumus');
  name("'Formulir 1'!$C$4:$C$5", 'rentang');
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

export const partsOf = (bytes: Uint8Array): Record<string, Uint8Array> => unzipSync(bytes);

/** The same file with parts changed, added, or (null) taken away. */
export function withParts(bytes: Uint8Array, changes: Readonly<Record<string, string | null>>): Buffer {
  const parts = partsOf(bytes);
  for (const [name, text] of Object.entries(changes)) {
    if (text === null) delete parts[name];
    else parts[name] = strToU8(text);
  }
  return Buffer.from(zipSync(parts));
}

export const partText = (bytes: Uint8Array, name: string): string => Buffer.from(partsOf(bytes)[name]!).toString();

/** A worksheet written by hand, as the first one of the form. */
export const withSheet = (form: Buffer, xml: string): Buffer => withParts(form, { 'xl/worksheets/sheet1.xml': xml });
