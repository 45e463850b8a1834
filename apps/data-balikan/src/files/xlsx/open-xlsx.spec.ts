import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import {
  bytesOf,
  dataXml,
  faultOf,
  handRows,
  handWorkbook,
  headerXml,
  main,
  open,
  text,
  titles,
  zipOf,
  handParts,
} from './xlsx-fixture.js';
import { writeXlsx } from './write-xlsx.js';

const good = { class: 'text', text: 'Warung Contoh' };

describe('cells', () => {
  it('tells text from numbers by the type of the cell, also for a NIK', async () => {
    const bytes = await handRows(
      headerXml() +
        dataXml() +
        dataXml({ 0: '<c><v>3313044107909900</v></c>' }) +
        dataXml({ 0: '<c><v>3.31304410790990E+15</v></c>' }),
    );
    const { rows } = await open(bytes);
    expect(rows.map(({ row, cells }) => [row, cells.nik])).toEqual([
      [2, { class: 'digits', text: '3313044107909901' }],
      [3, { class: 'number', text: '3313044107909900' }],
      [4, { class: 'number', text: '3.31304410790990E+15' }],
    ]);
  });

  it('keeps a NIK above 2^53 as it is, from shared and inline text', async () => {
    const bytes = await handRows(
      headerXml() + dataXml({ 0: '<c t="s"><v>0</v></c>' }) + dataXml({ 0: text('9171017008909903') }),
      {
        sharedStrings: '<si><t>9171017008909903</t></si>',
      },
    );
    expect((await open(bytes)).rows.map(({ cells }) => cells.nik!.text)).toEqual([
      '9171017008909903',
      '9171017008909903',
    ]);
  });

  it.each([
    ['rich text', '<c t="s"><v>0</v></c>', good],
    [
      'rich text inline',
      '<c t="inlineStr"><is><r><t>Warung </t></r><r><rPr><b/></rPr><t>Contoh</t></r></is></c>',
      good,
    ],
    ['blanks and non-breaking spaces at the ends', text(' \u00a0Warung Contoh\u00a0 '), good],
    ['an apostrophe in front (quotePrefix)', '<c s="1" t="inlineStr"><is><t>Warung Contoh</t></is></c>', good],
    ['CDATA', '<c t="inlineStr"><is><t><![CDATA[Warung Contoh]]></t></is></c>', good],
    ['escapes', text('Warung_x0020_Contoh'), good],
    ['an escaped escape', text('_x005F_x0041_'), { class: 'text', text: '_x0041_' }],
    ['a line break', text('Warung_x000D_\nContoh'), { class: 'text', text: 'Warung\r\nContoh' }],
    ['a control character', text('Warung_x0007_'), { class: 'text', text: 'Warung\u0007', fault: 'CONTROL_CHARACTER' }],
    ['text that a formula gave, without one', '<c t="str"><v>Warung Contoh</v></c>', good],
    [
      'a formula',
      '<c t="str"><f>A1</f><v>Warung Contoh</v></c>',
      { class: 'formula', text: 'Warung Contoh', fault: 'FORMULA_CELL' },
    ],
    [
      'a shared formula',
      '<c><f t="shared" si="0"/><v>7</v></c>',
      { class: 'formula', text: '7', fault: 'FORMULA_CELL' },
    ],
    ['a formula never computed', '<c><f>A1</f></c>', { class: 'formula', text: '', fault: 'FORMULA_CELL' }],
    ['an error', '<c t="e"><v>#N/A</v></c>', { class: 'error', text: '#N/A', fault: 'ERROR_CELL' }],
    ['a boolean', '<c t="b"><v>1</v></c>', { class: 'boolean', text: 'TRUE' }],
    ['a number', '<c><v>12.50</v></c>', { class: 'number', text: '12.5' }],
    ['an empty cell', '<c s="1"/>', { class: 'empty', text: '' }],
    ['blanks only', text(' \u00a0'), { class: 'empty', text: '' }],
  ])('%s', async (_, cell, expected) => {
    const bytes = await handRows(headerXml() + dataXml({ 2: cell }), {
      sharedStrings:
        '<si><r><t>Warung </t></r><rPh sb="0" eb="1"><t>yomi</t></rPh><r><t xml:space="preserve">Contoh </t></r><phoneticPr fontId="1"/></si>',
    });
    expect((await open(bytes)).rows[0]!.cells.namaUsaha).toEqual(expected);
  });

  it('finds every cell of an array formula, of which only the first says so', async () => {
    const bytes = await handRows(
      headerXml() +
        dataXml({ 2: '<c r="C2"><f t="array" ref="C2:C3">X</f><v>1</v></c>' }) +
        dataXml({ 2: '<c r="C3"><v>1</v></c>' }) +
        dataXml(),
    );
    expect((await open(bytes)).rows.map(({ cells }) => cells.namaUsaha!.fault)).toEqual([
      'FORMULA_CELL',
      'FORMULA_CELL',
      undefined,
    ]);
  });

  it('passes over rows that only hold formulas without a result, but not those that were never computed', async () => {
    const prepared = `<row>${'<c t="str"><f>X</f><v></v></c>'.repeat(5)}</row>`;
    const unknown = `<row>${'<c><f>X</f></c>'.repeat(5)}</row>`;
    expect((await open(await handRows(headerXml() + prepared + unknown))).rows.map(({ row }) => row)).toEqual([3]);
  });
});

