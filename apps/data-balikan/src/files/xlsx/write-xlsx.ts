import { columnLetter } from '../column-letter.js';
import { dayToSerial } from './cell-values.js';
import { namespacesOf, packageRelationships } from './mark-package.js';
import { writtenFormats, writtenStyles } from './write-styles.js';
import { attributesText, escapeText, excelText, xmlHead } from './xml-writing.js';
import { zipStream, type ZipPart } from '#service/zip-stream';

/** Of a date `YYYY-MM-DD`; null: an empty cell. A text stays a text, whatever it begins with. */
export type WrittenCell = string | number | { date: string } | null;

export interface WrittenColumn {
  header: string;
  /** In characters. */
  width?: number;
  /** Format of the column's cells, also of the empty ones that somebody fills in later. Default: text. */
  kind?: 'text' | 'date' | 'number';
  validation?: ColumnValidation;
}

/** What Excel lets into the cells below the header. */
export interface ColumnValidation {
  /** A drop-down: the choices (255 characters in all), or a range such as `Daftar!$A$2:$A$40`. */
  list?: readonly string[] | { range: string };
  /** Characters. */
  textLength?: { min: number; max: number };
  /** `YYYY-MM-DD`. */
  date?: { from: string; to: string };
  /** Shown when something else is typed; without it Excel says so in its own words. */
  message?: { title: string; text: string };
  /** Shown when the cell is chosen. */
  prompt?: { title: string; text: string };
  /** WARNING lets it in after a question. Default STOP. */
  strictness?: 'STOP' | 'WARNING';
}

/** A table with a header: frozen, bold, with a filter. */
export interface TableSheet {
  kind: 'table';
  name: string;
  hidden?: boolean;
  columns: readonly WrittenColumn[];
  rows: AsyncIterable<readonly WrittenCell[]> | Iterable<readonly WrittenCell[]>;
  /** Last row that validations reach. Default 100,001: header and as many rows as an upload may have. */
  validatedTo?: number;
}

/** Text to be read and not to be changed; the first line is bold. */
export interface TextSheet {
  kind: 'text';
  name: string;
  lines: readonly string[];
}

export type WrittenSheet = TableSheet | TextSheet;

const { main, relationships } = namespacesOf(false);
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** A workbook, at the pace of who takes it; the rows of one sheet after the other. */
export function writeXlsx(sheets: readonly WrittenSheet[]): AsyncIterable<Buffer> {
  checkNames(sheets);
  const files: readonly (readonly [string, ZipPart['data']])[] = [
    ['[Content_Types].xml', () => [contentTypes(sheets)]],
    ['_rels/.rels', () => [packageList()]],
    ['xl/workbook.xml', () => [workbook(sheets)]],
    ['xl/_rels/workbook.xml.rels', () => [workbookList(sheets)]],
    ['xl/styles.xml', () => [writtenStyles(main)]],
    ...sheets.map((sheet, n) => [partOf(n), () => sheetXml(sheet)] as const),
  ];
  return zipStream(files.map(([name, data]) => ({ name, data })));
}

const partOf = (index: number): string => `xl/worksheets/sheet${index + 1}.xml`;

