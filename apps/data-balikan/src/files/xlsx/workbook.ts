import { posix } from 'node:path';
import { FileFault } from '../table.js';
import { limits } from './limits.js';
import { localName, readXml, type XmlTag } from './xml.js';
import type { ZipPackage } from './zip-package.js';

export interface Relationship {
  id: string;
  /** Last part of the type's address, the same in transitional and strict files: `worksheet`, `styles`, ... */
  kind: string;
  /** Name of the part it points to. */
  part: string;
}

export interface SheetEntry {
  name: string;
  part: string;
  hidden: boolean;
}

export interface Workbook {
  part: string;
  /** ISO/IEC 29500 strict: other namespaces. */
  strict: boolean;
  date1904: boolean;
  /** Worksheets in the order of their tabs; charts and dialogs are left out. */
  sheets: SheetEntry[];
  relationships: Relationship[];
}

export const relationshipsPart = (part: string): string =>
  posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);

/** @throws {FileFault} FILE_TYPE: a zip that is no workbook; FILE_MACROS; FILE_DAMAGED */
export async function readWorkbook(zip: ZipPackage): Promise<Workbook> {
  if (!zip.has('[Content_Types].xml') || !zip.has('_rels/.rels')) throw new FileFault('FILE_TYPE');
  if (zip.names().some((name) => /(^|\/)vbaProject[^/]*\.bin$/i.test(name))) throw new FileFault('FILE_MACROS');
  const root = await readRelationships(zip, '');
  const part = root.find(({ kind }) => kind === 'officeDocument')?.part;
  if (!part || !zip.has(part)) throw new FileFault('FILE_TYPE');
  await checkContentType(zip, part);
  const relationships = await readRelationships(zip, part);
  if (relationships.some(({ kind }) => kind === 'vbaProject')) throw new FileFault('FILE_MACROS');
  return { part, relationships, ...(await readSheets(zip, part, relationships)) };
}

/** Relationships of a part inside the package; '' is the package itself. None where it has no such list. */
export async function readRelationships(zip: ZipPackage, part: string): Promise<Relationship[]> {
  const list = relationshipsPart(part);
  if (!zip.has(list)) return [];
  const found: Relationship[] = [];
  await readXml(zip.read(list), {
    open: ({ local, attributes }, depth) => {
      if (depth !== 2 || local !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      if (found.length >= limits.entries) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
      const target = attributes['Target'] ?? '';
      const absolute = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(part), target);
      const kind = (attributes['Type'] ?? '').split('/').at(-1)!;
      found.push({ id: attributes['Id'] ?? '', kind, part: posix.normalize(absolute) });
    },
  });
  return found;
}

async function checkContentType(zip: ZipPackage, part: string): Promise<void> {
  let workbookType: string | undefined;
  await readXml(zip.read('[Content_Types].xml'), {
    open: ({ local, attributes }) => {
      const type = attributes['ContentType'] ?? '';
      if (/macroEnabled|vbaProject/i.test(type) && local === 'Override') throw new FileFault('FILE_MACROS');
      if (local === 'Override' && attributes['PartName']?.toLowerCase() === `/${part.toLowerCase()}`)
        workbookType = type;
    },
  });
  const wrong = workbookType !== undefined && !/spreadsheetml\.(sheet|template)\.main\+xml$/.test(workbookType);
  if (wrong || !part.toLowerCase().endsWith('.xml')) throw new FileFault('FILE_TYPE');
}

async function readSheets(
  zip: ZipPackage,
  part: string,
  relationships: readonly Relationship[],
): Promise<Pick<Workbook, 'strict' | 'date1904' | 'sheets'>> {
  const result = { strict: false, date1904: false, sheets: [] as SheetEntry[] };
  await readXml(zip.read(part), {
    open: (tag, depth) => {
      const { local, attributes } = tag;
      if (depth === 1) {
        if (local !== 'workbook') throw new FileFault('FILE_TYPE');
        result.strict = Object.values(attributes).includes('http://purl.oclc.org/ooxml/spreadsheetml/main');
      } else if (depth === 2 && local === 'workbookPr') {
        result.date1904 = isTrue(attributes['date1904']);
      } else if (depth === 3 && local === 'sheet') {
        const target = relationships.find(({ id }) => id === relationshipId(tag));
        if (!target) throw new FileFault('FILE_DAMAGED');
        if (target.kind !== 'worksheet') return;
        // else one part could be had read hundreds of times
        if (result.sheets.some((sheet) => sheet.part === target.part)) throw new FileFault('FILE_DAMAGED');
        if (result.sheets.length >= limits.sheets) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
        const hidden = /^(veryH|h)idden$/.test(attributes['state'] ?? '');
        result.sheets.push({ name: attributes['name'] ?? '', part: target.part, hidden });
      }
    },
  });
  return result;
}

/** The value of r:id, whatever the prefix. */
export function relationshipId(tag: XmlTag): string | undefined {
  const name = relationshipIdName(tag);
  return name === undefined ? undefined : tag.attributes[name];
}

export const relationshipIdName = ({ attributes }: XmlTag): string | undefined =>
  Object.keys(attributes).find((name) => name.includes(':') && localName(name) === 'id');

/** xsd:boolean, and the on of old files. */
export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true' || value === 'on';
