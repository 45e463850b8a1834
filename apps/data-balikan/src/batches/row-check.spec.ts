import { describe, expect, it } from '@jest/globals';
import { balikanFields, type BalikanField, type RowFaultCode, type ValueClass } from '#contracts';
import type { Cell, Row } from '../files/table.js';
import { compilePattern } from './register-pattern.js';
import { checkRow, type RowRules } from './row-check.js';

const rules: RowRules = {
  columns: new Map(balikanFields.map((field, index) => [field, index + 1])),
  today: '2026-11-24',
  validFrom: '2025-01-01',
  isRegisterNumber: compilePattern('500/{angka}/SKU/{romawi}/{tahun}'),
};
const verificationId = '0199b7a0-5a5e-7c3e-9d43-0d8d1f6b2a11';
const right = {
  nik: '3313044107909901',
  nomorRegister: '500/001/SKU/I/2026',
  namaUsaha: 'Toko Contoh',
  jenisUsaha: 'Perdagangan',
  kodeKbli: '47111',
  versiKbli: '2020',
  tanggal: '2026-01-31',
  idPemeriksaan: verificationId,
};

type Changes = Partial<Record<BalikanField, string | Cell>>;
const cellOf = (text: string | Cell): Cell =>
  typeof text === 'string' ? { class: text === '' ? 'empty' : 'text', text } : text;
const rowOf = (changes: Changes = {}, fault?: RowFaultCode): Row => ({
  row: 2,
  cells: Object.fromEntries(Object.entries({ ...right, ...changes }).map(([field, text]) => [field, cellOf(text)])),
  ...(fault && { fault }),
});
const check = (changes: Changes = {}, fault?: RowFaultCode) => checkRow(rowOf(changes, fault), rules);
const codesOf = (changes: Changes = {}) => check(changes).faults?.map(({ field, code }) => `${field}: ${code}`) ?? [];

describe('a right row', () => {
  it('is a candidate', () => {
    expect(check()).toEqual({
      candidate: {
        nik: '3313044107909901',
        registerNumber: '500/001/SKU/I/2026',
        registerKey: '500/001/SKU/I/2026',
        businessName: 'Toko Contoh',
        businessType: 'Perdagangan',
        kbli: { kode: '47111', versi: '2020' },
        registerDate: '2026-01-31',
        verificationId,
      },
    });
  });

  it('needs no KBLI and no look-up', () => {
    const row = rowOf();
    for (const field of ['kodeKbli', 'versiKbli', 'idPemeriksaan'] as const) delete row.cells[field];
    expect(checkRow(row, rules).candidate).toMatchObject({ kbli: null, verificationId: null });
  });

  it.each([
    '3313 0441 0790 9901',
    '33.13.04.410790.9901',
    '331304-410790-9901',
    "'3313044107909901",
    '3313044107909901\n',
  ])('may have its NIK as %j', (nik) => expect(check({ nik }).candidate?.nik).toBe('3313044107909901'));

  it('may have number cells but for the NIK', () => {
    const number = (text: string): Cell => ({ class: 'number', text });
    const changes = { nomorRegister: number('500123'), kodeKbli: number('47111'), versiKbli: number('2025') };
    const { candidate } = checkRow(rowOf(changes), { ...rules, isRegisterNumber: null });
    expect(candidate).toMatchObject({ registerNumber: '500123', kbli: { kode: '47111', versi: '2025' } });
  });

  it('may have line breaks in a text: they are blanks', () => {
    expect(check({ namaUsaha: 'Toko \r\nMaju\tJaya' }).candidate?.businessName).toBe('Toko Maju Jaya');
  });

  it('costs no more than its length, whatever blanks are in it', () => {
    const begun = process.cpuUsage().user;
    expect(codesOf({ namaUsaha: `a${' '.repeat(500_000)}b\n` })).toEqual(['namaUsaha: BUSINESS_NAME_TOO_LONG']);
    expect(process.cpuUsage().user - begun).toBeLessThan(1_000_000);
  });

  it('may hold a number of up to 11 digits in a text', () => {
    expect(check({ namaUsaha: { class: 'number', text: '81234567890' } }).candidate?.businessName).toBe('81234567890');
  });

  it('is known by its register number whatever blanks and case', () => {
    const { candidate } = checkRow(rowOf({ nomorRegister: '500 /  a' }), { ...rules, isRegisterNumber: null });
    expect(candidate).toMatchObject({ registerNumber: '500 /  a', registerKey: '500 / A' });
  });

  it('may be dated today and on the first day of the agreement', () => {
    expect(check({ tanggal: '24-11-2026' }).candidate?.registerDate).toBe('2026-11-24');
    expect(check({ tanggal: { class: 'date', text: '2025-01-01' } }).candidate?.registerDate).toBe('2025-01-01');
  });
});

