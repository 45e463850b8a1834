import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SampleDraw } from './sample.js';

const seed = '000102030405060708090a0b0c0d0e0f';

test('those with the smallest hash are drawn, whatever the order', () => {
  const hash = (id: string) => createHash('sha256').update(Buffer.from(seed, 'hex')).update(id).digest('hex');
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (ids, size) => {
      const draw = new SampleDraw(seed, size);
      ids.forEach((id) => draw.add(id));
      expect(draw.population).toBe(ids.length);
      expect(draw.ids).toEqual([...ids].sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, size));
    }),
  );
});

test.each(['', 'abc', seed.toUpperCase(), `${seed}00`])('"%s" is no seed', (text) => {
  expect(() => new SampleDraw(text, 5)).toThrow(RangeError);
});
