import { beforeEach, describe, expect, test } from '@jest/globals';
import { errors } from 'jose';
import { AssertionForge, assertionForgeries, ClientKey } from '../../../../test/support/assertion-forge.js';
import { ClientAssertions } from './client-assertion.js';

const audiences = ['gerbang-paten', 'https://gerbang.example/oauth/token'];
const keys = {
  EdDSA: ClientKey.make('EdDSA', 'ed'),
  ES256: ClientKey.make('ES256', 'ec'),
  RS256: ClientKey.make('RS256', 'rsa'),
};
const strangers = { EdDSA: ClientKey.make('EdDSA', 'x'), ES256: ClientKey.make('ES256', 'x') };
const jwks = { keys: Object.values(keys).map(({ jwk }) => jwk) };

let clock: { now: number };
let assertions: ClientAssertions;
const forgeOf = (key: ClientKey): AssertionForge => new AssertionForge('uji', 'gerbang-paten', key, () => clock.now);
let forge: AssertionForge;

beforeEach(() => {
  clock = { now: Date.parse('2026-06-15T03:00:00Z') };
  assertions = new ClientAssertions(() => clock.now);
  forge = forgeOf(keys.EdDSA);
});

const verify = (assertion: string, expected = {}) =>
  assertions.verify(assertion, { clientId: 'uji', jwks, audiences, ...expected });

describe('a good one', () => {
  test.each(Object.entries(keys))('signed by %s tells its jti, and until when to remember it', async (_name, key) => {
    const made = await forgeOf(key).make({ claims: { jti: 'satu', exp: forge.at(60) } });
    expect(await verify(made)).toEqual({ jti: 'satu', expiresAt: new Date((forge.at(60) + 30) * 1000) });
  });

  test('may be signed by PS256 with the RSA key', async () => {
    const made = await forgeOf(keys.RS256).make({ header: { alg: 'PS256' } });
    expect(await verify(made)).toMatchObject({ jti: expect.any(String) });
  });

  test.each([
    ['for the URL of the endpoint', { aud: audiences[1] }],
    ['for a list that names the gateway', { aud: ['lain', 'gerbang-paten'] }],
    ['for five minutes', () => ({ exp: forge.at(300) })],
    ['by a clock that is 30 s ahead', () => ({ iat: forge.at(30), nbf: forge.at(30), exp: forge.at(330) })],
    ['by a clock that is 29 s behind', () => ({ iat: forge.at(-329), exp: forge.at(-29) })],
    ['without a time of issue', { iat: undefined }],
    ['with claims that we do not know', { kantor: 'Kecamatan Uji' }],
  ])('%s', async (_name, claims) => {
    const made = await forge.make({ claims: typeof claims === 'function' ? claims() : claims });
    expect(await verify(made)).toMatchObject({ jti: expect.any(String) });
  });

  test.each([undefined, 'JWT', 'jwt', 'client-authentication+jwt'])('of type %s', async (typ) => {
    expect(await verify(await forge.make({ header: { typ } }))).toMatchObject({ jti: expect.any(String) });
  });

  test('needs no kid while only one key fits', async () => {
    const made = await forge.make({ header: { kid: undefined } });
    expect(await verify(made)).toMatchObject({ jti: expect.any(String) });
    const two = { keys: [keys.EdDSA.jwk, strangers.EdDSA.jwk] };
    await expect(verify(made, { jwks: two })).rejects.toBeInstanceOf(errors.JOSEError);
  });
});

describe.each([
  ['EdDSA', keys.EdDSA, strangers.EdDSA],
  ['ES256', keys.ES256, strangers.ES256],
] as const)('with a key for %s on file, refuses', (_alg, key, other) => {
  test.each(Object.keys(assertionForgeries))('%s', async (name) => {
    const own = forgeOf(key);
    const only = { keys: [key.jwk] };
    // what the forgery was made from is good
    await verify(await own.make(), { jwks: only });
    const forged = (await assertionForgeries[name]?.(own, key, other)) ?? '';
    await expect(verify(forged, { jwks: only })).rejects.toBeInstanceOf(Error);
  });
});

describe('refuses', () => {
  test('a key that is not on file any more', async () => {
    const made = await forge.make();
    await expect(verify(made, { jwks: { keys: [keys.ES256.jwk] } })).rejects.toBeInstanceOf(errors.JOSEError);
    await expect(verify(made, { jwks: null })).rejects.toBeInstanceOf(errors.JOSEError);
  });

  test('an assertion about another client, by a key of that client', async () => {
    await expect(verify(await forge.make(), { clientId: 'lain' })).rejects.toBeInstanceOf(errors.JOSEError);
  });

  test('an algorithm that the key was not registered for', async () => {
    const key = ClientKey.make('RS256', 'rsa', { alg: 'PS256' });
    const only = { keys: [key.jwk] };
    await expect(verify(await forgeOf(key).make(), { jwks: only })).rejects.toBeInstanceOf(errors.JOSEError);
    const fitting = await forgeOf(key).make({ header: { alg: 'PS256' } });
    expect(await verify(fitting, { jwks: only })).toMatchObject({ jti: expect.any(String) });
  });

  test.each([
    ['RS384', keys.RS256],
    ['RS512', keys.RS256],
    ['PS384', keys.RS256],
  ])('%s, which is none of ours', async (alg, key) => {
    const made = await forgeOf(key).make({ header: { alg } });
    await expect(verify(made)).rejects.toMatchObject({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
  });

  test('an RSA key of 1024 bit, should one get on file', async () => {
    const small = ClientKey.make('RS256', 'kecil', { rsaBits: 1024 });
    // jose itself does not sign with it
    const { sign } = await import('node:crypto');
    const unsigned = forgeOf(small).unsigned({ alg: 'RS256' });
    const signature = sign('sha256', Buffer.from(unsigned.slice(0, -1)), small.privateKey).toString('base64url');
    await expect(verify(unsigned + signature, { jwks: { keys: [small.jwk] } })).rejects.toThrow(/2048/);
  });

  test('an assertion with one letter changed, wherever it is', async () => {
    const made = await forge.make();
    // the last letter of a part may carry bits that mean nothing
    const places = [...made].flatMap((letter, at) => (letter === '.' || /^.(\.|$)/.test(made.slice(at)) ? [] : [at]));
    for (const at of places.filter((_place, index) => index % 11 === 0)) {
      const changed = made.slice(0, at) + (made[at] === 'A' ? 'B' : 'A') + made.slice(at + 1);
      await expect(verify(changed)).rejects.toBeInstanceOf(Error);
    }
  });

  test.each(['', 'abc', 'a.b.c', '....', `${'e30.'.repeat(4)}e30`])('%j', async (text) => {
    await expect(verify(text)).rejects.toBeInstanceOf(Error);
  });
});
