import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { rowFaults } from '#contracts';
import type { Mark } from '../table.js';
import { clerksWorkbook, from, isMarked, marked, marks, noteOf, partsOf, reopened } from './mark-fixture.js';
import { markXlsx } from './mark-xlsx.js';
import {
  bytesOf,
  dataXml,
  handRows,
  handWorkbook,
  headerXml,
  main,
  names,
  open,
  sourceOf,
  text,
  titles,
  zipOf,
  handParts,
} from './xlsx-fixture.js';

describe('a marked workbook', () => {
  it('has the same values and formats, and marks at the faulty cells only', async () => {
    const before = await clerksWorkbook();
    const [old, now] = [await reopened(before), await reopened(await marked(before, marks))];
    expect(now.worksheets.map(({ name }) => name)).toEqual(['Petunjuk', 'Data', 'Ditolak']);
    const found: string[] = [];
    for (const sheet of old.worksheets) {
      const copy = now.getWorksheet(sheet.name)!;
      sheet.eachRow({ includeEmpty: true }, (row) =>
        row.eachCell({ includeEmpty: true }, (cell) => {
          const other = copy.getCell(cell.address);
          expect([cell.address, other.value]).toEqual([cell.address, cell.value]);
          expect([cell.address, other.numFmt]).toEqual([cell.address, cell.numFmt]);
          // of the default format, exceljs tells no font
          if ((cell.font as unknown) !== undefined) expect(other.font).toEqual(cell.font);
          if (isMarked(other)) found.push(`${sheet.name} ${cell.address}`);
        }),
      );
    }
    expect(found).toEqual(['Data A5', 'Data D5', 'Data A6', 'Data E6']);
    expect(noteOf(now.getWorksheet('Data')!.getCell('A5'))).toBe(rowFaults.NIK_NUMBER_CELL);
    expect(noteOf(now.getWorksheet('Data')!.getCell('E6'))).toBe(
      `${rowFaults.DATE_INVALID}\n${rowFaults.DATE_TOO_EARLY}`,
    );
    expect(noteOf(now.getWorksheet('Data')!.getCell('A6'))).toBe(rowFaults.HIDDEN_ROW);
    expect(noteOf(now.getWorksheet('Data')!.getCell('A4'))).toBe('');
  });

  it('repeats the refused rows as text, never as formulas, with the reasons', async () => {
    const result = await marked(await clerksWorkbook(), marks);
    const sheet = (await reopened(result)).getWorksheet('Ditolak')!;
    const values = (sheet.getSheetValues() as unknown[][]).slice(1).map((row) => row.slice(1));
    expect(values).toEqual([
      ['Baris', ...titles, 'Kesalahan (Gerbang PATEN)'],
      [
        '5',
        '3313044107909900',
        '500/2',
        '=SUM(1;2)',
        undefined,
        '31-01-2026',
        `NIK: ${rowFaults.NIK_NUMBER_CELL}\nJenis Usaha: ${rowFaults.BUSINESS_TYPE_EMPTY}`,
      ],
      [
        '6',
        '3313043108859903',
        '500/3',
        '@cmd',
        '+62',
        '-1',
        `${rowFaults.HIDDEN_ROW}\nTanggal: ${rowFaults.DATE_INVALID} ${rowFaults.DATE_TOO_EARLY}`,
      ],
    ]);
    expect(sheet.getCell('D2').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.getCell('D2').numFmt).toBe('@');
    const parts = await partsOf(result);
    expect([...parts.keys()].filter((name) => name.includes('worksheets/sheet'))).toHaveLength(3);
    expect(String(parts.get('xl/worksheets/sheet3.xml'))).not.toContain('<f');
  });

  it('passes every other part through byte for byte', async () => {
    const before = await handWorkbook({
      sheets: [{ rows: headerXml() + dataXml() }, { rows: `<row>${text('x')}</row>` }],
      styles: '<fills><fill/></fills><cellXfs><xf/></cellXfs>',
      parts: { 'xl/media/image1.png': Buffer.from([0, 1, 2, 255]), 'customXml/item1.xml': '<a  b = "1"/>' },
    });
    const [old, now] = [
      await partsOf(before),
      await partsOf(await marked(before, [{ row: 2, column: 1, code: 'NIK_LENGTH' }])),
    ];
    const changed = [...old].filter(([name, bytes]) => !now.get(name)?.equals(bytes)).map(([name]) => name);
    expect(changed.sort()).toEqual([
      '[Content_Types].xml',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    expect([...now.keys()].filter((name) => !old.has(name)).sort()).toEqual([
      'xl/comments1.xml',
      'xl/drawings/vmlDrawing1.vml',
      'xl/worksheets/_rels/sheet1.xml.rels',
      'xl/worksheets/sheet3.xml',
    ]);
  });

  it('puts in cells and rows that are marked and not there, with the format of their column', async () => {
    const before = await handRows(
      `${headerXml(2)}<row r="4" spans="2:3"><c r="B4" s="0" t="str"><v>500/1</v></c></row>`,
      {
        before: '<cols><col min="1" max="1" style="1"/></cols>',
        styles: `<fonts><font/></fonts><fills><fill/><fill/></fills><borders><border/></borders><cellXfs>${'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'}<xf numFmtId="49" fontId="0" fillId="0" borderId="0"/></cellXfs>`,
        after: '<pageMargins left="1"/><tableParts count="0"/>',
      },
    );
    const result = await marked(before, [
      { row: 3, column: 2, code: 'REGISTER_EMPTY' },
      { row: 4, column: 1, code: 'NIK_EMPTY' },
      { row: 4, column: 3, code: 'BUSINESS_NAME_EMPTY' },
      { row: 9, column: 1, code: 'NIK_EMPTY' },
    ]);
    const xml = String((await partsOf(result)).get('xl/worksheets/sheet1.xml'));
    expect(xml.slice(xml.indexOf('<row r="3"'))).toBe(
      '<row r="3"><c r="B3" s="3"/></row><row r="4"><c r="A4" s="4"/><c r="B4" s="0" t="str"><v>500/1</v></c><c r="C4" s="3"/></row><row r="9"><c r="A9" s="4"/></row></sheetData>' +
        '<pageMargins left="1"/><legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="gerbangDrawing"/><tableParts count="0"/></worksheet>',
    );
    const sheet = (await reopened(result)).getWorksheet('Sheet1')!;
    expect(['B3', 'A4', 'B4', 'C4', 'A9'].map((at) => isMarked(sheet.getCell(at)))).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(sheet.getCell('A4').numFmt).toBe('@');
  });

  it('gives references to rows and cells that had none, and keeps prefixes', async () => {
    const parts = handParts({
      sheets: [{ rows: '' }],
      styles: '<fills><fill/><fill/></fills><cellXfs><xf/></cellXfs>',
    });
    const rows = (headerXml() + dataXml()).replace(/<(\/?)(\w)/g, '<$1x:$2');
    const before = await zipOf({
      ...parts,
      'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="${main}"><x:sheetData>${rows}</x:sheetData></x:worksheet>`,
    });
    const result = await marked(before, [
      { row: 2, column: 3, code: 'HOLDS_NIK' },
      { row: 2, column: 7, code: 'HOLDS_NIK' },
    ]);
    const xml = String((await partsOf(result)).get('xl/worksheets/sheet1.xml'));
    expect(xml).toContain('<x:row r="2"><x:c r="A2" t="inlineStr">');
    expect(xml).toContain('<x:c r="C2" t="inlineStr" s="2">');
    expect(xml).toContain('<x:c r="G2" s="2"/></x:row>');
    expect((await open(result)).rows).toHaveLength(1);
  });

  it('adds styles to a workbook that has none', async () => {
    const sheet = (
      await reopened(
        await marked(await handRows(headerXml(1) + dataXml()), [{ row: 2, column: 1, code: 'NIK_LENGTH' }]),
      )
    ).getWorksheet('Sheet1')!;
    expect(isMarked(sheet.getCell('A2'))).toBe(true);
    expect(noteOf(sheet.getCell('A2'))).toBe(rowFaults.NIK_LENGTH);
  });

  it('keeps the comments that were there', async () => {
    const workbook = await reopened(await clerksWorkbook());
    const sheet = workbook.getWorksheet('Data')!;
    sheet.getCell('B4').note = 'Catatan pegawai';
    sheet.getCell('A5').note = 'Sudah ditanyakan';
    const result = await marked(Buffer.from(await workbook.xlsx.writeBuffer()), marks);
    const now = (await reopened(result)).getWorksheet('Data')!;
    expect(noteOf(now.getCell('B4'))).toBe('Catatan pegawai');
    expect(noteOf(now.getCell('A5'))).toBe(`Sudah ditanyakan\n[Gerbang PATEN]\n${rowFaults.NIK_NUMBER_CELL}`);
    expect(noteOf(now.getCell('D5'))).toBe(rowFaults.BUSINESS_TYPE_EMPTY);
    const parts = await partsOf(result);
    const shapes = String([...parts].find(([name]) => name.endsWith('.vml'))![1]);
    expect(shapes.match(/<v:shape /g)).toHaveLength(5);
    expect(new Set(shapes.match(/id="_x0000_s\d+"/g)).size).toBe(5);
  });

  it('comments at most 20,000 cells and colours all', async () => {
    const rows = Array.from({ length: 5_001 }, () => dataXml()).join('');
    const before = await handRows(headerXml(1) + rows, {
      styles: '<fills><fill/><fill/></fills><cellXfs><xf/></cellXfs>',
    });
    const all = Array.from({ length: 5_001 }, (_, n) =>
      [1, 2, 3, 4].map((column): Mark => ({ row: n + 2, column, code: 'HOLDS_NIK' })),
    ).flat();
    const parts = await partsOf(await marked(before, all));
    expect(String(parts.get('xl/comments1.xml')).match(/<comment /g)).toHaveLength(20_000);
    expect(String(parts.get('xl/worksheets/sheet1.xml')).match(/ s="2"/g)).toHaveLength(20_004);
    expect(String(parts.get('xl/worksheets/sheet2.xml')).match(/<row /g)).toHaveLength(5_002);
  });
});

it('stops when whoever takes it stops, and passes on faults of the marks', async () => {
  const before = await clerksWorkbook();
  for await (const piece of markXlsx(sourceOf(before), from(marks), names)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  async function* failing(): AsyncGenerator<Mark> {
    throw new Error('gone');
  }
  await expect(bytesOf(markXlsx(sourceOf(before), failing(), names))).rejects.toThrow('gone');
});
