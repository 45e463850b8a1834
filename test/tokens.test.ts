import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { scopes, TokenError, TokenResponse } from '#contracts';
import { addClient, addOperator, asClient, extraClient } from './support/office-parts.js';
import { RunningStack, type Answer, type Office } from './support/running-stack.js';

interface Granted {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

const narrow = extraClient('baca');
const readOnly = ['verifications:read', 'access-rights:read'] as const;

let stack: RunningStack;
let office: Office;

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { gateway: 2 } });
  office = await stack.addOffice({
    change: (file) => {
      addOperator(file, 'camat', { role: 'camat' });
      addClient(file, narrow, { scopes: [...readOnly], defaultOperator: 'camat' });
    },
  });
});
afterAll(() => stack.stop());

const basicOf = ({ client }: Office, encode = (text: string) => text): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encode(client.id)}:${encode(client.secret)}`).toString('base64')}`,
});

function ask<T = Granted>(
  form: Record<string, string>,
  headers: Record<string, string> = basicOf(office),
): Promise<Answer<T>> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString();
  return stack.send<T>('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
}

const jwksOf = async (url = stack.url): Promise<JSONWebKeySet> =>
  (await stack.send<JSONWebKeySet & Record<string, unknown>>('GET', '/.well-known/jwks.json', {}, url)).body;

describe('a token (RFC 6749 5.1)', () => {
  test('is given for client id and secret by HTTP Basic, form-encoded or not', async () => {
    const encoded = (text: string) => [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    for (const headers of [basicOf(office), basicOf(office, encoded)]) {
      const answer = await ask({}, headers);
      expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 600 } });
      expect(TokenResponse.safeParse(answer.body).error).toBeUndefined();
    }
  });

  test('is given for client id and secret in the form', async () => {
    const { id, secret } = office.client;
    expect(await ask({ client_id: id, client_secret: secret }, {})).toMatchObject({ status: 200 });
  });

  test('is JSON that nobody keeps', async () => {
    const { headers } = await ask({});
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('verifies against the published keys, for ten minutes', async () => {
    const { body } = await ask({ operator: 'loket1' });
    const { payload, protectedHeader } = await jwtVerify(body.access_token, createLocalJWKSet(await jwksOf()), {
      algorithms: ['EdDSA'],
      issuer: 'gerbang-paten',
      audience: 'gerbang-paten',
      typ: 'at+jwt',
    });
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({ sub: office.client.id, scope: scopes.join(' ') });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'operator', 'scope', 'sub']);
  });

  test('names the operator by an id, or none', async () => {
    const named = decodeJwt((await ask({ operator: 'loket1' })).body.access_token);
    expect(named.operator).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(named)).not.toContain('loket1');
    expect(decodeJwt((await ask({})).body.access_token)).not.toHaveProperty('operator');
  });

  test('without an operator stands for the default operator of its client', async () => {
    const { body } = await ask({}, basicOf(asClient(office, narrow)));
    const rights = await stack.send<{ operator: unknown }>('GET', '/v1/access-rights', {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(rights.body.operator).toMatchObject({ userIdLokal: 'camat', role: 'camat' });
  });

  test('of one gateway is good at the other', async () => {
    const urls = stack.stack.replicas.gateway.map(({ url = '' }) => url);
    expect(urls).toHaveLength(2);
    const headers = { authorization: `Bearer ${await stack.token(office)}` };
    for (const url of urls)
      expect(await stack.send('GET', '/v1/access-rights', { headers }, url)).toMatchObject({ status: 200 });
    expect(await jwksOf(urls[1])).toEqual(await jwksOf(urls[0]));
  });
});

describe('scopes (RFC 6749 3.3)', () => {
  test.each([
    [undefined, scopes.join(' ')],
    ['', scopes.join(' ')],
    ['verifications:read', 'verifications:read'],
    ['access-rights:read verifications:write', 'verifications:write access-rights:read'],
    ['verifications:read  verifications:read', 'verifications:read'],
  ])('%j is granted as %j', async (scope, granted) => {
    const { body } = await ask(scope === undefined ? {} : { scope });
    expect(body.scope).toBe(granted);
    expect(decodeJwt(body.access_token).scope).toBe(granted);
  });

  test('default to what the client has, and never go beyond', async () => {
    const headers = basicOf(asClient(office, narrow));
    expect((await ask({}, headers)).body.scope).toBe(readOnly.join(' '));
    expect(await ask({ scope: 'verifications:write' }, headers)).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });

  test('that were given up are not to be had with that token', async () => {
    const { body } = await ask({ scope: 'access-rights:read', operator: 'loket1' });
    const headers = { authorization: `Bearer ${body.access_token}` };
    expect(await stack.send('GET', '/v1/access-rights', { headers })).toMatchObject({ status: 200 });
    expect(await stack.send('GET', '/v1/verifications', { headers })).toMatchObject({
      status: 403,
      body: { code: 'SCOPE_MISSING' },
    });
  });
});

describe('an error (RFC 6749 5.2)', () => {
  test.each<[string, Record<string, string>, () => Record<string, string>, number, string]>([
    ['a wrong secret', {}, () => ({ authorization: `Basic ${btoa(`${office.client.id}:x`)}` }), 401, 'invalid_client'],
    ['no client', {}, () => ({}), 401, 'invalid_client'],
    ['another grant', { grant_type: 'password' }, () => basicOf(office), 400, 'unsupported_grant_type'],
    ['a scope that is not granted', { scope: 'x' }, () => basicOf(office), 400, 'invalid_scope'],
    ['an unknown operator', { operator: 'x' }, () => basicOf(office), 400, 'invalid_grant'],
  ])('%s', async (_name, form, headers, status, error) => {
    const answer = await ask<Record<string, unknown>>(form, headers());
    expect(answer).toMatchObject({ status, body: { error } });
    expect(TokenError.safeParse(answer.body).error).toBeUndefined();
    // 5.2: printable ASCII without quotes and backslash
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="gerbang-paten"' : null);
    expect(answer.text).not.toContain(office.client.secret);
  });

  test('tells an unknown client from a wrong secret in nothing', async () => {
    const answers = await Promise.all(
      [office.client.id, 'tidak-ada'].map((id) =>
        ask<Record<string, unknown>>({}, { authorization: `Basic ${btoa(`${id}:salah`)}` }),
      ),
    );
    const [one, other] = answers.map(({ status, body: { correlationId: _, ...body } }) => ({ status, body }));
    expect(one).toEqual(other);
  });
});

describe('the key set (RFC 7517)', () => {
  test('holds the key that signs and the next one, without the private part', async () => {
    const { keys } = await jwksOf();
    const { kid } = decodeProtectedHeader(await stack.token(office));
    expect(keys.map((key) => key.kid)).toEqual([kid, String(Number(kid) + 1)]);
    for (const key of keys)
      expect(key).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: key.kid,
        alg: 'EdDSA',
        use: 'sig',
      });
  });

  test('may be kept for a while', async () => {
    const { headers } = await stack.send('GET', '/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });
});
