import { posix } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';

/** A paragraph of `document.xml` and of nothing else a line; cells of a row are told apart by ` | `. */
export function textOf(docx: Uint8Array): string {
  let text = '';
  let inText = false;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    inText = name === 'w:t';
    if (name === 'w:tab' && !('w:val' in attributes)) text += ' ';
    if (name === 'w:br') text += '\n';
  });
  parser.on('text', (words) => {
    if (inText) text += words;
  });
  parser.on('closetag', ({ name }) => {
    inText = false;
    if (name === 'w:p') text += '\n';
    if (name === 'w:tr') text = `${text.trimEnd()}\n`;
    if (name === 'w:tc') text = `${text.trimEnd()} | `;
  });
  parser.write(partOf(docx, 'word/document.xml')).close();
  return text;
}

export const partOf = (docx: Uint8Array, name: string): string => strFromU8(unzipSync(docx)[name] ?? new Uint8Array());

/** What keeps an office program from opening it: parts that are no XML, without a type, or pointed to and not there. */
export function packageFaults(docx: Uint8Array): string[] {
  const parts = unzipSync(docx);
  const faults: string[] = [];
  const attributes = (name: string, element: string): Record<string, string>[] => {
    const found: Record<string, string>[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => tag.name === element && found.push(tag.attributes as Record<string, string>));
    parser.on('error', ({ message }) => faults.push(`${name}: ${message}`));
    parser.write(partOf(docx, name)).close();
    return found;
  };
  const types = '[Content_Types].xml';
  const typed = new Set(attributes(types, 'Override').map(({ PartName = '' }) => PartName.slice(1)));
  const defaults = new Set(attributes(types, 'Default').map(({ Extension }) => Extension));
  for (const name of Object.keys(parts)) {
    if (name !== types && !typed.has(name) && !defaults.has(name.split('.').at(-1))) faults.push(`${name}: no type`);
    if (!name.endsWith('.rels')) {
      attributes(name, '');
      continue;
    }
    const base = posix.dirname(posix.dirname(name));
    for (const { Target = '', TargetMode } of attributes(name, 'Relationship'))
      if (TargetMode !== 'External' && !(posix.join(base, Target.replace(/^\//, '')) in parts))
        faults.push(`${name}: ${Target} is not there`);
  }
  for (const name of typed) if (!(name in parts)) faults.push(`${types}: ${name} is not there`);
  return faults;
}
