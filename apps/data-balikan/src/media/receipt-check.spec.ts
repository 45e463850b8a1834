import { describe, expect, test } from '@jest/globals';
import { MediaReceipt } from '#contracts';
import { receiptIssues, refusedKeys } from './receipt-check.js';

const days = { made: '2026-11-20', today: '2026-11-24' };
const receipt = (overrides: Partial<MediaReceipt> = {}): MediaReceipt =>
  MediaReceipt.parse({ number: '470/112/2026', date: '2026-11-23', accepted: 8, refused: 2, ...overrides });
const named = (...counts: [string, number][]) => new Map(counts);
const paths = (...given: Parameters<typeof receiptIssues>) => receiptIssues(...given).map(({ path }) => path);

test('a receipt that adds up has no issue', () => {
  const given = receipt({ refusedRegisters: ['500/1', '500/2'] });
  expect(receiptIssues(given, 10, named(['500/1', 1], ['500/2', 1]), days)).toEqual([]);
  expect(receiptIssues(receipt({ accepted: 10, refused: 0 }), 10, named(), days)).toEqual([]);
});

test('registers are compared without blanks in a row and without case', () => {
  expect(refusedKeys(receipt({ refusedRegisters: [' 500 /  a ', '500 / A', 'b'] }))).toEqual(['500 / A', 'B']);
});

describe('a register number of several persons', () => {
  test('stands for all of them, named once or once for each', () => {
    for (const refusedRegisters of [['500/1'], ['500/1', '500/1']])
      expect(receiptIssues(receipt({ refusedRegisters }), 10, named(['500/1', 2]), days)).toEqual([]);
  });

  test('counts so', () => {
    const given = receipt({ refusedRegisters: ['500/1', '500/2'] });
    expect(paths(given, 10, named(['500/1', 2], ['500/2', 1]), days)).toEqual(['refusedRegisters']);
    expect(receiptIssues(given, 10, named(['500/1', 2], ['500/2', 1]), days)[0]?.message).toContain('3 data');
  });

  test('cannot be named more often than it is there', () => {
    const given = receipt({ refusedRegisters: ['500/1', '500/1', '500/1'] });
    expect(paths(given, 10, named(['500/1', 2]), days)).toEqual(['refusedRegisters.2']);
  });
});

test('all that is wrong is told at once, and no register number with it', () => {
  const given = receipt({ accepted: 9, date: '2026-11-25', refusedRegisters: ['500/1', '500/1', 'TIDAK ADA'] });
  const issues = receiptIssues(given, 10, named(['500/1', 1]), days);
  expect(issues.map(({ path }) => path)).toEqual(['accepted', 'date', 'refusedRegisters.1', 'refusedRegisters.2']);
  expect(JSON.stringify(issues)).not.toMatch(/500\/1|TIDAK ADA/);
  expect(paths(receipt({ date: '2026-11-19', accepted: 10, refused: 0 }), 10, named(), days)).toEqual(['date']);
});

test('a package that was refused as a whole need not be listed', () => {
  expect(receiptIssues(receipt({ accepted: 0, refused: 10 }), 10, named(), days)).toEqual([]);
  expect(paths(receipt({ accepted: 0, refused: 9 }), 10, named(), days)).toEqual(['accepted', 'refusedRegisters']);
});

test('refused ones without their registers do not add up, and a wrong list is not told without end', () => {
  expect(paths(receipt(), 10, named(), days)).toEqual(['refusedRegisters']);
  const wrong = receipt({ refused: 90, refusedRegisters: Array.from({ length: 90 }, (_, n) => `X/${n}`) });
  expect(receiptIssues(wrong, 98, named(), days)).toHaveLength(50);
});
