import { findCell, readSheet, type SheetPlaces } from './sheet-cells.js';
import { templateFault } from './template-fault.js';
import { openTemplate, relationshipsOf, textOf, type TemplatePackage } from './template-package.js';
import { parseXml } from './xml-tags.js';

export interface NamedCell {
  name: string;
  /** Part of the sheet in the package. */
  sheet: string;
  /** `C12` */
  cell: string;
}

export interface Template extends TemplatePackage {
  cells: NamedCell[];
}

/** `Lembar1!$C$12` or `'Lembar 1'!$B$4:$D$4`, and nothing of another file. */
const oneArea = /^(?:'((?:[^']|'')+)'|([^'![\]:,()]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i;
const mostNames = 2_000;

/**
 * The ministry's own form: which named cells it has. A name counts when it points to one cell, merged ones being one, that holds no
 * formula.
 * @throws {AppError} TEMPLATE_INVALID, with the reason
 */
export function readTemplate(bytes: Uint8Array): Template {
  const file = openTemplate(bytes);
  const { names, sheets } = readWorkbook(file);
  const read = new Map<string, SheetPlaces>();
  const placesOf = (sheet: string): SheetPlaces => {
    const known = read.get(sheet) ?? readSheet(textOf(file.parts[sheet]!));
    read.set(sheet, known);
    return known;
  };
  const cells = new Map<string, NamedCell>();
  for (const { name, refersTo } of names) {
    const [, quoted, plain, column, row, lastColumn, lastRow] = oneArea.exec(refersTo) ?? [];
    const sheet = sheets.get((quoted?.replaceAll("''", "'") ?? plain ?? '').toLowerCase());
    // of two of one name, on different sheets, the first one counts: which was meant is anybody's guess
    if (!sheet || !file.parts[sheet] || cells.has(name.toLowerCase())) continue;
    const cell = `${column}${row}`.toUpperCase();
    const area = lastColumn === undefined ? cell : `${cell}:${lastColumn.toUpperCase()}${lastRow}`;
    const places = placesOf(sheet);
    if (area !== cell && area !== `${cell}:${cell}` && !places.merged.includes(area)) continue;
    if (findCell(places, cell)?.formula) continue;
    cells.set(name.toLowerCase(), { name, sheet, cell });
  }
  if (cells.size === 0) throw templateFault('NO_NAMES');
  return { ...file, cells: [...cells.values()] };
}

function readWorkbook({ parts, workbook }: TemplatePackage) {
  const targets = new Map(
    relationshipsOf(parts, workbook)
      .filter(({ type }) => type.endsWith('/worksheet'))
      .map(({ id, part }) => [id, part]),
  );
  const sheets = new Map<string, string>();
  const names: { name: string; refersTo: string }[] = [];
  let open: { name: string; refersTo: string } | undefined;
  parseXml(textOf(parts[workbook]!), {
    open: ({ local, attributes }) => {
      if (local === 'sheet') {
        const id = Object.entries(attributes).find(([name]) => /^\w+:id$/.test(name))?.[1] ?? '';
        const part = targets.get(id);
        if (part !== undefined) sheets.set((attributes['name'] ?? '').toLowerCase(), part);
      }
      if (local === 'definedName' && isForPeople(attributes)) open = { name: attributes['name']!, refersTo: '' };
    },
    text: (text) => {
      if (open) open.refersTo += text;
    },
    close: ({ local }) => {
      if (local !== 'definedName' || !open) return;
      names.push({ ...open, refersTo: open.refersTo.trim().replace(/^=/, '') });
      open = undefined;
      if (names.length > mostNames) throw templateFault('TOO_LARGE');
    },
  });
  return { sheets, names };
}

/** Not those that Excel makes for itself, such as print areas. */
const isForPeople = ({ name = '', hidden, function: isFunction }: Readonly<Record<string, string>>): boolean =>
  name !== '' &&
  name.length <= 255 &&
  !/^_xl/i.test(name) &&
  !/^(1|true)$/.test(hidden ?? '') &&
  !/^(1|true)$/.test(isFunction ?? '');
