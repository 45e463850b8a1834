import { describe, expect, it } from '@jest/globals';
import { openXlsx } from './open-xlsx.js';
import { SharedStrings } from './shared-strings.js';
import {
  bytesOf,
  dataXml,
  faultOf,
  handParts,
  handRows,
  headerXml,
  names,
  sourceOf,
  text,
  zipOf,
} from './xlsx-fixture.js';
import { zipStream } from '#service/zip-stream';

const rows = headerXml() + dataXml();
const parts = handParts({ sheets: [{ rows }] });
const sheetPart = 'xl/worksheets/sheet1.xml';

/** Changes fields of the directory's entry of a part: `at` bytes behind its signature. */
function patched(zip: Buffer, name: string, at: number, write: (entry: Buffer) => void): Buffer {
  const copy = Buffer.from(zip);
  const found = copy.lastIndexOf(name) - 46;
  expect(copy.readUInt32LE(found)).toBe(0x02014b50);
  write(copy.subarray(found + at));
  return copy;
}

async function* repeated(piece: string, times: number, head: string, tail: string): AsyncGenerator<string> {
  yield head;
  for (let n = 0; n < times; n += 1) yield piece;
  yield tail;
}

/** The usual parts, the sheet streamed. */
const withSheet = (data: () => AsyncIterable<string>): Promise<Buffer> =>
  bytesOf(
    zipStream(Object.entries(parts).map(([name, all]) => ({ name, data: name === sheetPart ? data : () => [all] }))),
  );

describe('zip', () => {
  it('refuses a part that is far larger than it is compressed', async () => {
    const head = String(parts[sheetPart]).replace('</sheetData></worksheet>', '');
    const blanks = ' '.repeat(1024 * 1024);
    const bomb = await withSheet(() => repeated(blanks, 24, head, '</sheetData></worksheet>'));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await faultOf(bomb)).toBe('FILE_EXPANDS_TOO_MUCH');
  });

  it('does not believe the size in the header', async () => {
    const zip = await zipOf(parts);
    const smaller = patched(zip, sheetPart, 24, (entry) => entry.writeUInt32LE(10));
    expect(await faultOf(smaller)).toBe('FILE_EXPANDS_TOO_MUCH');
    const larger = patched(zip, sheetPart, 24, (entry) => entry.writeUInt32LE(1_000_000));
    expect(await faultOf(larger)).toBe('FILE_DAMAGED');
    const huge = patched(zip, sheetPart, 24, (entry) => entry.writeUInt32LE(600 * 1024 * 1024));
    expect(await faultOf(huge)).toBe('FILE_EXPANDS_TOO_MUCH');
  });

  it('checks the checksum', async () => {
    const zip = await zipOf(parts);
    expect(await faultOf(patched(zip, sheetPart, 16, (entry) => entry.writeUInt32LE(1)))).toBe('FILE_DAMAGED');
  });

  it('refuses too many parts, a part twice, encrypted parts and macros', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`m/${n}.xml`, '<a/>']));
    expect(await faultOf(await zipOf({ ...parts, ...many }))).toBe('FILE_EXPANDS_TOO_MUCH');
    expect(await faultOf(await zipOf({ ...parts, 'XL/worksheets/Sheet1.xml': '<a/>' }))).toBe('FILE_DAMAGED');
    const encrypted = patched(await zipOf(parts), sheetPart, 8, (entry) => entry.writeUInt16LE(1));
    expect(await faultOf(encrypted)).toBe('FILE_ENCRYPTED');
    expect(await faultOf(await zipOf({ ...parts, 'xl/vbaProject.bin': 'x' }))).toBe('FILE_MACROS');
    const typed = String(parts['[Content_Types].xml']).replace(
      'spreadsheetml.sheet.main',
      'ms-excel.sheet.macroEnabled.main',
    );
    expect(await faultOf(await zipOf({ ...parts, '[Content_Types].xml': typed }))).toBe('FILE_MACROS');
  });

  it('refuses what is no workbook, and what is cut off', async () => {
    expect(await faultOf(await zipOf({ 'a.txt': 'x' }))).toBe('FILE_TYPE');
    const word = String(parts['[Content_Types].xml']).replace('spreadsheetml.sheet', 'wordprocessingml.document');
    expect(await faultOf(await zipOf({ ...parts, '[Content_Types].xml': word }))).toBe('FILE_TYPE');
    const zip = await zipOf(parts);
    expect(await faultOf(zip.subarray(0, zip.length - 30))).toBe('FILE_DAMAGED');
    expect(await faultOf(Buffer.from('PK\u0003\u0004'))).toBe('FILE_DAMAGED');
  });

  it('passes on what the source itself throws', async () => {
    const bytes = await zipOf(parts);
    const source = sourceOf(bytes);
    await openXlsx(source, names).then((table) => table.rows()[Symbol.asyncIterator]().next());
    const all = source.reads;
    expect(all).toBeGreaterThan(20);
    for (let failing = 1; failing <= all; failing += 1) {
      let reads = 0;
      const broken = {
        size: bytes.length,
        read: (offset: number, length: number): Promise<Buffer> =>
          (reads += 1) >= failing ? Promise.reject(new Error('AGREEMENT_CLOSED')) : source.read(offset, length),
      };
      const reading = openXlsx(broken, names).then(async (table) => {
        for await (const some of table.rows()) expect(some).toHaveLength(1);
      });
      await expect(reading).rejects.toThrow('AGREEMENT_CLOSED');
    }
  });
});

