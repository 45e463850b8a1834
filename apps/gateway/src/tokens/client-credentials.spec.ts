import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readClientCredentials, secretMatches } from './client-credentials.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const refusal = expect.objectContaining({ code: 'CLIENT_INVALID' });

describe('readClientCredentials', () => {
  test('reads HTTP Basic, and the form', () => {
    expect(readClientCredentials(basic('uji:rahasia'), {})).toEqual({ id: 'uji', secret: 'rahasia' });
    expect(readClientCredentials(undefined, { client_id: 'uji', client_secret: 'rahasia' })).toEqual({
      id: 'uji',
      secret: 'rahasia',
    });
  });

  test('the scheme is spelled as one likes', () => {
    expect(readClientCredentials(basic('uji:x').replace('Basic', 'bAsIC'), {})).toEqual({ id: 'uji', secret: 'x' });
  });

  test('decodes what is form-encoded inside of Basic (RFC 6749 2.3.1), and only there', () => {
    expect(readClientCredentials(basic('a%3Ab+c:100%25%2B'), {})).toEqual({ id: 'a:b c', secret: '100%+' });
    expect(readClientCredentials(undefined, { client_id: 'a%3Ab', client_secret: '100%25' })).toEqual({
      id: 'a%3Ab',
      secret: '100%25',
    });
  });

  test('a colon in the secret belongs to it', () => {
    expect(readClientCredentials(basic('uji:a:b'), {})).toEqual({ id: 'uji', secret: 'a:b' });
  });

  test('any id and secret survive the way', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const encode = (value: string) => new URLSearchParams({ '': value }).toString().slice(1);
    fc.assert(
      fc.property(text, text, (id, secret) => {
        expect(readClientCredentials(basic(`${encode(id)}:${encode(secret)}`), {})).toEqual({ id, secret });
      }),
    );
  });

  test.each([
    ['nothing', undefined, {}],
    ['an id alone', undefined, { client_id: 'uji' }],
    ['a secret alone', undefined, { client_secret: 'x' }],
    ['an empty id', basic(':x'), {}],
    ['an empty secret', basic('uji:'), {}],
    ['no colon', basic('uji'), {}],
    ['another scheme', 'Bearer abc', {}],
    ['no base64', 'Basic ***', {}],
    ['a broken percent sign', basic('%zz:x'), {}],
    ['both ways at once', basic('uji:x'), { client_secret: 'x' }],
    ['an empty header beside the form', '', { client_id: 'uji', client_secret: 'x' }],
  ])('refuses %s', (_name, authorization, form) => {
    expect(() => readClientCredentials(authorization, form)).toThrow(refusal);
  });
});

describe('secretMatches', () => {
  const sha256 = createHash('sha256').update('rahasia').digest('hex');

  test('knows the secret and no other', () => {
    expect(secretMatches('rahasia', sha256)).toBe(true);
    for (const other of ['', 'rahasi', 'rahasia ', 'Rahasia', sha256]) expect(secretMatches(other, sha256)).toBe(false);
  });

  test.each(['', '0'.repeat(64), sha256.slice(0, 62)])('matches nothing to %j', (hash) =>
    expect(secretMatches('rahasia', hash)).toBe(false),
  );
});
