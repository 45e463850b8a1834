import { describe, expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { rowFaults } from '#contracts';
import type { Mark } from '../table.js';
import { isMarked, marked, noteOf, partsOf, reopened } from './mark-fixture.js';
import { minimalStyles } from './write-styles.js';
import { xmlHead } from './xml-writing.js';
import { dataXml, handParts, headerXml, main, open, zipOf } from './xlsx-fixture.js';

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const v = 'urn:schemas-microsoft-com:vml';
const o = 'urn:schemas-microsoft-com:office:office';
const x = 'urn:schemas-microsoft-com:office:excel';
const marks: readonly Mark[] = [{ row: 2, column: 1, code: 'NIK_LENGTH' }];

interface Foreign {
  comments?: string | Buffer;
  vml?: string | Buffer;
}

const oneComment = `<comments xmlns="${main}"><authors><author>Ani</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>Lunas</t></r></text></comment></commentList></comments>`;
const shape = (more = '', quote = '"'): string =>
  `<v:shape${more} id="_x0000_s1025" type="#_x0000_t202"><x:ClientData ObjectType=${quote}Note${quote}><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape>`;
const usual = `<xml xmlns:v="${v}" xmlns:o="${o}" xmlns:x="${x}">${shape()}</xml>`;

const foreignParts = ({ comments = oneComment, vml = usual }: Foreign) =>
  handParts({
    sheets: [{ rows: headerXml(1) + dataXml(), after: `<legacyDrawing xmlns:r="${office}" r:id="d"/>` }],
    parts: {
      'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships><Relationship Id="c" Type="${office}/comments" Target="../comments1.xml"/><Relationship Id="d" Type="${office}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/></Relationships>`,
      'xl/comments1.xml': comments,
      'xl/drawings/vmlDrawing1.vml': vml,
    },
  });

/** Prefixed elements by their namespaces; throws where the drawing is no XML, or a prefix is not declared. */
function notesOf(vml: string): string[] {
  const parser = new SaxesParser({ xmlns: true });
  const path: { uri: string; local: string }[] = [];
  const notes: string[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    path.push({ uri, local });
    if (uri === x && local === 'ClientData' && attributes['ObjectType']?.value === 'Note') notes.push('');
  });
  parser.on('text', (text) => {
    const { uri, local } = path.at(-1) ?? {};
    if (uri === x && (local === 'Row' || local === 'Column')) notes.push(`${notes.pop() ?? ''}${local}${text.trim()}`);
  });
  parser.on('closetag', () => void path.pop());
  parser.write(vml).close();
  return notes.sort();
}

async function markedAs(
  foreign: Foreign,
): Promise<{ bytes: Buffer; vml: string; a2: string; b2: string; red: boolean }> {
  const bytes = await marked(await zipOf(foreignParts(foreign)), marks);
  const vml = String((await partsOf(bytes)).get('xl/drawings/vmlDrawing1.vml'));
  const workbook = await reopened(bytes);
  const [a2, b2] = ['A2', 'B2'].map((at) => workbook.getWorksheet('Sheet1')!.getCell(at));
  return { bytes, vml, a2: noteOf(a2!), b2: noteOf(b2!), red: isMarked(a2!) };
}

const both = ['Row1Column0', 'Row1Column1'];

