import type { Cell, CellKind, ReportTable } from '../tables/table.js';
import { formats } from './styles.js';
import { columnLetters, daySerial, excelText, timeSerial, xmlHead } from './xml.js';

const namespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** To a ten-thousandth of a percent: what every program shows and keeps. */
export const shareOf = ({ part, whole }: { part: number; whole: number }): number =>
  Math.round((part / whole) * 1e6) / 1e6;

/** One table: the head in the first row, which stays in sight; sums at the end. */
export function tableXml({ columns, rows, total }: ReportTable): string {
  const kinds = columns.map(({ kind }) => kind);
  const head = columns.map(({ title, kind }) => (kind === 'minutes' ? `${title} (menit)` : title));
  const body = [
    rowXml(
      1,
      head.map((title, n) => textCell(reference(n, 1), title, formats.header)),
    ),
    ...rows.map((row, n) =>
      rowXml(
        n + 2,
        row.map((cell, column) => cellXml(reference(column, n + 2), cell, kinds[column]!)),
      ),
    ),
    ...(total ? [totalXml(total, rows.length + 2)] : []),
  ];
  return (
    `${xmlHead}<worksheet xmlns="${namespace}">` +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${columns.map(({ kind, title }, n) => `<col min="${n + 1}" max="${n + 1}" width="${widthOf(kind, title)}" customWidth="1"/>`).join('')}</cols>` +
    `<sheetData>${body.join('')}</sheetData></worksheet>`
  );
}

/** Lines of a name and what it is, for the first sheet. */
export function coverXml(title: string, lines: readonly (readonly [string, string | number])[]): string {
  const rows = lines.map(([name, value], n) => {
    const row = n + 3;
    const cell =
      typeof value === 'number'
        ? numberCell(`B${row}`, value, formats.count)
        : textCell(`B${row}`, value, formats.text);
    return rowXml(row, [textCell(`A${row}`, name, formats.text), cell]);
  });
  return (
    `${xmlHead}<worksheet xmlns="${namespace}"><cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols>` +
    `<sheetData>${rowXml(1, [textCell('A1', title, formats.title)])}${rows.join('')}</sheetData></worksheet>`
  );
}

const reference = (column: number, row: number): string => `${columnLetters(column + 1)}${row}`;
const rowXml = (row: number, cells: readonly string[]): string => `<row r="${row}">${cells.join('')}</row>`;

const totalXml = (total: readonly Cell[], row: number): string =>
  rowXml(
    row,
    total.map((cell, column) => {
      const at = reference(column, row);
      if (typeof cell === 'number') return numberCell(at, cell, formats.total);
      return typeof cell === 'string' ? textCell(at, cell, formats.header) : cellXml(at, cell, 'share');
    }),
  );

function cellXml(at: string, cell: Cell, kind: CellKind): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'object') return cell.whole === 0 ? '' : numberCell(at, shareOf(cell), formats.share);
  if (typeof cell === 'number') return numberCell(at, cell, formats.count);
  if (kind === 'day') return numberCell(at, daySerial(cell), formats.day);
  if (kind === 'month') return numberCell(at, daySerial(`${cell}-01`), formats.month);
  if (kind === 'time') return numberCell(at, timeSerial(cell), formats.time);
  return textCell(at, cell, formats.text);
}

const numberCell = (at: string, value: number, format: number): string =>
  `<c r="${at}" s="${format}"><v>${value}</v></c>`;

const textCell = (at: string, value: string, format: number): string =>
  value === ''
    ? ''
    : `<c r="${at}" s="${format}" t="inlineStr"><is><t xml:space="preserve">${excelText(value)}</t></is></c>`;

const widths: Record<CellKind, number> = { text: 34, count: 14, day: 14, month: 14, time: 20, minutes: 16, share: 12 };
/** In characters. */
const widthOf = (kind: CellKind, title: string): number => Math.max(widths[kind], Math.min(title.length + 3, 30));
