import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openedMatches, reportHash } from './opened-event.js';

const salt = Buffer.alloc(32, 7);
const hashOf = (text: string) => createHash('sha256').update(salt).update(text).digest('hex');
const matches = (content: unknown, text: string, spoken = salt.toString('base64')) =>
  openedMatches({ contentHash: hashOf(text) }, spoken, content);

test('particulars match the leaf that commits to them', () => {
  expect(matches({ tries: 2, outcome: 'MATCHED' }, '{"outcome":"MATCHED","tries":2}')).toBe(true);
  expect(matches({ tries: 3, outcome: 'MATCHED' }, '{"outcome":"MATCHED","tries":2}')).toBe(false);
  expect(openedMatches({ contentHash: null }, salt.toString('base64'), {})).toBe(false);
});

test('a number that is no exact integer stands as its JSON text', () => {
  expect(matches({ burst: { perSecond: 0.5 } }, '{"burst":{"perSecond":"0.5"}}')).toBe(true);
  expect(matches({ n: 1e21 }, '{"n":"1e+21"}')).toBe(true);
});

test('a salt is 32 bytes in the only base64 form, and what cannot be written in one way matches nothing', () => {
  expect(matches({}, '{}', salt.subarray(1).toString('base64'))).toBe(false);
  expect(matches({}, '{}', salt.toString('base64url'))).toBe(false);
  expect(matches({ x: '\ud800' }, '{"x":"?"}')).toBe(false);
});

test('the hash of a report is that of its RFC 8785 form', () => {
  const text = '{"a":[1,null],"b":"é"}';
  expect(reportHash({ b: 'é', a: [1, null] })).toBe(createHash('sha256').update(text).digest('hex'));
  expect(() => reportHash({ share: 0.5 })).toThrow(TypeError);
});
