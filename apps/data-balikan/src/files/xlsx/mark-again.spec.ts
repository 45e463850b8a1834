import { describe, expect, it } from '@jest/globals';
import { rowFaults } from '#contracts';
import { clerksWorkbook, isMarked, marked, marks, noteOf, partsOf, reopened } from './mark-fixture.js';
import { open } from './xlsx-fixture.js';

describe('a workbook marked before', () => {
  it('is read again, and its old marks are taken away', async () => {
    const once = await marked(await clerksWorkbook(), marks);
    expect((await open(once)).rows.map(({ row }) => row)).toEqual([4, 5, 6]);
    const twice = await marked(once, [{ row: 6, column: 5, code: 'DATE_INVALID' }]);
    const workbook = await reopened(twice);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Petunjuk', 'Data', 'Ditolak']);
    const refused = workbook.getWorksheet('Ditolak')!;
    expect([refused.rowCount, refused.getCell('A2').value]).toEqual([2, '6']);
    const sheet = workbook.getWorksheet('Data')!;
    const cells = ['A5', 'D5', 'A6', 'E6'].map((at) => sheet.getCell(at));
    expect(cells.map(isMarked)).toEqual([false, false, false, true]);
    expect(cells.map(noteOf)).toEqual(['', '', '', rowFaults.DATE_INVALID]);
    const parts = await partsOf(twice);
    expect([...parts.keys()].filter((name) => /comments|vml/i.test(name))).toHaveLength(2);
  });

  it('keeps a sheet of the clerk that is called Ditolak, and replaces only ours', async () => {
    const workbook = await reopened(await clerksWorkbook());
    workbook.addWorksheet('Ditolak').addRow(['Baris', 'Catatan', 'Keterangan']);
    const once = await marked(Buffer.from(await workbook.xlsx.writeBuffer()), marks);
    const twice = await reopened(await marked(once, marks.slice(0, 1)));
    expect(twice.worksheets.map(({ name }) => name)).toEqual(['Petunjuk', 'Data', 'Ditolak', 'Ditolak (2)']);
    expect(twice.getWorksheet('Ditolak')!.getCell('B1').value).toBe('Catatan');
    expect(twice.getWorksheet('Ditolak (2)')!.rowCount).toBe(2);
  });

  it('loses comments that somebody put on our sheet, and is a sound workbook', async () => {
    const once = await reopened(await marked(await clerksWorkbook(), marks));
    once.getWorksheet('Ditolak')!.getCell('B2').note = 'Sudah diperbaiki';
    const parts = await partsOf(await marked(Buffer.from(await once.xlsx.writeBuffer()), marks));
    expect([...parts.keys()].filter((name) => name.includes('_rels/sheet'))).toEqual([
      'xl/worksheets/_rels/sheet2.xml.rels',
    ]);
    expect(String(parts.get('xl/worksheets/sheet3.xml'))).not.toContain('legacyDrawing');
  });

  it('stays a workbook when another program saved it in between', async () => {
    const once = await reopened(await marked(await clerksWorkbook(), marks));
    const saved = Buffer.from(await once.xlsx.writeBuffer());
    const sheet = (await reopened(await marked(saved, marks.slice(0, 1)))).getWorksheet('Data')!;
    expect(isMarked(sheet.getCell('A5'))).toBe(true);
    expect(isMarked(sheet.getCell('E6'))).toBe(false);
    expect([sheet.getCell('A5'), sheet.getCell('E6')].map(noteOf)).toEqual([rowFaults.NIK_NUMBER_CELL, '']);
  });

  it('loses what was added to a comment of somebody else, and gets it anew', async () => {
    const workbook = await reopened(await clerksWorkbook());
    workbook.getWorksheet('Data')!.getCell('A5').note = 'Sudah ditanyakan';
    const once = await marked(Buffer.from(await workbook.xlsx.writeBuffer()), marks);
    const again = (await reopened(await marked(once, [{ row: 5, column: 1, code: 'NIK_LENGTH' }]))).getWorksheet(
      'Data',
    )!;
    expect(noteOf(again.getCell('A5'))).toBe(`Sudah ditanyakan\n[Gerbang PATEN]\n${rowFaults.NIK_LENGTH}`);
    const free = (await reopened(await marked(once, []))).getWorksheet('Data')!;
    expect(noteOf(free.getCell('A5'))).toBe('Sudah ditanyakan');
  });
});
