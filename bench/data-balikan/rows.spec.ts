import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readNik } from '#contracts';
import { addSlips, cellsOf, csvOf, headers, nikOf, rowOf, sheetRowOf, slips } from './rows.js';

test('people are fake, each another one, and their NIKs are sound', () => {
  const people = Array.from({ length: 20_000 }, (_, n) => nikOf(n));
  expect(new Set(people).size).toBe(20_000);
  for (const nik of people) {
    expect(Number(nik.slice(12))).toBeGreaterThanOrEqual(9_900);
    expect(readNik(nik).ok).toBe(true);
  }
});

test('each row has a register number of its own, and each person several', () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => rowOf(n, 100, '2025-01-01'));
  expect(new Set(rows.map(({ nomorRegister }) => nomorRegister)).size).toBe(1_000);
  expect(new Set(rows.map(({ nik }) => nik)).size).toBe(100);
  expect(rows.every(({ tanggal }) => tanggal >= '2025-01-01' && tanggal < '2025-12-01')).toBe(true);
});

test('the CSV says what the rows say', () => {
  const rows = Array.from({ length: 50 }, (_, n) => rowOf(n, 10, '2025-01-01'));
  const read = parse(csvOf(rows), { delimiter: ';' });
  expect(read).toEqual([[...headers], ...rows.map((row) => cellsOf(row).map((cell) => cell ?? ''))]);
  expect(csvOf(rows)).toContain('"Toko ""Contoh""; cabang 10"');
});

test('every so many-th row is spoilt, in one cell, each kind in turn', () => {
  const right = Array.from({ length: 1_000 }, (_, n) => sheetRowOf(rowOf(n, 10, '2025-01-01')));
  const rows = right.map((row) => [...row]);
  const made = addSlips(rows, 100);
  const spoilt = rows.map((row, n) => row.filter((cell, at) => cell !== right[n]?.[at]).length);
  expect(spoilt.filter((cells) => cells === 1)).toHaveLength(10);
  expect(spoilt.filter((cells) => cells > 1)).toHaveLength(0);
  expect([...made.keys()].sort()).toEqual(slips.map(({ code }) => code).sort());
  expect([...made.values()].reduce((sum, count) => sum + count)).toBe(10);
});
