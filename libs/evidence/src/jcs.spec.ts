import { describe, expect, test } from '@jest/globals';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { toHex } from './bytes.js';
import { canonicalJson, contentHash } from './jcs.js';

describe('canonical JSON', () => {
  test('sorts by UTF-16 code units (RFC 8785 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  test('escapes as little as it must (RFC 8785 3.2.2.2)', () => {
    const text = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/';
    expect(canonicalJson(text)).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    expect(canonicalJson('\b\t\n\f\r\u001f\u007f\u2028')).toBe('"\\b\\t\\n\\f\\r\\u001f\u007f\u2028"');
  });

  test('writes literals, integers and what is nested', () => {
    expect(canonicalJson({ b: [true, false, null], a: { d: -7, c: 2 ** 53 - 1 }, e: -0, '': [] })).toBe(
      '{"":[],"a":{"c":9007199254740991,"d":-7},"b":[true,false,null],"e":0}',
    );
    expect(canonicalJson(Object.create(null))).toBe('{}');
  });

  test.each([
    ['a fraction', 0.5],
    ['too large an integer', 2 ** 53],
    ['no number', NaN],
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in a list', [, 1]],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(1)],
    ['a map', new Map()],
    ['a bigint', 1n],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { 'a\udc00': 1 }],
  ])('refuses %s', (_, value) => expect(() => canonicalJson(value)).toThrow(TypeError));

  test('means the same as JSON, and is one text for one value', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger(),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('any')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (one) => {
        const text = canonicalJson(one);
        const parsed: unknown = JSON.parse(text);
        expect(parsed).toEqual(JSON.parse(JSON.stringify(one)));
        expect(canonicalJson(reversed(parsed))).toBe(text);
      }),
    );
  });
});

test('particulars are hashed with their salt', () => {
  const salt = new Uint8Array(32).fill(7);
  const expected = sha256(Buffer.concat([salt, Buffer.from('{"a":1,"b":"ñ"}', 'utf8')]));
  expect(toHex(contentHash(salt, { b: 'ñ', a: 1 }))).toBe(toHex(expected));
});

/** The same value, with the keys the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  );
}
