import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { utf8 } from './bytes.js';
import { LineSplitter } from './lines.js';

test('the lines are the same, however the bytes come', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '"') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
      const splitter = new LineSplitter();
      const lines: string[] = [];
      const bytes = utf8(whole);
      let from = 0;
      for (const cut of cuts) {
        lines.push(...splitter.push(bytes.subarray(from, from + cut)));
        from += cut;
      }
      lines.push(...splitter.push(bytes.subarray(from)));
      const last = splitter.end();
      const expected = whole.split('\n');
      expect([...lines, last ?? '']).toEqual(expected);
    }),
  );
});

test('a line without an end takes no more memory than a long line may', () => {
  const splitter = new LineSplitter();
  for (let megabyte = 0; megabyte < 5; megabyte++) splitter.push(new Uint8Array(1_000_000).fill(97));
  expect(splitter.push(utf8('\nb\n')).map((line) => line.length)).toEqual([1024 * 1024, 1]);
});
