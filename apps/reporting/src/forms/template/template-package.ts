import { unzipSync } from 'fflate';
import { AppError } from '#service';
import { templateFault } from './template-fault.js';
import { parseXml } from './xml-tags.js';

/** So large a file fits one message of the bus (`reporting.upload-template.v1`). */
export const mostTemplateBytes = 150 * 1024;
const mostParts = 500;
const mostInflatedBytes = 20 * 1024 * 1024;

const forbiddenParts =
  /(^|\/)(externalLinks|macrosheets|dialogsheets)\/|(^|\/)(vbaProject[^/]*\.bin|connections\.xml)$/i;

export interface TemplatePackage {
  /** In the order of the file. */
  parts: Record<string, Uint8Array>;
  workbook: string;
}

/** @throws {AppError} TEMPLATE_INVALID: no XLSX, too large, macros, links to the outside */
export function openTemplate(bytes: Uint8Array): TemplatePackage {
  if (bytes.length > mostTemplateBytes) throw templateFault('TOO_LARGE');
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw templateFault('NOT_XLSX');
  const parts = unzip(bytes);
  const types = parts['[Content_Types].xml'];
  if (!types) throw templateFault('NOT_XLSX');
  const names = Object.keys(parts);
  if (/macroEnabled|vbaProject/i.test(textOf(types))) throw templateFault('MACROS');
  for (const name of names.filter((part) => forbiddenParts.test(part)))
    throw templateFault(/externalLinks|connections/i.test(name) ? 'EXTERNAL_LINKS' : 'MACROS');
  for (const name of names.filter((part) => part.endsWith('.rels'))) checkRelationships(textOf(parts[name]!));
  const workbook = relationshipsOf(parts, '').find(({ type }) => type.endsWith('/officeDocument'))?.part;
  if (workbook === undefined || !parts[workbook]) throw templateFault('NOT_XLSX');
  return { parts, workbook };
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  let count = 0;
  let inflated = 0;
  const unzipped = () =>
    unzipSync(bytes, {
      // what a part says of its size is the room that it gets: fflate writes nothing beyond
      filter: ({ name, originalSize }) => {
        count += 1;
        inflated += originalSize;
        if (count > mostParts || inflated > mostInflatedBytes) throw templateFault('TOO_LARGE');
        return !name.endsWith('/');
      },
    });
  try {
    return unzipped();
  } catch (error) {
    throw error instanceof AppError ? error : templateFault('DAMAGED', error);
  }
}

/** UTF-8 with its mark kept, so that positions in the text are those of the part. @throws {AppError} TEMPLATE_INVALID */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw templateFault('DAMAGED', error);
  }
}

export interface Relationship {
  id: string;
  type: string;
  /** Path of the part in the package. */
  part: string;
}

/** What a part refers to; of the package itself: ''. */
export function relationshipsOf(parts: TemplatePackage['parts'], from: string): Relationship[] {
  const slash = from.lastIndexOf('/');
  const folder = from.slice(0, slash + 1);
  const list = parts[`${folder}_rels/${from.slice(slash + 1)}.rels`];
  const found: Relationship[] = [];
  if (!list) return found;
  parseXml(textOf(list), {
    open: ({ local, attributes: { Id = '', Type = '', Target = '', TargetMode } }) => {
      if (local === 'Relationship' && TargetMode !== 'External')
        found.push({ id: Id, type: Type, part: resolved(folder, Target) });
    },
  });
  return found;
}

function resolved(folder: string, target: string): string {
  const path = target.startsWith('/') ? target.slice(1) : folder + target;
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** A link that somebody clicks is harmless; whatever is fetched when the file is opened is not. */
function checkRelationships(xml: string): void {
  parseXml(xml, {
    open: ({ local, attributes: { Type = '', TargetMode } }) => {
      if (local !== 'Relationship') return;
      const outside = TargetMode === 'External' && !Type.endsWith('/hyperlink');
      if (outside || Type.endsWith('/externalLink') || Type.endsWith('/connections'))
        throw templateFault('EXTERNAL_LINKS');
      if (/vbaProject|xlMacrosheet|attachedToolbars/i.test(Type)) throw templateFault('MACROS');
    },
  });
}
