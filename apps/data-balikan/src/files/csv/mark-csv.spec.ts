import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { defaultColumns, rowFaults } from '#contracts';
import type { Mark } from '../table.js';
import { good, header, open, rowsOf, sourceOf } from './csv-fixture.js';
import { openCsv } from './csv-table.js';
import { markCsv } from './mark-csv.js';

async function marked(content: Buffer | string, marks: Mark[]): Promise<string> {
  const source = sourceOf(content);
  const pieces: Buffer[] = [];
  for await (const piece of markCsv(source, marks, await openCsv(source, defaultColumns))) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
const recordsOf = (text: string): string[][] => parse(text, { bom: true, delimiter: ';', relax_column_count: true });
const bad = (name: string) => good.replace('Toko Contoh', name);
const ours = 'Kesalahan (Gerbang PATEN)';
const ofNik = (row: number): Mark => ({ row, column: 1, code: 'NIK_LENGTH' });

describe('a marked file', () => {
  it('is the same with the faults of each row behind it', async () => {
    const marks: Mark[] = [
      ofNik(3),
      { row: 3, column: 28, code: 'DATE_EMPTY' },
      { row: 5, column: null, code: 'ROW_RAGGED' },
    ];
    const text = await marked(`${header}\r\n${good}\r\n${good}\r\n\r\n${good};;zu viel\r\n`, marks);
    expect(text.startsWith('\ufeff')).toBe(true);
    expect(text.slice(1).split('\r\n')).toEqual([
      `${header};${ours}`,
      `${good};`,
      `${good};A: ${rowFaults.NIK_LENGTH} AB: ${rowFaults.DATE_EMPTY}`,
      '',
      `${good};${rowFaults.ROW_RAGGED};;zu viel`,
      '',
    ]);
  });

  it('keeps titles above, the delimiter and the line breaks', async () => {
    const content = `Rekap,"a, b"\n${header.replaceAll(';', ',')}\n${good.replaceAll(';', ',')}`;
    expect(await marked(content, [])).toBe(
      `\ufeffRekap,"a, b"\n${header.replaceAll(';', ',')},${ours}\n${good.replaceAll(';', ',')},\n`,
    );
    expect(await marked(`sep=|\n${header.replaceAll(';', '|')}`, [])).toMatch(/^\ufeffsep=\|\nNIK\|/);
  });

  it('is UTF-8 whatever it was', async () => {
    const content = `${header}\r\n${bad('Café')}\r\n`;
    const texts = [Buffer.from(content, 'latin1'), Buffer.from(`\ufeff${content}`, 'utf16le')].map((file) =>
      marked(file, []),
    );
    for (const text of await Promise.all(texts)) expect(recordsOf(text)[1]![2]).toBe('Café');
  });

  it.each(['=1+1', '+62812', '-5', '@SUM(1)', '\t1', '\r1', ' =1', '＝1', '="3313044107909901"'])(
    'holds %j as no formula, and reads as before',
    async (name) => {
      const content = `${header}\n${bad(`"${name.replaceAll('"', '""')}"`)}`;
      const text = await marked(content, []);
      expect(recordsOf(text)[1]![2]).toBe(`'${name}`);
      const [before, after] = [await rowsOf(await open(content)), await rowsOf(await open(text))];
      expect(after).toEqual(before);
    },
  );

  it('can be handed in again: its own column is written anew', async () => {
    const first = await marked(`${header}\n${good}\n${good};x`, [
      ofNik(2),
      { row: 3, column: null, code: 'ROW_RAGGED' },
    ]);
    const rows = await rowsOf(await open(first));
    expect(rows.map(({ row, fault }) => ({ row, fault }))).toEqual([
      { row: 2, fault: undefined },
      { row: 3, fault: 'ROW_RAGGED' },
    ]);
    const second = await marked(first, [{ row: 2, column: 5, code: 'DATE_INVALID' }]);
    expect(recordsOf(second)).toEqual([
      [...header.split(';'), ours],
      [...good.split(';'), `E: ${rowFaults.DATE_INVALID}`],
      [...good.split(';'), '', 'x'],
    ]);
  });

  it('keeps a column of the clerk that is called Keterangan to the letter', async () => {
    const first = await marked(`${header};Keterangan\n${good};lunas "tunai"\n${good};'cicil`, [ofNik(3)]);
    const expected = (fault: string) => [
      [...header.split(';'), 'Keterangan', ours],
      [...good.split(';'), 'lunas "tunai"', ''],
      [...good.split(';'), "'cicil", fault],
    ];
    expect(recordsOf(first)).toEqual(expected(`A: ${rowFaults.NIK_LENGTH}`));
    expect(recordsOf(await marked(first, []))).toEqual(expected(''));
  });

  it.each([
    ['foo,=1+1,bar', "foo,'=1+1,bar"],
    ['Toko, \u00a0@SUM(1)', "Toko, \u00a0'@SUM(1)"],
    ['a;=1|+2', "a;'=1|'+2"],
    ['a\n=1', "a\n'=1"],
    ['=1,=2', "'=1,'=2"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['Jl. Mawar, No. 1-2', 'Jl. Mawar, No. 1-2'],
  ])('holds %j as no formula for another delimiter either, and reads as before', async (name, held) => {
    const content = `${header}\n${bad(`"${name}"`)}`;
    const text = await marked(content, []);
    expect(recordsOf(text)[1]![2]).toBe(held);
    expect(recordsOf(await marked(text, []))[1]![2]).toBe(held);
    const [before, after] = [await rowsOf(await open(content)), await rowsOf(await open(text))];
    expect(after).toEqual(before);
  });

  it('shows a quote that was not closed as what stands in its line', async () => {
    const text = await marked(`${header}\n3313044107909901;"1;a;b;c\n${good}`, [
      { row: 2, column: null, code: 'QUOTE_UNCLOSED' },
    ]);
    expect(recordsOf(text).slice(1)).toEqual([
      ['3313044107909901', '"1;a;b;c', '', '', '', rowFaults.QUOTE_UNCLOSED],
      [...good.split(';'), ''],
    ]);
  });

  it('gives back every row of a large one', async () => {
    const marks = Array.from({ length: 20_000 }, (_, index) => ofNik(index * 2 + 2));
    const text = await marked(`${header}\n${`${good}\n`.repeat(40_000)}`, marks);
    const rows = recordsOf(text).slice(1);
    expect(rows.length).toBe(40_000);
    expect(rows.filter((cells) => cells[5] === `A: ${rowFaults.NIK_LENGTH}`).length).toBe(20_000);
  });
});