describe('dates', () => {
  const styles = (codes: readonly string[], ids: readonly number[]): string =>
    `<numFmts>${codes.map((code, n) => `<numFmt numFmtId="${200 + n}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs>${ids.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;
  const dated = (serials: readonly (number | string)[], workbookPr = '', ids = [0, 14]): Promise<Buffer> =>
    handRows(headerXml() + serials.map((v) => dataXml({ 4: `<c s="1"><v>${v}</v></c>` })).join(''), {
      styles: styles([], ids),
      workbookPr,
    });
  const days = async (bytes: Buffer) => (await open(bytes)).rows.map(({ cells }) => cells.tanggal!.text);

  it('counts from 1900 with the leap day that was none', async () => {
    expect(await days(await dated([1, 59, 60, 61, 45_000.75, 46_053, 2_958_465]))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-02-29',
      '1900-03-01',
      '2023-03-15',
      '2026-01-31',
      '9999-12-31',
    ]);
  });

  it('counts from 1904 where the workbook says so', async () => {
    expect(await days(await dated([0, 44_591], '<workbookPr date1904="1"/>'))).toEqual(['1904-01-01', '2026-01-31']);
  });

  it('leaves alone what is no day', async () => {
    const { rows } = await open(await dated([0, -5, 3_000_000, '1e400']));
    expect(rows.map(({ cells }) => cells.tanggal!.class)).toEqual(['number', 'number', 'number', 'number']);
  });

  it.each([
    ['dd/mm/yyyy', 'date'],
    ['[$-421]dd mmmm yyyy;@', 'date'],
    ['&quot;tanggal &quot;d', 'date'],
    ['#,##0 &quot;hari&quot;', 'number'],
    ['[Red]0.00', 'number'],
    ['0\\d', 'number'],
    ['General', 'number'],
  ])('knows by the format %s whether it is one', async (code, expected) => {
    const bytes = await handRows(headerXml() + dataXml({ 4: '<c s="1"><v>46053</v></c>' }), {
      styles: styles([code], [0, 200]),
    });
    expect((await open(bytes)).rows[0]!.cells.tanggal!.class).toBe(expected);
  });

  it.each([
    [13, 'number'],
    [14, 'date'],
    [17, 'date'],
    [18, 'number'],
    [22, 'date'],
    [30, 'date'],
    [46, 'date'],
    [49, 'number'],
    [58, 'date'],
  ])('built-in format %i: %s', async (id, expected) => {
    expect((await open(await dated([46_053], '', [0, id]))).rows[0]!.cells.tanggal!.class).toBe(expected);
  });

  it('reads ISO date cells', async () => {
    const bytes = await handRows(
      headerXml() +
        dataXml({ 4: '<c t="d"><v>2026-01-31T10:00:00</v></c>' }) +
        dataXml({ 4: '<c t="d"><v>31/1</v></c>' }),
    );
    expect((await open(bytes)).rows.map(({ cells }) => cells.tanggal)).toEqual([
      { class: 'date', text: '2026-01-31' },
      { class: 'text', text: '31/1' },
    ]);
  });
});

