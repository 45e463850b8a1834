import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { open, openBytes, seal, sealBytes, sealOverhead } from './sealed-box.js';

const key = randomBytes(32);

test.each([0, 1, 16, 131_072])('%i bytes come out as they went in', (length) => {
  const bytes = randomBytes(length);
  const box = sealBytes(key, bytes, 'satu');
  expect(box).toHaveLength(length + sealOverhead);
  expect(openBytes(key, box, 'satu')).toEqual(bytes);
});

test('a text is its bytes', () => {
  expect(open(key, seal(key, 'Ñandú – 3313', 'satu'), 'satu')).toBe('Ñandú – 3313');
  expect(openBytes(key, seal(key, 'é', 'satu'), 'satu')).toEqual(Buffer.from('é'));
});

test('another key, another context or a changed bit does not open', () => {
  const box = sealBytes(key, Buffer.from('rahasia'), 'satu');
  expect(() => openBytes(randomBytes(32), box, 'satu')).toThrow();
  expect(() => openBytes(key, box, 'dua')).toThrow();
  for (const at of [0, 12, sealOverhead, box.length - 1]) {
    const changed = Buffer.from(box);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => openBytes(key, changed, 'satu')).toThrow();
  }
  // a shorter tag would be easier to guess
  expect(() => openBytes(key, box.subarray(0, 20), 'satu')).toThrow();
});

test('no nonce comes twice', () => {
  const nonces = Array.from({ length: 5_000 }, () => sealBytes(key, Buffer.alloc(1), '').toString('hex', 0, 12));
  expect(new Set(nonces).size).toBe(5_000);
});
