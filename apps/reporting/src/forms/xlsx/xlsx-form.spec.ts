import { expect, test } from '@jest/globals';
import type { ReportContent } from '#contracts';
import { makeDistinctContent } from '../numbers-fixture.js';
import { fixtureHash, makePeople, makeRegister, makeReportContent } from '../report-content-fixture.js';
import { allTables } from '../tables/report-tables.js';
import { compareWithTables, open } from './workbook-fixture.js';
import { renderXlsx } from './xlsx-form.js';

const render = (content: ReportContent): Buffer => renderXlsx({ content, contentHash: fixtureHash, state: 'APPROVED' });

test('has a sheet for each table, with real numbers and dates', async () => {
  const content = makeReportContent();
  const workbook = await open(render(content));
  compareWithTables(workbook, content);
  expect(workbook.worksheets.map(({ name }) => name)).toEqual([
    'laporan',
    ...allTables(content).map(({ id }) => id),
    'uraian',
  ]);
  const sheet = workbook.getWorksheet('akses_bulan')!;
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet.getColumn(1).width).toBeGreaterThan(10);
  expect(workbook.getWorksheet('laporan')!.getCell('A1').value).toBe(
    'Laporan Pemanfaatan Data Kependudukan Semester I Tahun 2026',
  );
});

test('has every number of the figures', async () => {
  const { content, numbers } = makeDistinctContent();
  const found = new Set<string>();
  for (const sheet of (await open(render(content))).worksheets)
    sheet.eachRow((row) => row.eachCell(({ text }) => found.add(text.replace(' kali', '').replace('.', ''))));
  expect(numbers.filter((number) => !found.has(String(number)))).toEqual([]);
});

test('is the same file for the same report, and holds no formula', () => {
  const people = makePeople().map((person) => ({ ...person, name: '=1+1', workUnit: '@SUM(A1)\u0001' }));
  const content = makeReportContent({ register: makeRegister({ people }) });
  expect(render(content).equals(render(content))).toBe(true);
  return open(render(content)).then((workbook) => {
    workbook.worksheets.forEach((sheet) =>
      sheet.eachRow((row) => row.eachCell((cell) => expect(cell.formula).toBeUndefined())),
    );
    expect(workbook.getWorksheet('nda')!.getCell('B2').value).toBe('=1+1');
  });
});