describe('xml', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  const sheet = String(parts[sheetPart]);
  it.each([
    ['a DTD with entities', sheet.replace('<worksheet', `${bomb}<worksheet`), 'FILE_XML_FORBIDDEN'],
    [
      'any DTD',
      sheet.replace('<worksheet', '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd"><worksheet'),
      'FILE_XML_FORBIDDEN',
    ],
    ['an entity that is not declared', sheet.replace('Warung', '&warung;'), 'FILE_XML_FORBIDDEN'],
    ['deep nesting', sheet.replace('<sheetData>', `${'<a>'.repeat(200)}<sheetData>`), 'FILE_XML_FORBIDDEN'],
    [
      'an endless attribute',
      sheet.replace('<sheetData>', `<sheetData a="${'x'.repeat(3_000_000)}">`),
      'FILE_EXPANDS_TOO_MUCH',
    ],
    ['an endless text', sheet.replace('Warung', 'x'.repeat(3_000_000)), 'FILE_EXPANDS_TOO_MUCH'],
    [
      'an endless text, cut by comments and CDATA',
      sheet.replace('Warung', `${'x'.repeat(500_000)}<!---->${'x'.repeat(500_000)}<![CDATA[]]>`.repeat(3)),
      'FILE_EXPANDS_TOO_MUCH',
    ],
    ['no end', sheet.slice(0, -20), 'FILE_DAMAGED'],
    ['nothing', ' ', 'FILE_DAMAGED'],
    ['another encoding', sheet.replace('UTF-8', 'windows-1252'), 'FILE_DAMAGED'],
    [
      'rows out of order',
      sheet.replace('<row>', '<row r="9">').replace(/<row>(?!.*<row>)/, '<row r="3">'),
      'FILE_DAMAGED',
    ],
    ['a cell of another row', sheet.replace(/<c /, '<c r="A7" '), 'FILE_DAMAGED'],
    [
      'a shared text that is not there',
      sheet.replace(/<c t="inlineStr">.*?<\/c>/, '<c t="s"><v>5</v></c>'),
      'FILE_DAMAGED',
    ],
    ['an endless row', sheet.replace('<sheetData>', '<sheetData><row r="2000000"/>'), 'FILE_DAMAGED'],
  ])('refuses %s', async (_, xml, fault) => {
    expect(xml).not.toBe(sheet);
    expect(await faultOf(await zipOf({ ...parts, [sheetPart]: xml }))).toBe(fault);
  });

  it('refuses a DTD in the shared texts and in the relationships', async () => {
    const texts = await handRows(rows, { parts: { 'xl/sharedStrings.xml': `${bomb}<sst><si><t>&b;</t></si></sst>` } });
    expect(await faultOf(texts)).toBe('FILE_XML_FORBIDDEN');
    expect(await faultOf(await handRows(rows, { parts: { '_rels/.rels': `${bomb}<a/>` } }))).toBe('FILE_XML_FORBIDDEN');
  });

  it('keeps no more of a long text than shows that it is too long', async () => {
    const long = await handRows(headerXml() + dataXml({ 2: '<c t="s"><v>0</v></c>', 3: text('y'.repeat(30_000)) }), {
      sharedStrings: `<si><t>${'x'.repeat(30_000)}</t></si>`,
    });
    const table = await openXlsx(sourceOf(long), names);
    for await (const [row] of table.rows()) {
      expect([row!.cells.namaUsaha!.text.length, row!.cells.jenisUsaha!.text.length]).toEqual([2_001, 2_001]);
    }
  });

  it('sees that a text is too long whose end is blanks where it is cut', async () => {
    const wide = (blanks: number): string => `A${' '.repeat(blanks)}B`;
    const long = await handRows(
      headerXml() +
        dataXml({ 2: '<c t="s"><v>0</v></c>', 3: text(wide(30_000)) }) +
        dataXml({ 2: text(wide(3_000)), 3: `<c t="str"><v>${wide(30_000)}</v></c>` }),
      { sharedStrings: `<si><t>${wide(30_000)}</t></si>` },
    );
    const table = await openXlsx(sourceOf(long), names);
    for await (const some of table.rows()) {
      for (const { cells } of some) {
        expect([cells.namaUsaha!.text.length, cells.jenisUsaha!.text.length]).toEqual([2_001, 2_001]);
      }
    }
  });

  it('refuses a text that is blanks up to where it is cut', async () => {
    const blank = await handRows(headerXml() + dataXml({ 2: text(`${' '.repeat(30_000)}A`) }));
    const table = await openXlsx(sourceOf(blank), names);
    for await (const [row] of table.rows()) expect(row!.cells.namaUsaha!.fault).toBe('CONTROL_CHARACTER');
  });

  it('refuses more shared texts than 64 MB', () => {
    const strings = new SharedStrings();
    const long = 'é'.repeat(2_000);
    const fill = (): void => {
      for (let n = 0; n < 20_000; n += 1) strings.add(`${n}${long}`);
    };
    expect(fill).toThrow('FILE_EXPANDS_TOO_MUCH');
    expect([strings.get(0), strings.get(15_000)].map((one) => parseInt(one, 10))).toEqual([0, 15_000]);
  });
});

