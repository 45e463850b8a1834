import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64, fromBase64url, fromHex, toBase64, toBase64url, toHex } from './bytes.js';

test('the forms are those of the platform, and come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }),
  );
});

test('no other text means the same bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgwz/+=- \nñ'), maxLength: 9 }), (text) => {
      const bytes = fromBase64(text);
      if (bytes !== undefined) expect(toBase64(bytes)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test.each(['QQ', 'QQ=', 'QQ===', 'QR==', 'Q=Q=', '====', 'QQ==QQ==', 'QUI', 'Q Q=', 'QQ-_', 'QQ=\n'])(
  '%j is not base64',
  (text) => expect(fromBase64(text)).toBeUndefined(),
);

test.each(['QR', 'Q', 'QQ==', 'Q+A', 'QQ\n'])('%j is not base64url', (text) => {
  expect(fromBase64url(text)).toBeUndefined();
});

test.each(['AB', 'a', 'zz', '0x'])('%j is not hex', (text) => expect(fromHex(text)).toBeUndefined());