describe('rows', () => {
  it('marks every cell of a merged range, the continued ones as well', async () => {
    const bytes = await handRows(
      headerXml(1) + dataXml({}, ' r="2"') + dataXml({ 2: '<c/>' }, ' r="3"') + dataXml({}, ' r="4"'),
      {
        after: '<mergeCells count="2"><mergeCell ref="C2:D3"/><mergeCell ref="A1:B1"/></mergeCells>',
      },
    );
    const { rows } = await open(bytes);
    expect(rows.map(({ cells }) => [cells.nik!.fault, cells.namaUsaha, cells.jenisUsaha!.fault])).toEqual([
      [undefined, { ...good, fault: 'MERGED_CELL' }, 'MERGED_CELL'],
      [undefined, { class: 'empty', text: '', fault: 'MERGED_CELL' }, 'MERGED_CELL'],
      [undefined, good, undefined],
    ]);
  });

  it('tells of hidden rows, if they hold something', async () => {
    const bytes = await handRows(
      headerXml() +
        dataXml({}, ' hidden="1"') +
        '<row hidden="1"/>' +
        dataXml({}, ' ht="0" customHeight="1"') +
        dataXml(),
    );
    expect((await open(bytes)).rows.map(({ row, fault }) => [row, fault])).toEqual([
      [2, 'HIDDEN_ROW'],
      [4, 'HIDDEN_ROW'],
      [5, undefined],
    ]);
  });

  it('passes over empty rows, and rows with something in other columns only', async () => {
    const bytes = await handRows(
      headerXml(3) + '<row r="4"/><row r="5"><c r="J5"><v>1</v></c></row>' + dataXml({}, ' r="9"') + dataXml(),
    );
    expect((await open(bytes)).rows.map(({ row }) => row)).toEqual([9, 10]);
  });

  it('reads progress from 0 to 1', async () => {
    const { table } = await open(await handRows(headerXml() + dataXml()));
    expect(table.progress()).toBe(1);
    expect([...table.columns]).toEqual([
      ['nik', 1],
      ['nomorRegister', 2],
      ['namaUsaha', 3],
      ['jenisUsaha', 4],
      ['tanggal', 5],
    ]);
  });

  it('takes prefixes, other targets, strict namespaces, UTF-16 and missing references', async () => {
    const strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
    const relations = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
    const sheet = `<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="${strict}"><x:sheetData>${(headerXml() + dataXml()).replace(/<(\/?)(\w)/g, '<$1x:$2')}</x:sheetData></x:worksheet>`;
    const bytes = await zipOf({
      '[Content_Types].xml': '<Types/>',
      '_rels/.rels': `<Relationships><Relationship Id="a" Type="${relations}/officeDocument" Target="/Buku/wb.xml"/></Relationships>`,
      'Buku/wb.xml': `<x:workbook xmlns:x="${strict}" xmlns:q="${relations}"><x:sheets><x:sheet name="Data" sheetId="4" q:id="z"/></x:sheets></x:workbook>`,
      'Buku/_rels/wb.xml.rels': `<Relationships><Relationship Id="z" Type="${relations}/worksheet" Target="../Lembar/satu.xml"/></Relationships>`,
      'Lembar/satu.xml': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sheet, 'utf16le')]),
    });
    expect((await open(bytes)).rows).toHaveLength(1);
  });
});

describe('header', () => {
  it('is found in row 20 and not in row 21, in any case, with line breaks', async () => {
    const header = (row: number) =>
      `<row r="${row}">${['nik', 'NOMOR\nREGISTER', 'Nama  Usaha', 'Jenis_Usaha', ' tgl. '].map(text).join('')}</row>`;
    expect(
      (await open(await handRows(`<row r="1">${text('REKAP')}</row>${header(20)}${dataXml()}`))).rows[0]!.row,
    ).toBe(21);
    expect(await faultOf(await handRows(`<row r="1">${text('REKAP')}</row>${header(21)}${dataXml()}`))).toBe(
      'HEADER_NOT_FOUND',
    );
  });

  it('names what is missing or there twice', async () => {
    const header = (cells: readonly string[]) => handRows(`<row>${cells.map(text).join('')}</row>`);
    expect(await faultOf(await header(titles.slice(0, 4)))).toBe('COLUMN_MISSING Tanggal');
    expect(await faultOf(await header([...titles, 'no ktp']))).toBe('COLUMN_TWICE NIK');
    expect(await faultOf(await header(['Nama', 'Alamat']))).toBe('HEADER_NOT_FOUND');
    expect(await faultOf(await handRows(''))).toBe('FILE_EMPTY');
  });
});

