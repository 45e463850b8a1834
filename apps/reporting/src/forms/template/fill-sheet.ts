import { columnLetters, escapeXml, excelText } from '../xlsx/xml.js';
import { columnOf, readSheet, rowOf, type CellPlace, type RowPlace, type SheetPlaces } from './sheet-cells.js';
import type { TemplateValue } from './template-values.js';
import type { XmlTag } from './xml-tags.js';

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A worksheet with these cells filled in; every other character of it stays as it is. @param values by reference, `C12` */
export function fillSheet(xml: string, values: ReadonlyMap<string, TemplateValue>): string {
  const places = readSheet(xml);
  const edits: Edit[] = [];
  const byRow = new Map<number, string[]>();
  for (const reference of values.keys())
    byRow.set(rowOf(reference), [...(byRow.get(rowOf(reference)) ?? []), reference]);
  const added: { row: number; xml: string }[] = [];
  for (const [number, references] of [...byRow].sort(([a], [b]) => a - b)) {
    const sorted = references.sort((a, b) => columnOf(a) - columnOf(b));
    const row = places.rows.find((one) => one.row === number);
    if (row) edits.push(...rowEdits(places, row, sorted, values));
    else {
      const style = (reference: string) => styleOf(places, undefined, columnOf(reference));
      const prefix = prefixOf(places.sheetData?.tag);
      const cells = sorted
        .map((reference) => cellXml(prefix, reference, style(reference), values.get(reference)!))
        .join('');
      added.push({ row: number, xml: `<${prefix}row r="${number}">${cells}</${prefix}row>` });
    }
  }
  edits.push(...newRows(places, added));
  return edited(xml, edits);
}

function rowEdits(
  places: SheetPlaces,
  row: RowPlace,
  references: readonly string[],
  values: ReadonlyMap<string, TemplateValue>,
): Edit[] {
  const edits: Edit[] = [];
  const prefix = prefixOf(row.tag);
  let missing = '';
  for (const reference of references) {
    const value = values.get(reference)!;
    const cell = row.cells.find(({ column }) => column === columnOf(reference));
    if (cell) {
      edits.push({
        start: cell.tag.start,
        end: cell.end,
        text: cellXml(prefix, reference, cell.tag.attributes['s'], value),
      });
      continue;
    }
    const style = styleOf(places, row.tag, columnOf(reference));
    const text = cellXml(prefix, reference, style, value);
    const next = row.cells.find(({ column }) => column > columnOf(reference));
    if (next) edits.push({ start: next.tag.start, end: next.tag.start, text });
    else missing += text;
  }
  if (missing !== '') edits.push(endOf(row.tag, row.end, missing));
  return edits;
}

/** Rows that the sheet does not have, before the next one that it has, or at the end. */
function newRows({ rows, sheetData }: SheetPlaces, added: readonly { row: number; xml: string }[]): Edit[] {
  const last = added.filter(({ row }) => !rows.some((one) => one.row > row));
  const before = added.filter((one) => !last.includes(one));
  const edits = before.map(({ row, xml }) => {
    const { start } = rows.find((one) => one.row > row)!.tag;
    return { start, end: start, text: xml };
  });
  if (last.length === 0 || !sheetData) return edits;
  return [...edits, endOf(sheetData.tag, sheetData.end, last.map(({ xml }) => xml).join(''))];
}

/** At the end of an element, which may be an empty one. */
function endOf({ name, start, end, selfClosing, attributes }: XmlTag, close: number, text: string): Edit {
  if (!selfClosing) return { start: close - `</${name}>`.length, end: close - `</${name}>`.length, text };
  return { start, end, text: `<${name}${attributesXml(attributes)}>${text}</${name}>` };
}

const attributesXml = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');

const prefixOf = (tag: XmlTag | undefined): string =>
  tag ? tag.name.slice(0, tag.name.length - tag.local.length) : '';

/** As the cell would look: of its row, else of its column. */
function styleOf({ columnStyles }: SheetPlaces, row: XmlTag | undefined, column: number): string | undefined {
  const ofRow = row && /^(1|true)$/.test(row.attributes['customFormat'] ?? '') ? row.attributes['s'] : undefined;
  return ofRow ?? columnStyles.find(({ min, max }) => min <= column && column <= max)?.style;
}

function cellXml(prefix: string, reference: string, style: string | undefined, value: TemplateValue): string {
  const head = `<${prefix}c r="${columnLetters(columnOf(reference))}${rowOf(reference)}"${style === undefined ? '' : ` s="${escapeXml(style)}"`}`;
  if (value === null || value === '') return `${head}/>`;
  if (typeof value === 'number') return `${head}><${prefix}v>${value}</${prefix}v></${prefix}c>`;
  return `${head} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${excelText(value)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** What formulas came to before is not true any more: without it whoever opens the file reckons anew. */
export function withoutResults(xml: string): string {
  const values = readSheet(xml)
    .rows.flatMap(({ cells }) => cells)
    .filter((cell): cell is CellPlace & Required<Pick<CellPlace, 'value'>> => cell.formula && cell.value !== undefined);
  return edited(
    xml,
    values.map(({ value }) => ({ ...value, text: '' })),
  );
}

/** Edits that do not overlap; of those at one place the first one comes first. */
export function edited(xml: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    text += xml.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + xml.slice(at);
}