describe('a fault', () => {
  const long = (length: number) => 'a'.repeat(length);
  const expected: [BalikanField, RowFaultCode, string | Cell][] = [
    ['nik', 'NIK_EMPTY', ''],
    ['nik', 'NIK_NUMBER_CELL', { class: 'number', text: '3313044107909900' }],
    ['nik', 'NIK_NUMBER_CELL', { class: 'number', text: '3.31304E+15' }],
    ['nik', 'NIK_LENGTH', '331304410790990'],
    ['nik', 'NIK_LENGTH', '33130441079099011'],
    ['nik', 'NIK_CHARACTER', '33130441O7909901'],
    ['nik', 'NIK_CHARACTER', '３３13044107909901'],
    ['nik', 'NIK_ONE_DIGIT', '1111111111111111'],
    ['nik', 'FORMULA_CELL', { class: 'formula', text: '', fault: 'FORMULA_CELL' }],
    ['nomorRegister', 'REGISTER_EMPTY', ''],
    ['nomorRegister', 'REGISTER_TOO_LONG', long(81)],
    ['nomorRegister', 'REGISTER_PATTERN', '500/001/SKU/1/2026'],
    ['nomorRegister', 'REGISTER_NUMBER_CELL', { class: 'number', text: '500.001' }],
    ['nomorRegister', 'REGISTER_NUMBER_CELL', { class: 'number', text: '1', shownOtherwise: true }],
    ['nomorRegister', 'BOOLEAN_CELL', { class: 'boolean', text: 'TRUE' }],
    ['namaUsaha', 'BUSINESS_NAME_EMPTY', ''],
    ['namaUsaha', 'BUSINESS_NAME_TOO_LONG', long(201)],
    ['namaUsaha', 'HOLDS_NIK', 'Toko 3313044107909901'],
    ['namaUsaha', 'HOLDS_NIK', 'Toko 3313.0441.0790.9901'],
    ['namaUsaha', 'HOLDS_NIK', { class: 'number', text: '33130441079099' }],
    ['namaUsaha', 'HOLDS_NIK', { class: 'number', text: '3,31304E+15' }],
    ['namaUsaha', 'BOOLEAN_CELL', { class: 'boolean', text: 'TRUE' }],
    // what is left of a cell that was cut
    ['namaUsaha', 'BUSINESS_NAME_TOO_LONG', `Toko\n${' '.repeat(2_000)}…`],
    ['nik', 'NIK_CHARACTER', `3313044107909901${' '.repeat(1_984)}…`],
    ['namaUsaha', 'MERGED_CELL', { class: 'text', text: 'Toko', fault: 'MERGED_CELL' }],
    ['jenisUsaha', 'BUSINESS_TYPE_EMPTY', ''],
    ['jenisUsaha', 'BUSINESS_TYPE_TOO_LONG', long(201)],
    ['jenisUsaha', 'HOLDS_NIK', '3313044107909901'],
    ['jenisUsaha', 'CONTROL_CHARACTER', { class: 'text', text: '\u0007', fault: 'CONTROL_CHARACTER' }],
    ['kodeKbli', 'KBLI_FORMAT', { class: 'number', text: '1111' }],
    ['kodeKbli', 'KBLI_FORMAT', '4711A'],
    ['versiKbli', 'KBLI_VERSION', ''],
    ['versiKbli', 'KBLI_VERSION', '2015'],
    ['tanggal', 'DATE_EMPTY', ''],
    ['tanggal', 'DATE_INVALID', '31-01-26'],
    ['tanggal', 'DATE_INVALID', { class: 'number', text: '46053' }],
    ['tanggal', 'DATE_IN_FUTURE', '2026-11-25'],
    ['tanggal', 'DATE_TOO_EARLY', '2024-12-31'],
    ['tanggal', 'ERROR_CELL', { class: 'error', text: '#N/A', fault: 'ERROR_CELL' }],
    ['idPemeriksaan', 'VERIFICATION_ID', '123'],
  ];

  it.each(expected)('%s: %s', (field, code, content) => {
    const value: ValueClass = cellOf(content).class;
    expect(check({ [field]: content }).faults).toEqual([{ column: rules.columns.get(field), field, code, value }]);
  });

  it('of a version without a code is none, if it is one', () => {
    expect(codesOf({ kodeKbli: '', versiKbli: '2020' })).toEqual([]);
    expect(codesOf({ kodeKbli: '', versiKbli: '2015' })).toEqual(['versiKbli: KBLI_VERSION']);
  });

  it('is a register number that Excel took for a date', () => {
    const row = rowOf({ nomorRegister: { class: 'date', text: '2026-02-01' } });
    expect(checkRow(row, { ...rules, isRegisterNumber: null }).faults).toMatchObject([{ code: 'REGISTER_PATTERN' }]);
  });

  it('of a cell that has several is told several times', () => {
    expect(codesOf({ namaUsaha: `3313044107909901${long(200)}` })).toEqual([
      'namaUsaha: BUSINESS_NAME_TOO_LONG',
      'namaUsaha: HOLDS_NIK',
    ]);
  });

  it('does not hide another: all of the row at once', () => {
    const all: Changes = Object.fromEntries(balikanFields.map((field) => [field, '?']));
    expect(check({ ...all, namaUsaha: '', jenisUsaha: '' }, 'HIDDEN_ROW').faults).toEqual([
      { column: null, field: null, code: 'HIDDEN_ROW', value: 'text' },
      { column: 1, field: 'nik', code: 'NIK_CHARACTER', value: 'text' },
      { column: 2, field: 'nomorRegister', code: 'REGISTER_PATTERN', value: 'text' },
      { column: 3, field: 'namaUsaha', code: 'BUSINESS_NAME_EMPTY', value: 'empty' },
      { column: 4, field: 'jenisUsaha', code: 'BUSINESS_TYPE_EMPTY', value: 'empty' },
      { column: 5, field: 'kodeKbli', code: 'KBLI_FORMAT', value: 'text' },
      { column: 6, field: 'versiKbli', code: 'KBLI_VERSION', value: 'text' },
      { column: 7, field: 'tanggal', code: 'DATE_INVALID', value: 'text' },
      { column: 8, field: 'idPemeriksaan', code: 'VERIFICATION_ID', value: 'text' },
    ]);
  });

  it('of a quote is the only one of its row: where its cells begin is not known', () => {
    expect(check({ nik: '' }, 'QUOTE_UNCLOSED').faults).toEqual([
      { column: null, field: null, code: 'QUOTE_UNCLOSED', value: 'text' },
    ]);
  });

  it('in a column that the file does not have has no column', () => {
    const row = rowOf();
    delete row.cells.versiKbli;
    const columns = new Map([...rules.columns].filter(([field]) => field !== 'versiKbli'));
    expect(checkRow(row, { ...rules, columns }).faults).toEqual([
      { column: null, field: 'versiKbli', code: 'KBLI_VERSION', value: 'empty' },
    ]);
  });
});
