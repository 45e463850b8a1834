import { expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { dayToSerial, serialToDay } from './cell-values.js';
import { writeXlsx, type TableSheet } from './write-xlsx.js';
import { bytesOf, open, titles } from './xlsx-fixture.js';

async function* rows(): AsyncGenerator<(string | { date: string } | number | null)[]> {
  yield ['3313044107909901', '500/1', '=1+1', 'A & <B> "c"\n_x0041_', { date: '2026-01-31' }, 12];
  yield ['9171017008909903', '@x', '-', '+', null, null];
}

const table: TableSheet = {
  kind: 'table',
  name: 'Data',
  columns: [
    ...titles.slice(0, 4).map((header) => ({ header, width: 24 })),
    {
      header: 'Tanggal',
      kind: 'date',
      validation: { date: { from: '2020-01-01', to: '2030-12-31' }, strictness: 'WARNING' },
    },
    { header: 'Angka', kind: 'number', validation: { prompt: { title: 'Angka', text: 'Isi angka' } } },
    {
      header: 'Versi KBLI',
      validation: { list: ['2020', '2025'], message: { title: 'Versi', text: '2020 atau 2025' } },
    },
    { header: 'Pilihan', validation: { list: { range: 'Daftar!$A$2:$A$3' } } },
    { header: 'Kode KBLI', validation: { textLength: { min: 5, max: 5 } } },
  ],
  rows: rows(),
  validatedTo: 500,
};

it('opens in exceljs with its values, formats and validations', async () => {
  const bytes = await bytesOf(
    writeXlsx([
      table,
      { kind: 'text', name: 'Petunjuk', lines: ['Cara mengisi', 'Baris kedua & <ketiga>'] },
      { kind: 'table', name: 'Daftar', hidden: true, columns: [{ header: 'Pilihan' }], rows: [['Satu'], ['Dua']] },
    ]),
  );
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  const sheet = workbook.getWorksheet('Data')!;
  expect((sheet.getSheetValues() as unknown[][]).slice(2).map((row) => row.slice(1))).toEqual([
    ['3313044107909901', '500/1', '=1+1', 'A & <B> "c"\n_x005F_x0041_', new Date('2026-01-31'), 12],
    ['9171017008909903', '@x', '-', '+'],
  ]);
  expect([sheet.getCell('A2').numFmt, sheet.getColumn(1).numFmt, sheet.getCell('A2').type]).toEqual([
    '@',
    '@',
    ExcelJS.ValueType.String,
  ]);
  expect(sheet.getCell('A1').font.bold).toBe(true);
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet.autoFilter).toBe('A1:I3');
  expect(sheet.getCell('G2').dataValidation).toMatchObject({
    type: 'list',
    formulae: ['"2020,2025"'],
    error: '2020 atau 2025',
  });
  expect(sheet.getCell('H500').dataValidation).toMatchObject({ type: 'list', formulae: ['Daftar!$A$2:$A$3'] });
  expect(sheet.getCell('I2').dataValidation).toMatchObject({ type: 'textLength', formulae: [5, 5] });
  expect(sheet.getCell('E2').dataValidation).toMatchObject({ type: 'date', errorStyle: 'warning' });
  expect(workbook.getWorksheet('Daftar')!.state).toBe('hidden');
  expect(workbook.getWorksheet('Petunjuk')!.getCell('A2').value).toBe('Baris kedua & <ketiga>');
  expect((await open(bytes)).table.notes).toEqual([
    'Lembar "Petunjuk" tidak dibaca, karena tidak mempunyai baris judul.',
    'Lembar "Daftar" tersembunyi, sehingga tidak dibaca.',
  ]);
});

it('gives equal bytes for equal content', async () => {
  const make = () => bytesOf(writeXlsx([{ kind: 'text', name: 'A', lines: ['x'] }]));
  expect((await make()).equals(await make())).toBe(true);
});

it('passes on a fault of its rows, and refuses names that Excel does', async () => {
  async function* broken(): AsyncGenerator<string[]> {
    throw new Error('gone');
  }
  await expect(
    bytesOf(writeXlsx([{ kind: 'table', name: 'A', columns: [{ header: 'x' }], rows: broken() }])),
  ).rejects.toThrow('gone');
  expect(() => writeXlsx([{ kind: 'text', name: 'a/b', lines: [] }])).toThrow('sheet names');
});

it.each(['1900-01-01', '1900-02-28', '1900-03-01', '2026-01-31', '9999-12-31'])('keeps the day %s', (day) => {
  expect(serialToDay(dayToSerial(day), false)).toBe(day);
});
