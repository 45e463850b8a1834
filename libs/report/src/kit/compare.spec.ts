import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differences } from './compare.js';

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('what is the same has no difference, and what differs has one', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(differences(one, structuredClone(one), 'x')).toEqual([]);
      const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      expect(differences(one, other, 'x').length > 0).toBe(!isSame);
    }),
    { numRuns: 300 },
  );
});

test('each difference is named with its path', () => {
  const told = { months: [{ hits: 1 }, { hits: 2 }], peak: null, more: 1 };
  const found = { months: [{ hits: 1 }, { hits: 3 }, { hits: 4 }], peak: { day: 'x' } };
  expect(differences(told, found, 'figures')).toEqual([
    { path: 'figures.months[1].hits', told: 2, found: 3 },
    { path: 'figures.months[2]', told: undefined, found: { hits: 4 } },
    { path: 'figures.peak', told: null, found: { day: 'x' } },
    { path: 'figures.more', told: 1, found: undefined },
  ]);
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
