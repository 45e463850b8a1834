import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { ClientPrincipal } from '../access/principal.js';
import { SigningKeys } from './signing-keys.js';
import { tokenLifetime, Tokens } from './tokens.js';

const issuer = 'gerbang-paten';
const operatorId = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const principal: ClientPrincipal = {
  kind: 'client',
  clientId: 'uji',
  operatorId,
  scopes: ['verifications:write', 'verifications:read'],
  certificate: null,
};

let folder: string;
let clock: { now: number };
let keys: SigningKeys;
let tokens: Tokens;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
  clock = { now: Date.parse('2026-06-15T03:00:00Z') };
  keys = new SigningKeys(folder, 86_400_000, () => clock.now);
  tokens = new Tokens(keys, issuer, () => clock.now);
});
afterEach(() => rm(folder, { recursive: true }));

const issue = (): Promise<string> => tokens.issue(principal);

/** A token of our own but for the changes; what is undefined is left out. */
async function sign({
  claims = {},
  header = {},
  key,
}: {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}): Promise<string> {
  const own = await keys.current();
  const now = clock.now / 1_000;
  const all = { iss: issuer, aud: issuer, sub: 'uji', scope: 'verifications:read', iat: now, exp: now + 60, ...claims };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(kept)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: own.kid, ...header })
    .sign(key ?? own.privateKey);
}

test('says who it is for, by whom, for how long, and no secret', async () => {
  const token = await issue();
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: (await keys.current()).kid });
  expect(decodeJwt(token)).toEqual({
    iss: issuer,
    aud: issuer,
    sub: 'uji',
    operator: operatorId,
    scope: 'verifications:write verifications:read',
    iat: clock.now / 1_000,
    exp: clock.now / 1_000 + tokenLifetime,
    jti: expect.any(String),
  });
  expect(decodeJwt(await issue()).jti).not.toBe(decodeJwt(token).jti);
});

test('verifies to what it was issued for, with and without an operator', async () => {
  expect(await tokens.verify(await issue())).toEqual(principal);
  const nobody: ClientPrincipal = { ...principal, operatorId: null, scopes: [] };
  expect(await tokens.verify(await tokens.issue(nobody))).toEqual(nobody);
});

test('carries the thumbprint of the certificate that it is bound to (RFC 8705 3.1)', async () => {
  const bound = { ...principal, certificate: 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' };
  const token = await tokens.issue(bound);
  expect(decodeJwt(token).cnf).toEqual({ 'x5t#S256': bound.certificate });
  expect(await tokens.verify(token)).toEqual(bound);
});

test.each([
  ['seen for the first time', async () => undefined],
  ['verified before', async (token: string) => void (await tokens.verify(token))],
])('a token %s expires to the second', async (_name, before) => {
  const token = await issue();
  await before(token);
  clock.now += tokenLifetime * 1_000 - 1_000;
  expect(await tokens.verify(token)).toEqual(principal);
  clock.now += 1_000;
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
});

describe('refuses', () => {
  test.each([
    ['another audience', { aud: 'lain' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'lain' }],
    ['no issuer', { iss: undefined }],
    ['no subject', { sub: undefined }],
    ['no expiry', { exp: undefined }],
    ['no scope', { scope: undefined }],
    ['a scope that is not known', { scope: 'semua' }],
    ['a scope that is a list', { scope: ['verifications:read'] }],
    ['a subject that is a number', { sub: 1 }],
    ['an operator that is no id', { operator: 'loket1' }],
    ['a confirmation by other means than a certificate', { cnf: { jkt: 'x' } }],
    ['a confirmation by nothing', { cnf: {} }],
    ['a token of tomorrow', { nbf: Date.parse('2026-06-16T03:00:00Z') / 1_000 }],
  ])('%s', async (_name, claims) => {
    const token = await sign({ claims });
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  test.each([
    ['another type', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['no kid', { kid: undefined }],
    ['an unknown kid', { kid: '1' }],
  ])('%s', async (_name, header) => {
    await expect(tokens.verify(await sign({ header }))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  test('another key under our kid', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    await expect(tokens.verify(await sign({ key: privateKey }))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  test.each(['none', 'NONE', 'HS256', 'RS256'])('alg %s', async (alg) => {
    const [header = '', payload = '', signature = ''] = (await issue()).split('.');
    const changed = { ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object), alg };
    const head = Buffer.from(JSON.stringify(changed)).toString('base64url');
    for (const forged of [`${head}.${payload}.`, `${head}.${payload}.${signature}`])
      await expect(tokens.verify(forged)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  test('a genuine token with one letter changed, wherever it is', async () => {
    const token = await issue();
    await tokens.verify(token);
    // the last letter of a part may carry bits that mean nothing
    const places = [...token].flatMap((letter, at) => (letter === '.' || /^.(\.|$)/.test(token.slice(at)) ? [] : [at]));
    for (const at of places.filter((_place, index) => index % 7 === 0)) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      await expect(tokens.verify(changed)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    }
  });

  test.each(['', 'abc', 'a.b.c', '....'])('%j', async (token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  test('a token of another installation with the same names', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
    try {
      const other = new Tokens(new SigningKeys(elsewhere, 86_400_000, () => clock.now), issuer, () => clock.now);
      const token = await other.issue({ clientId: 'uji', operatorId: null, scopes: [], certificate: null });
      await keys.publicKeys();
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});
