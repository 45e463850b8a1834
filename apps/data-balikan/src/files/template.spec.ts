import { beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { balikanFields, defaultColumns, kbliVersions, type BalikanField } from '#contracts';
import { compilePattern } from '../batches/register-pattern.js';
import { checkRow } from '../batches/row-check.js';
import { sourceOf } from './csv/csv-fixture.js';
import { openTable } from './open-table.js';
import type { ColumnNames, Row } from './table.js';
import { makeTemplate } from './template.js';

const filled: Record<BalikanField, string> = {
  nik: '3313043108859903',
  nomorRegister: '500/007/SKU/XI/2026',
  namaUsaha: '=Bengkel Contoh',
  jenisUsaha: 'Perbaikan sepeda motor',
  kodeKbli: '09101',
  versiKbli: '2025',
  tanggal: '24-11-2026',
  idPemeriksaan: '0199b7a0-5a5e-7c3e-9d43-0d8d1f6b2a11',
};

const opened = async (bytes: Buffer): Promise<ExcelJS.Workbook> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as never);
  return workbook;
};
const texts = (row: ExcelJS.Row): string[] => (row.values as unknown[]).slice(1).map(String);

async function read(bytes: Buffer, names: ColumnNames = defaultColumns) {
  const table = await openTable(sourceOf(bytes), names);
  const rows: Row[] = [];
  for await (const some of table.rows()) rows.push(...some);
  return { table, rows };
}

describe('the template', () => {
  let bytes: Buffer;
  let workbook: ExcelJS.Workbook;
  beforeAll(async () => {
    bytes = await makeTemplate(defaultColumns, {
      namaLembaga: 'Kecamatan Contoh',
      registerPattern: 'SKU-{angka}/{tahun}',
    });
    workbook = await opened(bytes);
  });

  it('has a title for every field, an example and instructions', () => {
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Data Balikan', 'Contoh', 'Petunjuk']);
    const [data, example, instructions] = workbook.worksheets;
    expect(texts(data!.getRow(1))).toEqual(balikanFields.map((field) => defaultColumns[field][0]));
    expect(texts(example!.getRow(2)).slice(0, 3)).toEqual(['3313044107909901', 'SKU-001/2026', 'Warung Contoh']);
    const lines = instructions!.getColumn(1).values.map(String);
    expect(lines[1]).toContain('Kecamatan Contoh');
    for (const field of balikanFields)
      expect(lines.some((line) => line.startsWith(defaultColumns[field][0]!))).toBe(true);
  });

  it('keeps what is typed as text, and offers the versions of the KBLI', () => {
    const data = workbook.worksheets[0]!;
    balikanFields.forEach((_, index) => expect(data.getColumn(index + 1).numFmt).toBe('@'));
    const version = balikanFields.indexOf('versiKbli') + 1;
    for (const row of [2, 1_001]) {
      expect(data.getCell(row, version).dataValidation).toMatchObject({
        type: 'list',
        formulae: [`"${kbliVersions.join(',')}"`],
      });
    }
  });

  it('sends nothing while it is empty', async () => {
    const { table, rows } = await read(bytes);
    expect(table.format).toBe('XLSX');
    expect(rows).toEqual([]);
  });

  it('imports without a fault when it is filled in', async () => {
    const data = workbook.worksheets[0]!;
    for (let row = 2; row <= 301; row += 1) {
      balikanFields.forEach((field, index) => (data.getCell(row, index + 1).value = filled[field]));
    }
    const { table, rows } = await read(Buffer.from(await workbook.xlsx.writeBuffer()));
    const rules = {
      columns: table.columns,
      today: '2026-11-24',
      validFrom: '2026-01-01',
      isRegisterNumber: compilePattern('500/{angka}/SKU/{romawi}/{tahun}'),
    };
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
    for (const row of rows) {
      expect(checkRow(row, rules).candidate).toEqual({
        nik: filled.nik,
        registerNumber: filled.nomorRegister,
        registerKey: filled.nomorRegister,
        businessName: filled.namaUsaha,
        businessType: filled.jenisUsaha,
        kbli: { kode: '09101', versi: '2025' },
        registerDate: '2026-11-24',
        verificationId: filled.idPemeriksaan,
      });
    }
  });

  it('has the titles that the office’s files have', async () => {
    const names = { ...defaultColumns, nomorRegister: ['No. Agenda', 'Nomor Register'] };
    const own = await makeTemplate(names);
    expect(texts((await opened(own)).worksheets[0]!.getRow(1))[1]).toBe('No. Agenda');
    expect((await read(own, names)).table.columns.size).toBe(balikanFields.length);
  });
});

describe('a file', () => {
  it('is opened as what it is', async () => {
    const { table, rows } = await read(Buffer.from('NIK,No Register,Nama Usaha,Jenis Usaha,Tgl\n1,2,3,4,5'));
    expect([table.format, rows.length]).toEqual(['CSV', 1]);
  });

  it('that is neither is refused', async () => {
    await expect(read(Buffer.from('%PDF-1.7\n'))).rejects.toMatchObject({ code: 'FILE_TYPE' });
  });
});
