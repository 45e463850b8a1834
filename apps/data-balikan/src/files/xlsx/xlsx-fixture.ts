import { defaultColumns } from '#contracts';
import type { ColumnNames, FileSource, Row, Table } from '../table.js';
import { openXlsx } from './open-xlsx.js';
import { zipStream } from '#service/zip-stream';

export const names: ColumnNames = defaultColumns;

export const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

export async function bytesOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** @param bytes handed out in pieces of exactly what is asked for */
export const sourceOf = (bytes: Buffer): FileSource & { reads: number } => ({
  size: bytes.length,
  reads: 0,
  async read(offset, length) {
    this.reads += 1;
    if (offset < 0 || length < 0 || length > 1024 * 1024) throw new RangeError('unbounded read');
    return Buffer.from(bytes.subarray(offset, offset + length));
  },
});

export const zipOf = (parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer> =>
  bytesOf(zipStream(Object.entries(parts).map(([name, data]) => ({ name, data: () => [data] }))));

export interface HandSheet {
  name?: string;
  state?: string;
  /** Inside sheetData. */
  rows: string;
  before?: string;
  after?: string;
}

/** A workbook written by hand. */
export interface HandWorkbook {
  sheets: readonly HandSheet[];
  sharedStrings?: string;
  styles?: string;
  workbookPr?: string;
  /** Replaces or adds parts; an empty one takes it away. */
  parts?: Readonly<Record<string, string | Buffer>>;
}

export function handParts({ sheets, sharedStrings, styles, workbookPr = '', parts = {} }: HandWorkbook) {
  const all: Record<string, string | Buffer> = {
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}">${workbookPr}<sheets>${sheets
      .map(
        ({ name, state }, n) =>
          `<sheet name="${name ?? `Sheet${n + 1}`}" sheetId="${n + 1}"${state ? ` state="${state}"` : ''} r:id="rId${n + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships">${sheets
      .map(
        (_, n) => `<Relationship Id="rId${n + 1}" Type="${office}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`,
      )
      .join(
        '',
      )}<Relationship Id="s" Type="${office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="${office}/styles" Target="/xl/styles.xml"/></Relationships>`,
  };
  if (sharedStrings !== undefined) all['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${sharedStrings}</sst>`;
  if (styles !== undefined) all['xl/styles.xml'] = `<styleSheet xmlns="${main}">${styles}</styleSheet>`;
  sheets.forEach(({ rows, before = '', after = '' }, n) => {
    all[`xl/worksheets/sheet${n + 1}.xml`] =
      `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;
  });
  return Object.fromEntries(Object.entries({ ...all, ...parts }).filter(([, text]) => text !== ''));
}

export const handWorkbook = (workbook: HandWorkbook): Promise<Buffer> => zipOf(handParts(workbook));

/** One sheet, and nothing else. */
export const handRows = (rows: string, more: Partial<HandWorkbook> & Partial<HandSheet> = {}): Promise<Buffer> => {
  const { before, after, ...rest } = more;
  const sheet = { rows, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return handWorkbook({ sheets: [sheet], ...rest });
};

export const text = (value: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;

export const titles = ['NIK', 'Nomor Register', 'Nama Usaha', 'Jenis Usaha', 'Tanggal'];
export const headerXml = (row?: number): string => `<row${row ? ` r="${row}"` : ''}>${titles.map(text).join('')}</row>`;

/** A good row; cells may be replaced by XML. */
export const dataXml = (cells: Readonly<Record<number, string>> = {}, attributes = ''): string =>
  `<row${attributes}>${['3313044107909901', '500/001/SKU/I/2026', 'Warung Contoh', 'Perdagangan', '2026-01-31']
    .map((value, n) => cells[n] ?? text(value))
    .join('')}</row>`;

export async function readAll(table: Table): Promise<Row[]> {
  const all: Row[] = [];
  for await (const rows of table.rows()) all.push(...rows);
  return all;
}

export async function open(bytes: Buffer): Promise<{ table: Table; rows: Row[] }> {
  const table = await openXlsx(sourceOf(bytes), names);
  return { table, rows: await readAll(table) };
}

/** Code of the fault that opening and reading it ends in, with the column; undefined: none. */
export async function faultOf(bytes: Buffer): Promise<string | undefined> {
  try {
    await open(bytes);
    return undefined;
  } catch (error) {
    const { name, code, column, message } = error as { name: string; code?: string; column?: string; message: string };
    return name === 'FileFault' ? `${code}${column ? ` ${column}` : ''}` : `NOT A FAULT: ${message}`;
  }
}
