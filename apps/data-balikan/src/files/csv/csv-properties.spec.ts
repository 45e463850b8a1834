import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { defaultColumns, type BalikanField } from '#contracts';
import { cleanText, holdsControlCharacter } from '../cell-text.js';
import { FileFault, type Row } from '../table.js';
import { good, header, open, rowsOf, sourceOf, titles } from './csv-fixture.js';
import { openCsv } from './csv-table.js';
import { markCsv } from './mark-csv.js';
import { mostRecord, RecordScanner } from './record-scanner.js';

const seed = 5;
const fields: BalikanField[] = ['nik', 'nomorRegister', 'namaUsaha', 'jenisUsaha', 'tanggal'];
const encodings: Record<string, (text: string) => Buffer> = {
  utf8: (text) => Buffer.from(text),
  utf8Marked: (text) => Buffer.from(`\ufeff${text}`),
  utf16le: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  utf16be: (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  latin1: (text) => Buffer.from(text, 'latin1'),
};
const isPlain = (text: string): boolean =>
  text === cleanText(text) && !holdsControlCharacter(text) && !/^[=#']/.test(text);
const cell = fc
  .oneof(
    fc.string({ maxLength: 20, unit: 'grapheme' }),
    fc.string({ maxLength: 20, unit: fc.constantFrom(...'a1";,\t\r\n '.split('')) }),
    fc.constantFrom('3313044107909901', '', '2026-01-31', 'Roti, Kue; Teh', '"', '-1', 'é'),
  )
  .filter(isPlain);
const dialect = fc.record({
  delimiter: fc.constantFrom(';', ',', '\t'),
  record_delimiter: fc.constantFrom('\r\n', '\n', '\r'),
  quoted: fc.boolean(),
  encoding: fc.constantFrom(...Object.keys(encodings)),
});
const contents = (rows: Row[]) => rows.map(({ cells }) => fields.map((field) => cells[field]?.text));

describe('any table that csv-stringify writes', () => {
  it('reads back to the same values, and so does its marked copy', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { maxLength: 8 }),
        dialect,
        async (table, { encoding, ...as }) => {
          const fits = encoding !== 'latin1' || !/[^\u0000-\u007f\u00a0-\u00ff]/.test(table.flat().join(''));
          fc.pre(fits);
          // a lone carriage return is quoted only where it is the line break
          const text = stringify([titles, ...table], { ...as, quoted_match: /[\r\n]/ });
          const source = sourceOf(encodings[encoding]!(text));
          const opened = await openCsv(source, defaultColumns);
          const rows = await rowsOf(opened);
          expect(contents(rows)).toEqual(table.filter((cells) => cells.some((content) => content !== '')));
          expect(rows.every(({ fault, cells }) => !fault && fields.every((field) => !cells[field]?.fault))).toBe(true);

          const pieces: Buffer[] = [];
          for await (const piece of markCsv(source, [], opened)) pieces.push(piece);
          expect(contents(await rowsOf(await open(Buffer.concat(pieces))))).toEqual(contents(rows));
        },
      ),
      { seed, numRuns: 400 },
    );
  });
});

describe('records', () => {
  it('are the same however the text comes in pieces', () => {
    const text = fc.string({ maxLength: 60, unit: fc.constantFrom(...'ab";\r\n '.split('')) });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (content, cuts) => {
        const whole = new RecordScanner(';').push(content, true);
        const places = [
          0,
          ...cuts.filter((cut) => cut < content.length).sort((one, other) => one - other),
          content.length,
        ];
        const scanner = new RecordScanner(';');
        const pieces = places
          .slice(1)
          .flatMap((end, index) => scanner.push(content.slice(places[index], end), index === places.length - 2));
        expect(pieces).toEqual(whole);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it('take a time that grows with the text, whatever its quotes', () => {
    const nasty = [
      'x";"abc\n',
      '"\n',
      '""" x\n',
      'a;"b\n',
      '"a""\n',
      ' "\r',
      '";"',
      'x";"\n"',
      'x"\n',
      'x"',
      '"',
      ';"',
    ];
    for (const piece of nasty) {
      const scanner = new RecordScanner(';');
      const begun = process.cpuUsage().user;
      try {
        for (let round = 0; round < 4; round += 1) scanner.push(piece.repeat(256_000 / piece.length), round === 3);
      } catch (error) {
        expect(error).toMatchObject({ code: 'FILE_DAMAGED' });
      }
      // 1 MB; read again from every line it would be some gigabytes
      expect(process.cpuUsage().user - begun).toBeLessThan(10_000_000);
    }
  });

  it('that never end are given up line by line', () => {
    const line = 'x";y;"abc';
    const records = new RecordScanner(';').push(`${line}\n`.repeat(mostRecord / (line.length + 1) + 50), false);
    expect(records.length).toBeGreaterThan(2);
    expect(records).toEqual(
      records.map((_, index) => ({ row: index + 1, cells: ['x"', 'y', '"abc'], unclosed: true })),
    );
  });

  it('whose quote swallows other lines give them back', () => {
    const lines = ['1;"a', '2;b', '3;"c"', '4;"d" e', '5;f'];
    const records = new RecordScanner(';').push(lines.join('\n'), true);
    expect(records.map(({ cells }) => cells[0])).toEqual(['1', '2', '3', '4', '5']);
    expect(records.map(({ unclosed }) => unclosed)).toEqual([true, false, false, true, false]);
  });

  it('are never longer than they may be', () => {
    const scanner = new RecordScanner(';');
    const records = scanner.push(`"${'x\n'.repeat(mostRecord)}`, false);
    expect(records.length).toBeGreaterThan(0);
    expect(Math.max(...records.map(({ cells }) => cells.join(';').length))).toBeLessThanOrEqual(mostRecord);
  });
});

describe('whatever bytes come', () => {
  const lines = `${header}\r\n${`${good}\r\n"3313044107909902";"2";"Toko ""B""\n";=1;31-01-2026\r\n`.repeat(20)}`;
  const bases = Object.values(encodings).map((encode) => encode(lines));

  it('it is a table or a fault of the file; every line is a row or was empty', async () => {
    const outcomes = new Map<string, number>();
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('"', '\0', '\r', ';', '\xff', '\n"').map((signs) => Buffer.from(signs, 'latin1')),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...bases), fc.nat(100), fc.nat(40), piece)
      .map(([base, percent, removed, inserted]) => {
        const place = Math.floor((percent * base.length) / 100);
        return Buffer.concat([base.subarray(0, place), inserted, base.subarray(place + removed)]);
      });
    const random = fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes));
    const file = fc.oneof({ weight: 1, arbitrary: random }, { weight: 4, arbitrary: mutated });
    await fc.assert(
      fc.asyncProperty(file, async (bytes) => {
        let outcome = 'table';
        try {
          const rows = await rowsOf(await open(bytes));
          expect(rows.every(({ row }, index) => row > (rows[index - 1]?.row ?? 1))).toBe(true);
          expect(rows.every(({ cells }) => Object.values(cells).every(({ text }) => text === cleanText(text)))).toBe(
            true,
          );
        } catch (error) {
          if (!(error instanceof FileFault)) throw error;
          outcome = error.code;
        }
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { seed, numRuns: 600 },
    );
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(outcomes.get('table')).toBeGreaterThan(200);
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['ENCODING_UNKNOWN', 'HEADER_NOT_FOUND']));
  });
});