function checkNames(sheets: readonly WrittenSheet[]): void {
  const names = new Set(sheets.map(({ name }) => name.toLowerCase()));
  const sound = sheets.every(({ name }) => /^[^:\\/?*[\]']{1,31}$/.test(name));
  if (sheets.length === 0 || names.size !== sheets.length || !sound) throw new Error('sheet names');
}

const contentTypes = (sheets: readonly WrittenSheet[]): string =>
  `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>' +
  `<Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>` +
  sheets.map((_, n) => `<Override PartName="/${partOf(n)}" ContentType="${contentType}.worksheet+xml"/>`).join('') +
  '</Types>';

const packageList = (): string =>
  `${xmlHead}<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

const workbookList = (sheets: readonly WrittenSheet[]): string =>
  `${xmlHead}<Relationships xmlns="${packageRelationships}">` +
  sheets
    .map(
      (_, n) =>
        `<Relationship Id="rId${n + 1}" Type="${relationships}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`,
    )
    .join('') +
  `<Relationship Id="rId${sheets.length + 1}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`;

function workbook(sheets: readonly WrittenSheet[]): string {
  const entries = sheets.map((sheet, n) => {
    const state = sheet.kind === 'table' && sheet.hidden ? 'hidden' : undefined;
    return `<sheet${attributesText({ name: sheet.name, sheetId: n + 1, state, 'r:id': `rId${n + 1}` })}/>`;
  });
  return `${xmlHead}<workbook xmlns="${main}" xmlns:r="${relationships}"><bookViews><workbookView/></bookViews><sheets>${entries.join('')}</sheets></workbook>`;
}

const sheetXml = (sheet: WrittenSheet): AsyncIterable<string> =>
  sheet.kind === 'table' ? tableXml(sheet) : textXml(sheet);

const batchRows = 200;

async function* tableXml(sheet: TableSheet): AsyncGenerator<string> {
  const { columns } = sheet;
  const formats = columns.map(({ kind = 'text' }) => formatOf(kind));
  yield (
    `${xmlHead}<worksheet xmlns="${main}">` +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${columns.map(({ width = 20 }, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" style="${formats[n]}" customWidth="1"/>`).join('')}</cols>` +
    `<sheetData>${rowXml(
      1,
      columns.map(({ header }) => header),
      columns.map(() => writtenFormats.header),
    )}`
  );
  let row = 1;
  let pieces: string[] = [];
  for await (const cells of sheet.rows) {
    row += 1;
    pieces.push(rowXml(row, cells, formats));
    if (pieces.length < batchRows) continue;
    yield pieces.join('');
    pieces = [];
  }
  yield `${pieces.join('')}</sheetData><autoFilter ref="A1:${columnLetter(columns.length)}${row}"/>${validationsXml(sheet)}</worksheet>`;
}

async function* textXml({ lines }: TextSheet): AsyncGenerator<string> {
  const format = (n: number): number => (n === 0 ? writtenFormats.header : writtenFormats.prose);
  yield (
    `${xmlHead}<worksheet xmlns="${main}"><cols><col min="1" max="1" width="110" customWidth="1"/></cols><sheetData>` +
    lines.map((line, n) => rowXml(n + 1, [line], [format(n)])).join('') +
    '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/></worksheet>'
  );
}

const formatOf = (kind: 'text' | 'date' | 'number'): number =>
  ({ text: writtenFormats.text, date: writtenFormats.date, number: writtenFormats.general })[kind];

const rowXml = (row: number, cells: readonly WrittenCell[], formats: readonly number[]): string =>
  `<row r="${row}">${cells.map((cell, n) => cellXml(`${columnLetter(n + 1)}${row}`, cell, formats[n] ?? 0)).join('')}</row>`;

function cellXml(reference: string, cell: WrittenCell, format: number): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'string') {
    const style = format === writtenFormats.date ? writtenFormats.text : format;
    return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${excelText(cell)}</t></is></c>`;
  }
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  return `<c r="${reference}" s="${writtenFormats.date}"><v>${dayToSerial(cell.date)}</v></c>`;
}

function validationsXml({ columns, validatedTo = 100_001 }: TableSheet): string {
  const validations = columns.flatMap(({ validation }, n) => {
    if (!validation) return [];
    const letters = columnLetter(n + 1);
    return [validationXml(validation, `${letters}2:${letters}${validatedTo}`)];
  });
  if (validations.length === 0) return '';
  return `<dataValidations count="${validations.length}">${validations.join('')}</dataValidations>`;
}

function validationXml(validation: ColumnValidation, range: string): string {
  const { message, prompt, strictness = 'STOP' } = validation;
  const { attributes, formulas } = ruleOf(validation);
  const all = {
    ...attributes,
    errorStyle: strictness === 'WARNING' ? 'warning' : undefined,
    allowBlank: 1,
    showInputMessage: prompt ? 1 : undefined,
    showErrorMessage: formulas.length > 0 ? 1 : undefined,
    errorTitle: message?.title.slice(0, 32),
    error: message?.text.slice(0, 255),
    promptTitle: prompt?.title.slice(0, 32),
    prompt: prompt?.text.slice(0, 255),
    sqref: range,
  };
  const content = formulas.map((formula, n) => `<formula${n + 1}>${escapeText(formula)}</formula${n + 1}>`).join('');
  return `<dataValidation${attributesText(all)}>${content}</dataValidation>`;
}

function ruleOf({ list, textLength, date }: ColumnValidation): {
  attributes: Record<string, string>;
  formulas: string[];
} {
  if (list) return { attributes: { type: 'list' }, formulas: [listFormula(list)] };
  const between = (type: string, from: number, to: number) => ({
    attributes: { type, operator: 'between' },
    formulas: [String(from), String(to)],
  });
  if (textLength) return between('textLength', textLength.min, textLength.max);
  if (date) return between('date', dayToSerial(date.from), dayToSerial(date.to));
  return { attributes: {}, formulas: [] };
}

function listFormula(list: readonly string[] | { range: string }): string {
  if ('range' in list) return list.range;
  const choices = list.join(',');
  if (choices.length > 255 || list.some((choice) => /[,"]/.test(choice))) throw new Error('choices need a range');
  return `"${choices}"`;
}