describe('size of the table', () => {
  it('reads 100,000 rows and no more', async () => {
    const head = String(parts[sheetPart]).replace(/<row>(?!.*<row>).*/, '');
    async function* sheet(rows: number): AsyncGenerator<string> {
      yield head;
      for (let n = 0; n < rows; n += 1) yield `<row><c><v>${n}</v></c><c><v>${n * 7919}</v></c></row>`;
      yield '</sheetData></worksheet>';
    }
    const table = await openXlsx(sourceOf(await withSheet(() => sheet(100_001))), names);
    let count = 0;
    const reading = async (): Promise<void> => {
      for await (const some of table.rows()) count += some.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'TOO_MANY_ROWS' });
    expect(count).toBeGreaterThan(95_000);
    expect(count).toBeLessThanOrEqual(100_000);
  });

  it('takes 200 columns with content, and formatted ones beyond', async () => {
    const at = (reference: string, content: string) =>
      handRows(headerXml(1) + `<row r="2">${text('1')}<c r="${reference}">${content}</c></row>`);
    expect(await faultOf(await at('GR2', '<v>1</v>'))).toBeUndefined();
    expect(await faultOf(await at('GS2', '<v>1</v>'))).toBe('TOO_MANY_COLUMNS');
    expect(await faultOf(await at('XFD2', ''))).toBeUndefined();
    expect(await faultOf(await at('XFE2', '<v>1</v>'))).toBe('FILE_DAMAGED');
  });

  it('stays quick with as many merged ranges as it takes', async () => {
    const ranges = Array.from(
      { length: 150_000 },
      (_, n) => `<mergeCell ref="A${2 + (n % 1_000)}:E${1_500 + n}"/>`,
    ).join('');
    expect(
      await faultOf(
        await handRows(headerXml() + dataXml().repeat(500), { after: `<mergeCells>${ranges}</mergeCells>` }),
      ),
    ).toBeUndefined();
  });
});