describe('comments of another program', () => {
  it.each([
    ['Excel’s', usual],
    ['in single quotes', usual.replace(shape(), shape('', "'"))],
    [
      'with prefixes as openpyxl makes them',
      usual
        .replaceAll(/(<\/?|xmlns:)v(?=[:=])/g, '$1ns0')
        .replaceAll(/(<\/?|xmlns:)x(?=[:=])/g, '$1ns2')
        .replace('xmlns:o=', 'xmlns:ns1='),
    ],
    ['declared where they are used', `<xml>${shape(` xmlns:v="${v}" xmlns:x="${x}"`)}</xml>`],
    ['of a root that is closed at once', `<xml xmlns:v="${v}"/>`],
    ['cut off', `<xml xmlns:v="${v}" xmlns:x="${x}">${shape()}`],
    ['in UTF-16', Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${usual}`, 'utf16le')],
  ])('%s stay, and ours come', async (_, vml) => {
    const { vml: now, a2, b2 } = await markedAs({ vml });
    expect(notesOf(now)).toEqual(both);
    expect([a2, b2]).toEqual([rowFaults.NIK_LENGTH, 'Lunas']);
  });

  it('stay below a root with a prefix', async () => {
    const vml = `<q:xml xmlns:q="urn:q" xmlns:v="${v}" xmlns:x="${x}">${shape()}</q:xml>`;
    // exceljs knows no such root
    const parts = await partsOf(await marked(await zipOf(foreignParts({ vml })), marks));
    expect(notesOf(String(parts.get('xl/drawings/vmlDrawing1.vml')))).toEqual(both);
  });

  it('stay, and get none of ours where the drawing holds more and is of no usual form', async () => {
    const vml = `<xml xmlns:v="${v}"><v:rect/>`;
    const { vml: now, red } = await markedAs({ vml });
    expect(now).toBe(vml);
    expect(red).toBe(true);
  });

  it.each<[string, Foreign]>([
    ['malformed comments', { comments: '<comments><authors>' }],
    ['comments in no known encoding', { comments: Buffer.from([0x3c, 0xff, 0x3e]) }],
    ['a drawing in no known encoding', { vml: Buffer.from([0x3c, 0xff, 0x3e]) }],
  ])('%s: cells are coloured all the same', async (_, foreign) => {
    const bytes = await marked(await zipOf(foreignParts(foreign)), marks);
    const parts = await partsOf(bytes);
    expect(String(parts.get('xl/styles.xml'))).toContain('FFFFB3AE');
    expect(String(parts.get('xl/worksheets/sheet1.xml'))).toMatch(/<c r="A2" t="inlineStr" s="2">/);
    expect(String(parts.get('xl/worksheets/sheet2.xml'))).toContain(rowFaults.NIK_LENGTH);
    const { comments = oneComment, vml = usual } = foreign;
    expect(parts.get('xl/comments1.xml')).toEqual(Buffer.from(comments as string));
    expect(parts.get('xl/drawings/vmlDrawing1.vml')).toEqual(Buffer.from(vml as string));
  });

  it.each([
    ['without a text', '<comment ref="A2" authorId="0"/>'],
    ['with an empty text', '<comment ref="A2" authorId="0"><text/></comment>'],
    [
      'with a text of another prefix',
      `<comment ref="A2" authorId="0"><q:text xmlns:q="${main}"><q:t/></q:text></comment>`,
    ],
  ])('%s: ours is in it', async (_, comment) => {
    const comments = oneComment.replace('<commentList>', `<commentList>${comment}`);
    const { bytes, a2 } = await markedAs({ comments });
    expect(a2).toBe(`\n[Gerbang PATEN]\n${rowFaults.NIK_LENGTH}`);
    const again = String((await partsOf(await marked(bytes, marks))).get('xl/comments1.xml'));
    expect(again.match(/\[Gerbang PATEN\]/g)).toHaveLength(1);
  });

  it('keep what follows their text, and prefixes that are declared at the list', async () => {
    const comments = oneComment
      .replace('<commentList>', '<commentList xmlns:xr="urn:xr">')
      .replace('<comment ', '<comment xr:uid="7" ')
      .replace('</comment>', '<commentPr locked="0"/></comment>');
    const { bytes } = await markedAs({ comments });
    const now = String((await partsOf(bytes)).get('xl/comments1.xml'));
    expect(now).toContain('xmlns:xr="urn:xr"><authors>');
    expect(now).toContain(
      'xr:uid="7" ref="B2" authorId="0"><text><r><t>Lunas</t></r></text><commentPr locked="0"/></comment>',
    );
  });
});

it('lists and styles in UTF-16 are read and written', async () => {
  const parts = foreignParts({});
  parts['xl/styles.xml'] = minimalStyles(main).replace(xmlHead, '');
  for (const name of ['[Content_Types].xml', 'xl/workbook.xml', 'xl/styles.xml', 'xl/_rels/workbook.xml.rels']) {
    parts[name] = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${String(parts[name])}`, 'utf16le');
  }
  const bytes = await marked(await zipOf(parts), marks);
  expect((await open(bytes)).rows).toHaveLength(1);
  expect((await reopened(bytes)).worksheets.map(({ name }) => name)).toEqual(['Sheet1', 'Ditolak']);
});
