import { describe, expect, test } from '@jest/globals';
import { create } from 'qrcode';
import { receiptCode } from '#evidence';
import { qrPicture } from './qr-picture.js';

const code = receiptCode('019ab3c4-5d6e-7f80-9123-456789abcdef');

/** The squares that the path of a picture paints, row by row, with the quiet zone. */
function paintedOf(svg: string): { size: number; rows: string[] } {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const path = /<path fill="#000" d="([^"]*)"\/>/.exec(svg)?.[1] ?? '';
  const rectangle = /M(\d+) (\d+)h(\d+)v1h-(\d+)z/g;
  expect(path.replace(rectangle, '')).toBe('');
  const rows = Array.from({ length: size }, () => Array<string>(size).fill('0'));
  for (const [, x, y, width, back] of path.matchAll(rectangle)) {
    expect(back).toBe(width);
    for (let at = Number(x); at < Number(x) + Number(width); at++) rows[Number(y)]![at] = '1';
  }
  return { size, rows: rows.map((row) => row.join('')) };
}

function symbolOf(text: string): { size: number; rows: string[] } {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from(data.subarray(row * size, (row + 1) * size)).join(''),
  );
  return { size, rows };
}

describe.each([
  ['the code alone', undefined, code],
  ['an address', 'https://gerbang.example/bukti', `https://gerbang.example/bukti#${code}`],
  [
    'a long address',
    `https://gerbang.example/${'bukti/'.repeat(20)}`,
    `https://gerbang.example/${'bukti/'.repeat(20)}#${code}`,
  ],
])('the picture of %s', (_name, url, text) => {
  const svg = qrPicture(code, url);

  test('is the symbol of that text, with four modules of light around', () => {
    const symbol = symbolOf(text);
    const { size, rows } = paintedOf(svg);
    expect(size).toBe(symbol.size + 8);
    const light = '0'.repeat(size);
    const framed = symbol.rows.map((row) => `0000${row}0000`);
    expect(rows).toEqual([light, light, light, light, ...framed, light, light, light, light]);
  });

  test('has a module of a third of a millimetre at least', () => {
    expect(29 / paintedOf(svg).size).toBeGreaterThan(1 / 3);
  });
});

test('is small, says what it is, and does nothing', () => {
  const svg = qrPicture(code);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="29mm" height="29mm" /);
  expect(svg).toContain(`role="img" aria-label="Kode bukti ${code}"`);
  expect(svg).toContain(`<title>Kode bukti ${code}</title>`);
  expect(svg).not.toMatch(/<script|on\w+=|href|style|url\(/);
  expect(svg.length).toBeLessThan(10_000);
});

test('every check character stands in an attribute and in an address as it is', () => {
  const all = Array.from({ length: 300 }, (_, index) =>
    receiptCode(`019ab3c4-5d6e-7f80-9123-${String(index).padStart(12, '0')}`),
  );
  expect(new Set(all.map((one) => one.at(-1))).size).toBe(37);
  for (const one of all) {
    expect(one).not.toMatch(/["'<>&\s%]/);
    expect(new URL(`https://gerbang.example/bukti#${one}`).hash).toBe(`#${one}`);
  }
});
