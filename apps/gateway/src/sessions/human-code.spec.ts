import { expect, test } from '@jest/globals';
import { makeCode, sha256OfCode } from './human-code.js';

test('80 bits in four groups, without letters that look like digits', () => {
  const codes = Array.from({ length: 500 }, makeCode);
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  expect(new Set(codes).size).toBe(500);
  // every place takes every letter, so none of the 80 bits is lost
  for (let place = 0; place < 19; place += 1)
    if (place % 5 !== 4) expect(new Set(codes.map((code) => code[place])).size).toBe(32);
});

test.each(['k7qf-2mx0-9trd-1w41', 'K7QF2MX09TRD1W41', ' K7QF 2MXO 9TRD IW4L ', 'k7qf-2mxo-9trd-lw4i'])(
  'is the same as typed %j',
  (typed) => expect(sha256OfCode(typed)).toEqual(sha256OfCode('K7QF-2MX0-9TRD-1W41')),
);

test('is another with one letter changed', () =>
  expect(sha256OfCode('K7QF-2MX0-9TRD-1W42')).not.toEqual(sha256OfCode('K7QF-2MX0-9TRD-1W41')));
