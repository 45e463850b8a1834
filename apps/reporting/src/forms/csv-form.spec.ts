import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { renderCsv } from './csv-form.js';
import { makeDistinctContent } from './numbers-fixture.js';
import { makePeople, makeRegister, makeReportContent } from './report-content-fixture.js';

interface Line {
  tabel: string;
  baris: string;
  kolom: string;
  nilai: string;
}

const linesOf = (csv: Buffer): Line[] =>
  parse<Line>(csv, { bom: true, delimiter: ';', columns: true, record_delimiter: '\r\n' });

test('has every number of the figures', () => {
  const { content, numbers } = makeDistinctContent();
  const lines = linesOf(renderCsv(content));
  const all = new Set(lines.flatMap(({ baris, nilai }) => [nilai, baris.replace(' kali', '').replace('.', '')]));
  expect(numbers.filter((number) => !all.has(String(number)))).toEqual([]);
});

test('names each number once, so that it can be looked up', () => {
  const content = makeReportContent();
  const lines = linesOf(renderCsv(content));
  const keys = lines.map(({ tabel, baris, kolom }) => JSON.stringify([tabel, baris, kolom]));
  expect(new Set(keys).size).toBe(keys.length);
  expect(lines).toContainEqual({
    tabel: 'akses_layanan',
    baris: 'Surat keterangan usaha',
    kolom: 'Hit',
    nilai: String(content.figures.lookUps.byService.find(({ service }) => service === 'SKU')!.hits),
  });
  expect(lines).toContainEqual({
    tabel: 'akses_bulan',
    baris: 'Jumlah',
    kolom: 'Hit',
    nilai: String(content.figures.lookUps.total.hits),
  });
});

test('begins with the mark of UTF-8, and its lines end as RFC 4180 has it', () => {
  const csv = renderCsv(makeReportContent());
  expect(csv.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(csv.toString().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(csv.toString()).toMatch(/^\ufefftabel;baris;kolom;nilai\r\n/);
});

test('holds nothing that a spreadsheet takes for a formula', () => {
  const evil = ['=HYPERLINK("http://contoh.invalid")', '+1', '-2+3', '@SUM(A1)', '\t=1', '＝1'];
  const people = makePeople(6).map((person, n) =>
    evil[n] ? { ...person, name: evil[n], userIdLokal: evil[n] } : person,
  );
  const lines = linesOf(renderCsv(makeReportContent({ register: makeRegister({ people }) })));
  const cells = lines.flatMap((line) => Object.values(line) as string[]);
  expect(cells.filter((cell) => /^\s*[=+\-@＝]/.test(cell) && !/^-?\d*$/.test(cell) && cell !== '-')).toEqual([]);
  expect(cells.some((cell) => cell.startsWith("'=HYPERLINK"))).toBe(true);
});
