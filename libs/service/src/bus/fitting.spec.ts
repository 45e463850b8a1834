import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { takeFitting } from './fitting.js';

test('a page is the front of the list, fits, and is as long as it can be', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40, unit: 'binary' })),
      fc.integer({ min: 2, max: 400 }),
      (items, most) => {
        const bytes = (list: string[]) => Buffer.byteLength(list.map((item) => `${JSON.stringify(item)},`).join(''));
        const taken = takeFitting(items, most);
        expect(items.slice(0, taken.length)).toEqual(taken);
        if (taken.length > 1) expect(bytes(taken)).toBeLessThanOrEqual(most);
        if (taken.length < items.length) expect(bytes(items.slice(0, taken.length + 1))).toBeGreaterThan(most);
        if (items.length > 0) expect(taken.length).toBeGreaterThan(0);
      },
    ),
  );
});
