import { beforeAll, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { AppError } from '#service';
import { readTemplate } from './read-template.js';
import { formNames, makeForm, partText, withParts } from './template-fixture.js';

let form: Buffer;
beforeAll(async () => {
  form = await makeForm();
});

const namesOf = (bytes: Uint8Array): string[] =>
  readTemplate(bytes)
    .cells.map(({ name }) => name)
    .sort();

/** Code and reason. */
function faultOf(bytes: Uint8Array): string {
  try {
    readTemplate(bytes);
    return 'none';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.code}: ${error.extras.issues?.[0]?.message}`;
  }
}

const workbookWith = (change: (xml: string) => string): Buffer =>
  withParts(form, { 'xl/workbook.xml': change(partText(form, 'xl/workbook.xml')) });

test('names of single cells and of merged ones; not of ranges, not of formulas', () => {
  expect(namesOf(form)).toEqual([...formNames].sort());
  expect(readTemplate(form).cells.find(({ name }) => name === 'judul')).toEqual({
    name: 'judul',
    sheet: 'xl/worksheets/sheet1.xml',
    cell: 'B2',
  });
});

test.each([
  ['of another file', '<definedName name="luar">\'[1]Lain\'!$A$1</definedName>'],
  ['of a sheet that is not there', '<definedName name="hilang">Hilang!$A$1</definedName>'],
  ['of a constant', '<definedName name="tetap">42</definedName>'],
  ['that is broken', '<definedName name="rusak">#REF!</definedName>'],
  ['that is hidden', '<definedName name="tersembunyi" hidden="1">Petunjuk!$A$1</definedName>'],
  ['that Excel made', '<definedName name="_xlnm.Print_Area" localSheetId="0">Petunjuk!$A$1</definedName>'],
  ['of two areas', '<definedName name="dua">Petunjuk!$A$1,Petunjuk!$A$2</definedName>'],
])('a name %s is not offered', (_, xml) => {
  expect(namesOf(workbookWith((text) => text.replace('</definedNames>', `${xml}</definedNames>`)))).toEqual(
    [...formNames].sort(),
  );
});

test('a name on another sheet is offered, however it is written', () => {
  const xml = '<definedName name="petunjuk">petunjuk!A2</definedName>';
  expect(namesOf(workbookWith((text) => text.replace('</definedNames>', `${xml}</definedNames>`)))).toContain(
    'petunjuk',
  );
});

test.each([
  ['nothing', () => Buffer.alloc(0), /bukan XLSX/],
  ['a text', () => Buffer.from('nama;nilai'), /bukan XLSX/],
  ['an old or encrypted workbook', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), /bukan XLSX/],
  ['another zip', () => Buffer.from(zipSync({ 'a.txt': strToU8('a') })), /bukan XLSX/],
  ['a file cut off', () => form.subarray(0, form.length - 400), /rusak/],
  ['a large file', () => Buffer.concat([form, Buffer.alloc(160 * 1024)]), /terlalu besar/],
  ['a bomb', () => Buffer.from(zipSync({ 'xl/a.xml': new Uint8Array(21 * 1024 * 1024) })), /terlalu besar/],
  ['macros', () => withParts(form, { 'xl/vbaProject.bin': 'x' }), /makro/],
  [
    'macros by type',
    () =>
      withParts(form, {
        '[Content_Types].xml': partText(form, '[Content_Types].xml').replace(
          'spreadsheetml.sheet.main+xml',
          'ms-excel.sheet.macroEnabled.main+xml',
        ),
      }),
    /makro/,
  ],
  ['another file’s cells', () => withParts(form, { 'xl/externalLinks/externalLink1.xml': '<x/>' }), /dari luar/],
  ['a data connection', () => withParts(form, { 'xl/connections.xml': '<connections/>' }), /dari luar/],
  [
    'a picture from the net',
    () =>
      withParts(form, {
        'xl/drawings/_rels/drawing1.xml.rels':
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="http://contoh.invalid/a.png" TargetMode="External"/></Relationships>',
      }),
    /dari luar/,
  ],
  ['a DTD', () => workbookWith((xml) => xml.replace('<workbook', '<!DOCTYPE a [<!ENTITY b "c">]><workbook')), /rusak/],
  ['XML that is not well-formed', () => workbookWith((xml) => xml.replace('</workbook>', '')), /rusak/],
  ['no named cell', () => workbookWith((xml) => xml.replace(/<definedNames>.*<\/definedNames>/s, '')), /Tidak ada sel/],
])('%s is refused with the reason', (_, make, reason) => {
  const fault = faultOf(make());
  expect(fault).toMatch(/^TEMPLATE_INVALID: /);
  expect(fault).toMatch(reason);
});

test('a link that somebody has to click is no reason', () => {
  const rels =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="http://contoh.invalid/" TargetMode="External"/></Relationships>';
  expect(faultOf(withParts(form, { 'xl/worksheets/_rels/sheet2.xml.rels': rels }))).toBe('none');
});
