import { describe, expect, it } from '@jest/globals';
import { FileFault } from '../table.js';
import { good, header, oneCell, oneRow, open, rowsOf, titles } from './csv-fixture.js';

const namesOf = async (content: Buffer | string) =>
  (await rowsOf(await open(content))).map(({ cells }) => cells.namaUsaha?.text);
const codeOf = async (content: Buffer | string): Promise<string> => {
  try {
    await rowsOf(await open(content));
  } catch (error) {
    if (error instanceof FileFault) return error.code;
    throw error;
  }
  return 'none';
};
const named = (name: string) => good.replace('Toko Contoh', name);
const utf32 = (text: string) => Buffer.from(Uint32Array.from([...text], (sign) => sign.codePointAt(0)!).buffer);
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('encodings', () => {
  const text = `${header}\r\n${named('Café Ñusantara')}\r\n`;
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['Windows-1252', Buffer.from(text, 'latin1')],
    ['UTF-16 LE', Buffer.from(text, 'utf16le')],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', bigEndian(text)],
    ['UTF-16 BE with a mark', bigEndian(`\ufeff${text}`)],
  ])('%s', async (_, bytes) => expect(await namesOf(bytes)).toEqual(['Café Ñusantara']));

  it('reads the upper half of Windows-1252', async () => {
    const bytes = Buffer.from(`${header}\n${named('Toko \x93Maju\x94 \x80')}`, 'latin1');
    expect(await namesOf(bytes)).toEqual(['Toko “Maju” €']);
  });

  it.each([
    ['UTF-8', (far: string) => Buffer.from(far)],
    ['Windows-1252', (far: string) => Buffer.from(far, 'latin1')],
  ])('%s: decided by what stands after a megabyte, and where a piece cuts a letter', async (_, encode) => {
    const filler = `${good}\r\n`.repeat(15_000);
    const accented = 'é'.repeat(50);
    for (const pad of ['', ' ', '  ']) {
      const far = `${named(accented)}\r\n`.repeat(20_000);
      const names = await namesOf(encode(`${header}${pad}\r\n${filler}${far}`));
      expect(names.length).toBe(35_000);
      expect(new Set(names)).toEqual(new Set(['Toko Contoh', accented]));
    }
  });

  it.each([
    ['a byte that is nothing in Windows-1252', Buffer.from(`${header}\r\n${named('\x8d\xe9')}`, 'latin1')],
    ['a zero among bytes that are no UTF-8', Buffer.from(`${header}\r\n${named('\0\xe9')}`, 'latin1')],
    ['UTF-32 LE', utf32(`\ufeff${text}`)],
    ['UTF-32 BE', utf32(`\ufeff${text}`).swap32()],
    ['half a letter of UTF-16', Buffer.concat([Buffer.from(`\ufeff${header}\r\n`, 'utf16le'), Buffer.from('x')])],
    ['a mark of UTF-8 before something else', Buffer.from(`\xef\xbb\xbf${header}\r\n${named('\xe9')}`, 'latin1')],
  ])('refuses %s', async (_, bytes) => expect(await codeOf(bytes)).toBe('ENCODING_UNKNOWN'));
});

describe('the way it is written', () => {
  it.each([';', ',', '\t'])('cells between %j', async (delimiter) => {
    const lines = [titles, ['3313044107909901', '1', 'Toko', 'Dagang', '2026-01-31']].map((cells) =>
      cells.join(delimiter),
    );
    expect(await namesOf(lines.join('\r\n'))).toEqual(['Toko']);
  });

  it.each(['\r\n', '\n', '\r'])('lines that end with %j', async (end) => {
    expect(await namesOf([header, named('A'), '', named('B')].join(end))).toEqual(['A', 'B']);
    expect(await namesOf([header, named('A'), named('B'), ''].join(end))).toEqual(['A', 'B']);
  });

  it('Excel’s own first line', async () => {
    const table = await open(`sep=|\r\n${header.replaceAll(';', '|')}\r\n${good.replaceAll(';', '|')}`);
    expect(await rowsOf(table)).toEqual([expect.objectContaining({ row: 2 })]);
  });

  it('another delimiter in a cell', async () => {
    expect(await namesOf(`${header}\n${named('Roti, Kue, dan Teh, dll')}`)).toEqual(['Roti, Kue, dan Teh, dll']);
  });

  it('quotes, and line breaks and delimiters inside of them', async () => {
    const lines = [named('"Toko ""Maju""; baru\r\ndan lama"'), named(' "A" '), named('5" pipa'), named('""')];
    expect(await namesOf([header, ...lines].join('\r\n'))).toEqual([
      'Toko "Maju"; baru\r\ndan lama',
      'A',
      '5" pipa',
      '',
    ]);
  });

  it('counts rows as a spreadsheet does', async () => {
    const rows = await rowsOf(await open(`Rekap\n\n${header}\n\n"33";x;"a\nb";c;d\n;;;;\n${good}`));
    expect(rows.map(({ row }) => row)).toEqual([5, 7]);
  });

  it('reads the columns wherever they are', async () => {
    const table = await open('Tanggal,Jenis Usaha,Catatan,Nama Usaha,No. Register,No KTP\n1,2,x,3,4,5');
    const [row] = await rowsOf(table);
    expect(Object.fromEntries(Object.entries(row!.cells).map(([field, cell]) => [field, cell.text]))).toEqual({
      tanggal: '1',
      jenisUsaha: '2',
      namaUsaha: '3',
      nomorRegister: '4',
      nik: '5',
    });
    expect(table.columns.get('nik')).toBe(6);
  });
});

