import { describe, expect, it } from '@jest/globals';
import { dataXml, handRows, headerXml, names, open, text } from '../files/xlsx/xlsx-fixture.js';
import { checkRow } from './row-check.js';

const styles =
  '<numFmts><numFmt numFmtId="164" formatCode="General"/><numFmt numFmtId="165" formatCode="&quot;500/&quot;000&quot;/SKU/I/2026&quot;"/></numFmts>' +
  '<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="2"/></cellXfs>';
const number = (spelled: string, style = 0): string => `<c s="${style}"><v>${spelled}</v></c>`;
const header = headerXml().replace('</row>', `${text(names.kodeKbli[0]!)}${text(names.versiKbli[0]!)}</row>`);

/** The row with one cell replaced, as far as a check goes. */
async function checked(at: number, cell: string): Promise<string | object> {
  const cells = { [at]: cell };
  const kbli = [cells[5] ?? text('47111'), cells[6] ?? text('2020')].join('');
  const { table, rows } = await open(
    await handRows(header + dataXml(cells).replace('</row>', `${kbli}</row>`), { styles }),
  );
  const rules = { columns: table.columns, today: '2026-11-30', validFrom: '2025-01-01', isRegisterNumber: null };
  const { candidate, faults } = checkRow(rows[0]!, rules);
  return candidate ?? faults.map(({ field, code, value }) => `${field}: ${code} (${value})`).join();
}

const [nik, register, name] = [0, 1, 2];

describe('a number cell', () => {
  it.each([
    ['500.00099999999998', 0, 'nomorRegister: REGISTER_NUMBER_CELL (number)'],
    ['1', 2, 'nomorRegister: REGISTER_NUMBER_CELL (number)'],
    ['12', 3, 'nomorRegister: REGISTER_NUMBER_CELL (number)'],
    ['-5', 0, 'nomorRegister: REGISTER_NUMBER_CELL (number)'],
    ['500123', 0, { registerNumber: '500123' }],
    ['500123.0', 1, { registerNumber: '500123' }],
  ])('%s of format %i as a register number', async (spelled, style, expected) => {
    const found = await checked(register, number(spelled, style));
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatchObject(expected);
  });

  it('with most digits of a NIK is one, also outside of its column', async () => {
    expect(await checked(name, number('3.3130441079099E13'))).toBe('namaUsaha: HOLDS_NIK (number)');
    expect(await checked(name, number('3.3130441079099E15'))).toBe('namaUsaha: HOLDS_NIK (number)');
    expect(await checked(register, number('331304410790'))).toContain('nomorRegister: HOLDS_NIK (number)');
  });

  it('is read by its value and not by its spelling', async () => {
    expect(await checked(name, number('500.00099999999998'))).toMatchObject({ businessName: '500.001' });
    expect(await checked(5, number('47111.0'))).toMatchObject({ kbli: { kode: '47111', versi: '2020' } });
    expect(await checked(6, number('2.02E3'))).toMatchObject({ kbli: { kode: '47111', versi: '2020' } });
  });

  it('is no NIK', async () => {
    expect(await checked(nik, number('3313044107909901'))).toBe('nik: NIK_NUMBER_CELL (number)');
  });
});

it('a boolean is no text', async () => {
  expect(await checked(name, '<c t="b"><v>1</v></c>')).toBe('namaUsaha: BOOLEAN_CELL (boolean)');
});