describe('sheets', () => {
  const data = { name: 'Data', rows: headerXml() + dataXml() };
  it('passes over hidden ones, ours and those without a header, and says so', async () => {
    const refused = `<row>${['Baris', ...titles, 'Kesalahan (Gerbang PATEN)'].map(text).join('')}</row>${dataXml()}`;
    const { table, rows } = await open(
      await handWorkbook({
        sheets: [
          { name: 'Petunjuk', rows: `<row>${text('Cara mengisi')}</row>` },
          { name: 'Kosong', rows: '' },
          { ...data, name: 'Lama', state: 'hidden' },
          { ...data, name: 'NIK 3313044107909901', state: 'veryHidden' },
          data,
          { name: 'Ditolak', rows: refused },
          { name: 'Ditolak (2)', rows: refused },
        ],
      }),
    );
    expect(rows).toHaveLength(1);
    expect(table.notes).toEqual([
      'Lembar "Petunjuk" tidak dibaca, karena tidak mempunyai baris judul.',
      'Lembar "Lama" tersembunyi, sehingga tidak dibaca.',
      'Satu lembar tersembunyi, sehingga tidak dibaca.',
      'Lembar "Ditolak" dari hasil pemeriksaan sebelumnya tidak dibaca.',
      'Lembar "Ditolak (2)" dari hasil pemeriksaan sebelumnya tidak dibaca.',
    ]);
  });

  it('does not call a file empty whose data is hidden, and reads no part for two sheets', async () => {
    expect(await faultOf(await handWorkbook({ sheets: [{ rows: '' }, { ...data, state: 'hidden' }] }))).toBe(
      'SHEET_HIDDEN',
    );
    const parts = handParts({ sheets: [data, { rows: '' }] });
    const list = 'xl/_rels/workbook.xml.rels';
    parts[list] = String(parts[list]).replace('sheet2.xml', 'sheet1.xml');
    expect(await faultOf(await zipOf(parts))).toBe('FILE_DAMAGED');
  });

  it('says that the data is hidden only where it is', async () => {
    const list = { name: 'Daftar', state: 'veryHidden', rows: `<row>${text('Perdagangan')}</row>` };
    const untitled = { name: 'Data', rows: dataXml() };
    const incomplete = { ...data, rows: headerXml().replace('Tanggal', 'x'), state: 'hidden' };
    expect(await faultOf(await handWorkbook({ sheets: [list, untitled] }))).toBe('HEADER_NOT_FOUND');
    expect(await faultOf(await handWorkbook({ sheets: [untitled, incomplete] }))).toBe('SHEET_HIDDEN');
  });

  it('says that only our sheet of refused rows is left', async () => {
    const refused = `<row>${['Baris', ...titles, 'Kesalahan (Gerbang PATEN)'].map(text).join('')}</row>${dataXml()}`;
    const sheets = [
      { name: 'Petunjuk', rows: `<row>${text('Cara')}</row>` },
      { name: 'Ditolak', rows: refused },
    ];
    expect(await faultOf(await handWorkbook({ sheets }))).toBe('SHEET_REFUSED_ONLY');
  });

  it('reads one at most', async () => {
    expect(await faultOf(await handWorkbook({ sheets: [data, { ...data, name: 'Data 2' }] }))).toBe('SEVERAL_SHEETS');
  });
});

describe('files of other programs', () => {
  it('reads what exceljs writes', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('Data');
    sheet.addRow(titles);
    sheet.addRow([
      '3313044107909901',
      '500/1',
      { richText: [{ text: 'Warung ' }, { text: 'Contoh' }] },
      { formula: 'C2', result: 'x' },
      new Date('2026-01-31'),
    ]);
    sheet.addRow([3313044107909900, '500/2', 'Warung', 'Dagang', '31-01-2026']);
    sheet.mergeCells('C3:D3');
    sheet.getRow(3).hidden = true;
    const { rows } = await open(Buffer.from(await workbook.xlsx.writeBuffer()));
    expect(rows[0]!.cells).toEqual({
      nik: { class: 'digits', text: '3313044107909901' },
      nomorRegister: { class: 'text', text: '500/1' },
      namaUsaha: good,
      jenisUsaha: { class: 'formula', text: 'x', fault: 'FORMULA_CELL' },
      tanggal: { class: 'date', text: '2026-01-31' },
    });
    expect([rows[1]!.fault, rows[1]!.cells.nik, rows[1]!.cells.jenisUsaha!.fault]).toEqual([
      'HIDDEN_ROW',
      { class: 'number', text: '3313044107909900' },
      'MERGED_CELL',
    ]);
  });

  it('reads what we write', async () => {
    const bytes = await bytesOf(
      writeXlsx([
        {
          kind: 'table',
          name: 'Data',
          columns: titles.map((header, n) => ({ header, kind: n === 4 ? ('date' as const) : ('text' as const) })),
          rows: [['3313044107909901', '=1+1', 'A\u0007_x0041_', null, { date: '2026-01-31' }]],
        },
      ]),
    );
    expect((await open(bytes)).rows[0]!.cells).toEqual({
      nik: { class: 'digits', text: '3313044107909901' },
      nomorRegister: { class: 'text', text: '=1+1' },
      namaUsaha: { class: 'text', text: 'A\u0007_x0041_', fault: 'CONTROL_CHARACTER' },
      jenisUsaha: { class: 'empty', text: '' },
      tanggal: { class: 'date', text: '2026-01-31' },
    });
  });

  it('knows its part by the workbook, not by its name', async () => {
    const parts = handParts({ sheets: [{ rows: headerXml() + dataXml() }] });
    expect(parts[`xl/worksheets/sheet1.xml`]).toContain(main);
    const moved: typeof parts = {
      ...parts,
      'xl/worksheets/data.xml': parts['xl/worksheets/sheet1.xml']!,
      'xl/worksheets/sheet1.xml': '<worksheet/>',
    };
    moved['xl/_rels/workbook.xml.rels'] = String(moved['xl/_rels/workbook.xml.rels']).replace('sheet1.xml', 'data.xml');
    expect((await open(await zipOf(moved))).rows).toHaveLength(1);
  });
});