describe('a row', () => {
  it('with fewer cells is filled up', async () => {
    const row = await oneRow('3313044107909901;1');
    expect(row.fault).toBeUndefined();
    expect(row.cells.tanggal).toEqual({ class: 'empty', text: '' });
  });

  it('with more content than titles is told', async () => {
    expect((await oneRow(`${good};;x`)).fault).toBe('ROW_RAGGED');
    expect((await oneRow(`${good};; `)).fault).toBeUndefined();
  });

  it.each([
    ['to the end of the file', [named('"Toko'), named('B')]],
    ['up to a quote that opens another cell', [named('"Toko'), named('"B"')]],
    ['because something follows it', [named('"Toko "Maju" Jaya"'), named('B')]],
    ['for more than a record may have', [named('"Toko'), named('B'), ...Array.from({ length: 2_000 }, () => good)]],
  ])('whose quote is not closed %s does not take the next with it', async (_, lines) => {
    const rows = await rowsOf(await open([header, ...lines].join('\r\n')));
    expect(rows.map(({ row }) => row)).toEqual(lines.map((_line, index) => index + 2));
    expect(rows.map(({ fault }) => fault).filter(Boolean)).toEqual(['QUOTE_UNCLOSED']);
    expect(rows[1]!.cells.namaUsaha!.text).toBe('B');
  });
});

describe('a cell', () => {
  it.each([
    ['="3313044107909901"', 'text', '3313044107909901'],
    ['"=""3313044107909901"""', 'text', '3313044107909901'],
    ['\'="3313044107909901"', 'text', '3313044107909901'],
    ["'3313044107909901", 'digits', '3313044107909901'],
    ["'-5", 'text', '-5'],
    ["'Ndalem", 'text', "'Ndalem"],
    ['3313044107909901', 'digits', '3313044107909901'],
    ['3,31304E+15', 'number', '3,31304E+15'],
    ['3.31304e+15', 'number', '3.31304e+15'],
    ['+62812', 'text', '+62812'],
    ['2026-01-31', 'text', '2026-01-31'],
    [' \u00a0Toko\u200b\u00a0 ', 'text', 'Toko'],
    ['\u200b', 'empty', ''],
    ['=""', 'empty', ''],
  ])('%s is %s', async (raw, kind, text) => expect(await oneCell(raw)).toEqual({ class: kind, text }));

  it.each([
    ['=1+1', 'formula', 'FORMULA_CELL'],
    ['#N/A', 'error', 'ERROR_CELL'],
    ['#####', 'error', 'ERROR_CELL'],
    ['To\u0007ko', 'text', 'CONTROL_CHARACTER'],
    ['To\u0000ko', 'text', 'CONTROL_CHARACTER'],
    ['To\u200bko', 'text', 'CONTROL_CHARACTER'],
  ])('%j has a fault', async (raw, kind, fault) => expect(await oneCell(raw)).toMatchObject({ class: kind, fault }));

  it('is kept no longer than shows that it is too long', async () => {
    const { text } = await oneCell(`é${' '.repeat(30_000)}${'1'.repeat(30_000)}`);
    expect(text).toHaveLength(2_001);
  });

  it('with a picture sign is a text like others', async () => expect((await oneCell('Toko 🍜')).fault).toBeUndefined());
});

describe('a file', () => {
  it.each([
    ['FILE_EMPTY', ''],
    ['FILE_EMPTY', '\ufeff \r\n\r\n'],
    ['HEADER_NOT_FOUND', 'a;b;c\r\n1;2;3'],
    ['HEADER_NOT_FOUND', `${'x\n'.repeat(20)}${header}\n${good}`],
    ['COLUMN_MISSING', 'NIK;Nama Usaha;Jenis Usaha\r\n1;2;3'],
    ['COLUMN_TWICE', `${header};NIK\r\n${good}`],
    ['FILE_DAMAGED', `${header}\r\n${'x'.repeat(70_000)}`],
    ['TOO_MANY_COLUMNS', `${header}${';a'.repeat(196)}\r\n${good}`],
  ])('is refused: %s', async (code, content) => expect(await codeOf(content)).toBe(code));

  it('has at most 100,000 rows, empty ones not counted', async () => {
    const full = `${header}\n${`${good}\n\n`.repeat(100_000)}`;
    expect(await codeOf(full)).toBe('none');
    expect(await codeOf(`${full}${good}`)).toBe('TOO_MANY_ROWS');
  });

  it('gives its rows some hundreds at a time and tells how far it is', async () => {
    const table = await open(`${header}\n${`${good}\n`.repeat(30_000)}`);
    expect(table.progress()).toBe(0);
    const seen: number[] = [];
    for await (const rows of table.rows()) {
      expect(rows.length).toBeLessThanOrEqual(500);
      seen.push(table.progress());
    }
    expect(seen.length).toBe(60);
    expect(seen[0]).toBeLessThan(0.2);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(table.progress()).toBe(1);
  });
});
