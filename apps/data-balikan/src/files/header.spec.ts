import { describe, expect, it } from '@jest/globals';
import { defaultColumns } from '#contracts';
import { findHeader, headerRows } from './header.js';

const titles = ['NIK', 'Nomor Register', 'Nama Usaha', 'Jenis Usaha', 'Tanggal'];
const find = (...rows: string[][]) =>
  findHeader(
    rows.map((cells, index) => ({ row: index + 1, cells })),
    defaultColumns,
  );

describe('the header', () => {
  it('is found below titles, with other case, line breaks and blanks', () => {
    const header = find(
      ['REKAP NIK'],
      [],
      ['no', ' nik ', 'NO.\nREGISTER', 'nama  usaha', 'Jenis Usaha:', 'TGL', 'Versi KBLI'],
    );
    expect(header).toEqual({
      row: 3,
      columns: new Map(
        Object.entries({ nik: 2, nomorRegister: 3, namaUsaha: 4, jenisUsaha: 5, tanggal: 6, versiKbli: 7 }),
      ),
      width: 7,
      markColumn: null,
    });
  });

  it('is not looked for beyond the first rows', () => {
    const above = Array.from({ length: headerRows - 1 }, () => ['judul']);
    expect(find(...above, titles)?.row).toBe(headerRows);
    expect(find(...above, [], titles)).toBeUndefined();
  });

  it.each([[['NIK', 'Nama Usaha']], [['Nama Usaha', 'Jenis Usaha', 'Tanggal']], [[]]])('is not %j', (...cells) => {
    expect(find(...(cells as string[][]))).toBeUndefined();
  });

  it('that lacks a column names it', () => {
    const act = () => find(titles.filter((title) => title !== 'Jenis Usaha'));
    expect(act).toThrow(expect.objectContaining({ code: 'COLUMN_MISSING', column: 'Jenis Usaha' }));
  });

  it('with a field twice names it, also where the two are spelled differently', () => {
    const act = () => find([...titles, 'No KTP']);
    expect(act).toThrow(expect.objectContaining({ code: 'COLUMN_TWICE', column: 'NIK' }));
  });

  it('has at most 200 columns', () => {
    const wide = (columns: number) => Array.from({ length: columns }, (_, index) => titles[index] ?? `k${index}`);
    expect(find(wide(200))?.width).toBe(200);
    expect(() => find(wide(201))).toThrow(expect.objectContaining({ code: 'TOO_MANY_COLUMNS' }));
    expect(find([...titles, ...Array.from({ length: 400 }, () => '')])?.width).toBe(5);
  });

  it('tells our own column of faults', () => {
    expect(find([...titles, 'KESALAHAN (gerbang paten)'])).toMatchObject({ width: 6, markColumn: 6 });
    // the clerk's own
    expect(find([...titles, 'Keterangan'])).toMatchObject({ width: 6, markColumn: null });
  });
});
