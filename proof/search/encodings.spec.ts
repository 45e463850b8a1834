import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CanaryMaker } from '../canaries/canary.js';
import { encodings, patternsOf } from './encodings.js';
import { Matcher } from './matcher.js';
import type { Pattern } from './pattern.js';
import { StreamSearch } from './stream-search.js';

const canary = new CanaryMaker().make('canary-1');
const matcher = new Matcher(patternsOf(canary.secrets));
const { patterns } = matcher;

/** As it lies on a disk: any byte where any will do. */
const written = ({ bytes, any = [] }: Pattern): Buffer => {
  const copy = Buffer.from(bytes);
  for (const place of any) copy[place] = randomBytes(1)[0] ?? 0;
  return copy;
};

const search = (text: Buffer, pieces: number[] = []): Set<number> => {
  const found = new StreamSearch(matcher);
  let at = 0;
  for (const piece of pieces) found.push(text.subarray(at, (at = Math.min(text.length, at + piece))));
  found.push(text.subarray(at));
  return new Set(found.finds.keys());
};

/** The pattern itself, or one of the same value that these very bytes are as well (base64 without `+` and `/`). */
const foundIs = (found: Set<number>, index: number) => found.has(index);

describe.each(encodings.map(({ name }) => name))('%s', (name) => {
  const own = patterns.flatMap((pattern, index) => (pattern.encoding === name ? [index] : []));

  test('is found at any place among any bytes, however they come in pieces', () => {
    expect(own.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.constantFrom(...own),
        fc.nat(70),
        fc.nat(70),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
        (index, before, after, pieces) => {
          const text = Buffer.concat([randomBytes(before), written(patterns[index] as Pattern), randomBytes(after)]);
          return foundIs(search(text, pieces), index);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('what is found is counted once, with its place', () => {
  const index = patterns.findIndex(({ encoding }) => encoding === 'utf-8');
  const text = Buffer.concat([
    randomBytes(11),
    (patterns[index] as Pattern).bytes,
    randomBytes(7),
    (patterns[index] as Pattern).bytes,
  ]);
  const found = new StreamSearch(matcher);
  for (const byte of text) found.push(Buffer.from([byte]));
  expect(found.finds.get(index)).toEqual({ count: 2, first: 11 });
  expect(found.bytes).toBe(text.length);
});

test('nothing is found among random bytes, among digits and letters, or in what another canary says', () => {
  const digits = Buffer.from(Array.from(randomBytes(4_000_000), (byte) => 48 + (byte % 10)));
  const letters = Buffer.from(Array.from(randomBytes(4_000_000), (byte) => 65 + (byte % 26)));
  const other = new CanaryMaker().make('canary-2');
  for (const text of [
    randomBytes(20_000_000),
    digits,
    letters,
    Buffer.from(digits.toString('hex')),
    gzipSync(digits),
    Buffer.concat(patternsOf(other.secrets).map(written)),
  ])
    expect(search(text)).toEqual(new Set());
});

/** Written out here a second time, so that a slip in the encoding does not go unseen. */
test.each([
  ['utf-8', '3313044107909901'],
  ['base64', 'MzMxMzA0NDEwNzkwOTkwM'],
  ['hex', '33333133303434313037393039393031'],
  ['url-escaped', '%33%33%31%33%30%34%34%31%30%37%39%30%39%39%30%31'],
  [
    'json-escaped',
    '\\u0033\\u0033\\u0031\\u0033\\u0030\\u0034\\u0034\\u0031\\u0030\\u0037\\u0039\\u0030\\u0039\\u0039\\u0030\\u0031',
  ],
  ['grouped', '331304 410790 9901'],
  ['grouped', '33.13.04.410790.9901'],
  ['grouped', '3313-0441-0790-9901'],
  ['float-text', '3.313044107909901e+15'],
  ['integer-hex', 'bc532312d5b0d'],
  ['int64-le', Buffer.from('0d5b2d3132c50b00', 'hex')],
  ['int64-be', Buffer.from('000bc532312d5b0d', 'hex')],
  ['float64-be', Buffer.from('43278a64625ab61a', 'hex')],
  ['numeric-le', Buffer.from('f10cb9011603ad26', 'hex')],
  ['numeric-be', Buffer.from('0cf101b9031626ad', 'hex')],
  ['numeric-reversed', Buffer.from('26ad031601b90cf1', 'hex')],
  ['bcd', Buffer.from('3313044107909901', 'hex')],
  ['bcd-reversed', Buffer.from('3331401470099910', 'hex')],
  ['comp-3', Buffer.from('03313044107909901c', 'hex')],
  ['digest', '14f652f31b32c1f05f5dc94db88e5f0e'],
])('the NIK of the documents in %s', (encoding, text) => {
  const nik = '3313044107909901';
  const own = patternsOf([{ canary: 'x', element: 'nik', kind: 'digits', value: nik }]);
  const wanted = Buffer.from(text as string);
  const all = own.filter((pattern) => pattern.encoding === encoding).map(({ bytes }) => bytes);
  expect(all.some((bytes) => bytes.equals(wanted))).toBe(true);
});
