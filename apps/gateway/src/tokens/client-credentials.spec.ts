import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assertionType, isOneOfSecrets, readClientCredentials } from './client-credentials.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const assertion = `${part({ alg: 'EdDSA' })}.${part({ sub: 'uji' })}.xxx`;
const signed = { client_assertion_type: assertionType, client_assertion: assertion };
const refusal = expect.objectContaining({ code: 'CLIENT_INVALID' });

describe('readClientCredentials', () => {
  test('reads HTTP Basic, and the form', () => {
    expect(readClientCredentials(basic('uji:rahasia'), {})).toEqual({ id: 'uji', secret: 'rahasia' });
    expect(readClientCredentials(undefined, { client_id: 'uji', client_secret: 'rahasia' })).toEqual({
      id: 'uji',
      secret: 'rahasia',
    });
  });

  test('reads an assertion, and takes its subject for the client', () => {
    expect(readClientCredentials(undefined, signed)).toEqual({ id: 'uji', assertion });
  });

  test.each([
    ['Basic', basic('uji:x'), {}],
    ['an assertion', undefined, signed],
  ])('the same client_id may stand beside %s', (_name, authorization, form) => {
    expect(readClientCredentials(authorization, { ...form, client_id: 'uji' })).toMatchObject({ id: 'uji' });
    expect(() => readClientCredentials(authorization, { ...form, client_id: 'lain' })).toThrow(refusal);
  });

  test('what has no value counts as left out (RFC 6749 3.2)', () => {
    const empty = { client_id: '', client_secret: '', client_assertion: '', client_assertion_type: '' };
    expect(readClientCredentials(basic('uji:x'), empty)).toEqual({ id: 'uji', secret: 'x' });
    expect(readClientCredentials(undefined, { ...empty, ...signed })).toEqual({ id: 'uji', assertion });
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
    const name = text.filter((id) => !id.includes('\0'));
    fc.assert(
      fc.property(name, text, (id, secret) => {
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
    ['Basic and a secret', basic('uji:x'), { client_secret: 'x' }],
    ['Basic and an assertion', basic('uji:x'), signed],
    ['a secret and an assertion', undefined, { client_id: 'uji', client_secret: 'x', ...signed }],
    ['all three', basic('uji:x'), { client_id: 'uji', client_secret: 'x', ...signed }],
    ['another scheme and an assertion', 'Bearer abc', signed],
    ['an assertion without its type', undefined, { client_assertion: assertion }],
    ['the type alone', undefined, { client_assertion_type: assertionType }],
    ['another type of assertion', undefined, { ...signed, client_assertion_type: 'urn:ietf:params:oauth:x' }],
    ['an assertion that is no JWT', undefined, { ...signed, client_assertion: 'abc' }],
    ['an assertion without a subject', undefined, { ...signed, client_assertion: `e30.${part({ iss: 'uji' })}.x` }],
    ['an assertion about a number', undefined, { ...signed, client_assertion: `e30.${part({ sub: 1 })}.x` }],
    ['an id that no database can hold', basic('uji%00:x'), {}],
    ['an empty header beside the form', '', { client_id: 'uji', client_secret: 'x' }],
  ])('refuses %s', (_name, authorization, form) => {
    expect(() => readClientCredentials(authorization, form)).toThrow(refusal);
  });
});

describe('isOneOfSecrets', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const [old, fresh] = [sha256('lama'), sha256('baru')];

  test('knows each that counts, wherever it stands, and no other', () => {
    for (const hashes of [
      [old, fresh],
      [fresh, old],
      [old, fresh, fresh],
    ]) {
      expect(isOneOfSecrets('lama', hashes)).toBe(true);
      expect(isOneOfSecrets('baru', hashes)).toBe(true);
      for (const other of ['', 'lam', 'lama ', 'Lama', 'lamabaru', old, fresh])
        expect(isOneOfSecrets(other, hashes)).toBe(false);
    }
    expect(isOneOfSecrets('lama', [fresh])).toBe(false);
  });

  test('compares with each, also after one was right', () => {
    const read: unknown[] = [];
    const hashes = new Proxy([old, fresh, fresh], {
      get: (list, key, self): unknown => {
        if (typeof key === 'string' && /^\d+$/.test(key)) read.push(key);
        return Reflect.get(list, key, self);
      },
    });
    expect(isOneOfSecrets('lama', hashes)).toBe(true);
    expect(read).toEqual(['0', '1', '2']);
  });

  test('is no match where there is none', () => expect(isOneOfSecrets('lama', [])).toBe(false));

  test.each(['', '0'.repeat(64), old.slice(0, 62)])('matches nothing to %j', (hash) =>
    expect(isOneOfSecrets('lama', [hash])).toBe(false),
  );
});
