import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultColumns } from '#contracts';
import { openTable } from './open-table.js';
import type { Row } from './table.js';

/** Files that LibreOffice itself writes: .ci/run installs it where it can. */
const isThere = spawnSync('soffice', ['--version'], { stdio: 'ignore' }).status === 0;
const withLibreOffice = isThere ? test : test.skip;
const why = isThere ? '' : ' (skipped: soffice is not on the PATH)';
const convertMs = 120_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-libreoffice-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (value: string): string =>
  `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
const number = (value: string): string => `<table:table-cell office:value-type="float" office:value="${value}"/>`;
const date = (value: string): string =>
  `<table:table-cell table:style-name="tanggal" office:value-type="date" office:date-value="${value}"/>`;
const row = (cells: string[], more = ''): string => `<table:table-row${more}>${cells.join('')}</table:table-row>`;

/** A spreadsheet as one XML file, which LibreOffice reads and then writes in its own way. */
const flat = (rows: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
  xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
  office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
  <number:date-style style:name="hari"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
  <style:style style:name="tanggal" style:family="table-cell" style:data-style-name="hari"/>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="Data">${rows}</table:table></office:spreadsheet></office:body></office:document>`;

async function convert(name: string, content: string, to: string): Promise<Buffer> {
  const path = join(folder, name);
  await writeFile(path, content);
  // a profile of its own, so that no other LibreOffice of this user gets in the way
  const args = [
    `-env:UserInstallation=file://${join(folder, 'profile')}`,
    '--headless',
    '--convert-to',
    to,
    '--outdir',
    folder,
    path,
  ];
  const child = spawn('soffice', args, { stdio: 'ignore', timeout: convertMs });
  await once(child, 'close');
  return readFile(path.replace(/\.\w+$/, `.${to.split(':')[0]}`));
}

async function read(bytes: Buffer): Promise<Row[]> {
  const source = {
    size: bytes.length,
    read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  };
  const table = await openTable(source, defaultColumns);
  const rows: Row[] = [];
  for await (const some of table.rows()) rows.push(...some);
  return rows;
}

const rows = [
  row([text('Buku register SKU')]),
  row([text('No.'), text('NIK'), text('NOMOR  REGISTER'), text('Nama Usaha'), text('Jenis Usaha'), text('Tanggal')]),
  row([
    number('1'),
    text('9171017008909903'),
    text('500/1/SKU/I/2026'),
    text('Warung Satu '),
    text('Dagang'),
    date('2026-01-31'),
  ]),
  row([
    number('2'),
    number('3313044107909901'),
    text('500/2/SKU/I/2026'),
    text('Warung Dua'),
    text('Dagang'),
    text('31-01-2026'),
  ]),
  row([]),
  row(
    [number('3'), text('3313043108859903'), text('500/3/SKU/I/2026'), text('=1+1'), text('Jasa'), date('2026-02-28')],
    ' table:visibility="collapse"',
  ),
  row([
    number('4'),
    text('3313043108859903'),
    '<table:table-cell table:formula="of:=&quot;500/&quot;&amp;[.A6]" office:value-type="string" office:string-value="500/4"/>',
    text('Warung Empat'),
    text('Jasa'),
    date('2026-02-28'),
  ]),
].join('\n');

withLibreOffice(
  `a workbook that LibreOffice wrote${why}`,
  async () => {
    const [first, second, hidden, formula, ...rest] = await read(await convert('buku.fods', flat(rows), 'xlsx'));
    expect(rest).toEqual([]);
    // above 2^53, and a real date
    expect(first).toMatchObject({
      row: 3,
      cells: {
        nik: { class: expect.stringMatching(/text|digits/), text: '9171017008909903' },
        nomorRegister: { text: '500/1/SKU/I/2026' },
        namaUsaha: { text: 'Warung Satu' },
        tanggal: { class: 'date', text: '2026-01-31' },
      },
    });
    expect(second?.cells.nik?.class).toBe('number');
    expect(second?.cells.tanggal).toMatchObject({ text: '31-01-2026' });
    expect(hidden).toMatchObject({ row: 6, fault: 'HIDDEN_ROW' });
    expect(formula?.cells.nomorRegister).toMatchObject({ class: 'formula', fault: 'FORMULA_CELL' });
  },
  convertMs + 30_000,
);

withLibreOffice(
  `a CSV that LibreOffice wrote, with semicolons in Windows-1252${why}`,
  async () => {
    const content = flat(rows.replace('Warung Satu ', 'Café “Satu”; cabang 2'));
    const bytes = await convert(
      'buku-csv.fods',
      content,
      'csv:Text - txt - csv (StarCalc):59,34,1,1,,0,false,true,false',
    );
    const [first, second] = await read(bytes);
    expect(first?.cells).toMatchObject({
      nik: { text: '9171017008909903' },
      namaUsaha: { text: 'Café “Satu”; cabang 2' },
    });
    expect(second?.cells.nik?.text).toMatch(/^3313044107909901$|E\+15/);
  },
  convertMs + 30_000,
);
