import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IdSet, packedId } from './id-set.js';

test('is a set', () => {
  const id = fc.oneof(
    fc.uuid(),
    fc.string(),
    fc.nat(50).map((number) => `0198c1d2-7000-7000-8000-0000000000${10 + number}`),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400 }), (ids) => {
      const [ours, plain] = [new IdSet(), new Set<string>()];
      for (const one of ids) {
        expect(ours.has(packedId(one))).toBe(plain.has(one));
        expect(ours.add(packedId(one))).toBe(!plain.has(one));
        plain.add(one);
      }
      expect(ours.size).toBe(plain.size);
    }),
  );
});

test('holds many', () => {
  const set = new IdSet();
  for (let number = 0; number < 50_000; number++) set.add(packedId(String(number)));
  expect(set.size).toBe(50_000);
  expect(set.has(packedId('49999'))).toBe(true);
  expect(set.has(packedId('50000'))).toBe(false);
});
