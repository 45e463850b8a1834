import { posix } from 'node:path';
import { parseXml } from './xml.js';
import { attributesText, XmlCopy } from './xml-writing.js';

/** A part that marking adds, and how the package tells of it. */
export interface NewRelationship {
  id: string;
  type: string;
  part: string;
}

export interface Namespaces {
  main: string;
  relationships: string;
}

export const namespacesOf = (strict: boolean): Namespaces =>
  strict
    ? {
        main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
        relationships: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
      }
    : {
        main: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
        relationships: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
      };

export const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Adds to a list of relationships, or begins one. */
export function addRelationships(xml: string | undefined, from: string, added: readonly NewRelationship[]): string {
  const target = (part: string): string => posix.relative(posix.dirname(from), part);
  const text = (prefix: string): string =>
    added
      .map(
        ({ id, type, part }) =>
          `<${prefix}Relationship${attributesText({ Id: id, Type: type, Target: target(part) })}/>`,
      )
      .join('');
  return addToRoot(xml ?? `<Relationships xmlns="${packageRelationships}"/>`, text);
}

/** Adds to [Content_Types].xml what is not there yet. */
export function addContentTypes(xml: string, overrides: ReadonlyMap<string, string>, vml: boolean): string {
  let hasVml = false;
  const known = new Set<string>();
  parseXml(xml, {
    open: ({ local, attributes }) => {
      if (local === 'Default' && attributes['Extension']?.toLowerCase() === 'vml') hasVml = true;
      if (local === 'Override') known.add((attributes['PartName'] ?? '').toLowerCase());
    },
  });
  return addToRoot(xml, (p) =>
    [
      vml && !hasVml
        ? `<${p}Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>`
        : '',
      ...[...overrides]
        .filter(([part]) => !known.has(`/${part}`.toLowerCase()))
        .map(([part, type]) => `<${p}Override${attributesText({ PartName: `/${part}`, ContentType: type })}/>`),
    ].join(''),
  );
}

/** Adds a sheet behind the others. */
export function addSheet(xml: string, sheet: { name: string; relationship: string }, namespace: string): string {
  const copy = new XmlCopy();
  let lastId = 0;
  parseXml(xml, {
    open: (tag, depth) => {
      if (depth === 3 && tag.local === 'sheet') lastId = Math.max(lastId, Number(tag.attributes['sheetId'] ?? 0));
      copy.open(tag);
    },
    close: (tag, depth) => {
      if (depth === 2 && tag.local === 'sheets') {
        const prefix = tag.name.slice(0, tag.name.length - tag.local.length);
        const attributes = { name: sheet.name, sheetId: lastId + 1, 'xmlns:r': namespace, 'r:id': sheet.relationship };
        copy.raw(`<${prefix}sheet${attributesText(attributes)}/>`);
      }
      copy.close(tag);
    },
    text: (text) => copy.text(text),
  });
  return copy.take();
}

function addToRoot(xml: string, added: (prefix: string) => string): string {
  const copy = new XmlCopy();
  parseXml(xml, {
    open: (tag) => copy.open(tag),
    close: (tag, depth) => {
      if (depth === 1) copy.raw(added(tag.name.slice(0, tag.name.length - tag.local.length)));
      copy.close(tag);
    },
    text: (text) => copy.text(text),
  });
  return copy.take();
}
