import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StoredFile } from './chunk-store.js';

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  let at = 0;
  return sizes.map((size) => bytes.subarray(at, (at += size)));
};
const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);

test('any range of a file in pieces is that of the file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(1_600), fc.nat(1_600)), { minLength: 1, maxLength: 20 }),
      async (sizes, ranges) => {
        const bytes = randomBytes(sum(sizes));
        const pieces = cut(bytes, sizes);
        const file = new StoredFile(sizes, async (n) => pieces[n] as Buffer);
        expect(file.size).toBe(bytes.length);
        const read = await Promise.all(ranges.map(([offset, length]) => file.read(offset, length)));
        ranges.forEach(([offset, length], i) => {
          expect(read[i]?.equals(bytes.subarray(offset, offset + length))).toBe(true);
        });
      },
    ),
  );
});

test('a piece is fetched once while it is in use, few are kept, and one that failed is tried again', async () => {
  const sizes = Array.from({ length: 100 }, () => 10);
  const bytes = randomBytes(1_000);
  const pieces = cut(bytes, sizes);
  const loads: number[] = [];
  let fail = true;
  const file = new StoredFile(sizes, async (n) => {
    loads.push(n);
    if (n === 50 && fail) throw new Error('away');
    return pieces[n] as Buffer;
  });
  for (let at = 0; at < 20; at += 1) await file.read(at, 1);
  expect(loads).toEqual([0, 1]);
  await file.read(200, 300);
  await file.read(0, 1);
  expect(loads.filter((n) => n === 0)).toHaveLength(2);
  await expect(file.read(500, 10)).rejects.toThrow('away');
  fail = false;
  expect(await file.read(500, 10)).toEqual(bytes.subarray(500, 510));
});
