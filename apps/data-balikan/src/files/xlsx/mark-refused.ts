import { rowFaults, type BalikanField, type RowFaultCode } from '#contracts';
import { columnLetter } from '../column-letter.js';
import type { MarkedRow, MarkList } from './mark-list.js';
import type { XlsxTable } from './open-xlsx.js';
import { reasonTitle, rowTitle } from './refused-sheet.js';
import { attributesText, excelText, xmlHead } from './xml-writing.js';

const frozenHeader =
  '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';

/**
 * The sheet of refused rows: their cells as text, never as formulas, and what is wrong with each.
 *
 * @param frozen the workbook has a window (bookViews), without which there is nothing to freeze
 */
export async function* refusedSheet(
  table: XlsxTable,
  marks: MarkList,
  textStyle: number,
  namespace: string,
  frozen: boolean,
): AsyncGenerator<string> {
  const fields = [...table.columns].sort(([, a], [, b]) => a - b).map(([field]) => field);
  const titles = [rowTitle, ...fields.map((field) => table.titles.get(field) ?? field), reasonTitle];
  yield (
    `${xmlHead}<worksheet${attributesText({ xmlns: namespace })}>` +
    (frozen ? frozenHeader : '') +
    `<cols><col min="1" max="1" width="8" customWidth="1"/><col min="2" max="${titles.length - 1}" width="24" customWidth="1"/><col min="${titles.length}" max="${titles.length}" width="90" customWidth="1"/></cols>` +
    `<sheetData>${rowXml(1, titles, textStyle)}`
  );
  const marked = marks.byRow();
  let next = marked.next().value as MarkedRow | undefined;
  let at = 1;
  if (next) {
    for await (const rows of table.rows()) {
      const pieces: string[] = [];
      for (const { row, cells } of rows) {
        while (next && next.row < row) next = marked.next().value as MarkedRow | undefined;
        if (next?.row !== row) continue;
        at += 1;
        const texts = fields.map((field) => cells[field]?.text ?? '');
        pieces.push(rowXml(at, [String(row), ...texts, reasonsOf(next, table)], textStyle));
      }
      if (pieces.length > 0) yield pieces.join('');
      if (!next) break;
    }
  }
  yield '</sheetData></worksheet>';
}

function reasonsOf({ whole, cells }: MarkedRow, table: XlsxTable): string {
  const fieldAt = new Map<number, BalikanField>([...table.columns].map(([field, column]) => [column, field]));
  const ofCells = cells.flatMap(({ column, codes }) => {
    const own = codes.filter((code) => !whole.includes(code));
    if (own.length === 0) return [];
    const field = fieldAt.get(column);
    const title = (field && table.titles.get(field)) ?? columnLetter(column);
    return [`${title}: ${textOf(own)}`];
  });
  return [...whole.map((code) => rowFaults[code]), ...ofCells].join('\n');
}

const textOf = (codes: readonly RowFaultCode[]): string => codes.map((code) => rowFaults[code]).join(' ');

const rowXml = (row: number, texts: readonly string[], style: number): string =>
  `<row r="${row}">${texts
    .map((text, index) =>
      text === ''
        ? ''
        : `<c r="${columnLetter(index + 1)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${excelText(text)}</t></is></c>`,
    )
    .join('')}</row>`;
