import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { TokenError } from '#contracts';
import { assertionType } from '../apps/gateway/src/tokens/client-credentials.js';
import { AssertionForge, assertionForgeries, ClientKey } from './support/assertion-forge.js';
import { BareGateway, Ground, type Got } from './support/bare-gateway.js';

let ground: Ground;
let gateway: BareGateway;
let other: BareGateway;

const keys = { EdDSA: ClientKey.make('EdDSA', 'ed'), ES256: ClientKey.make('ES256', 'ec') };
const stranger = ClientKey.make('EdDSA', 'lain');
const signing = new AssertionForge('bertanda', 'gerbang-paten', keys.EdDSA);

beforeAll(async () => {
  ground = await Ground.create();
  await ground.addClient('rahasia', { secrets: ['satu'] });
  await ground.addClient('bertanda', { jwks: { keys: [keys.EdDSA.jwk, keys.ES256.jwk] } });
  await ground.addClient('keduanya', { secrets: ['satu'], jwks: { keys: [keys.EdDSA.jwk] } });
  [gateway, other] = await Promise.all([BareGateway.start(ground), BareGateway.start(ground)]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), other.close()]);
  await ground.drop();
});

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });
const secretForm = (id: string, secret: string) => ({ client_id: id, client_secret: secret });
const signed = (assertion: string) => ({ client_assertion_type: assertionType, client_assertion: assertion });

function expectInvalid(answer: Got): void {
  expect({ status: answer.status, ...answer.body }).toMatchObject({ status: 401, error: 'invalid_client' });
  const { correlationId: _, ...rest } = answer.body;
  expect(rest).toEqual(invalid);
  expect(answer.headers['www-authenticate']).toBe('Basic realm="gerbang-paten"');
}

/** The one answer to all that can be wrong. */
const invalid = {
  error: 'invalid_client',
  error_description: 'Client authentication failed',
  type: 'urn:gerbang-paten:error:CLIENT_INVALID',
  title: 'Client authentication failed',
  status: 401,
  code: 'CLIENT_INVALID',
  detail: expect.any(String),
};

describe('secrets', () => {
  test('while one takes over from another both count, then one', async () => {
    await ground.addClient('bergilir', { secrets: ['lama'] });
    await ground.addSecret('bergilir', 'baru');
    for (const secret of ['lama', 'baru'])
      for (const sent of [{ headers: basic('bergilir', secret) }, { form: secretForm('bergilir', secret) }])
        expect(await gateway.ask(sent.form ?? {}, { headers: sent.headers ?? {} })).toMatchObject({ status: 200 });
    await ground.sql(
      "UPDATE access.client_secret SET expires_at = now() WHERE client_id = 'bergilir' AND id = (SELECT min(id::text)::uuid FROM access.client_secret WHERE client_id = 'bergilir')",
    );
    // at once: what is in memory does not count here
    expectInvalid(await gateway.ask({}, { headers: basic('bergilir', 'lama') }));
    expect(await gateway.ask({}, { headers: basic('bergilir', 'baru') })).toMatchObject({ status: 200 });
  });

  test.each([
    ['wrong', 'rahasia', 'dua'],
    ['of nobody', 'tidak-ada', 'satu'],
    ['for a client that only signs', 'bertanda', 'satu'],
    ['the hash of none', 'bertanda', '0'.repeat(64)],
    ['of a client that no database can hold', 'a%00b', 'satu'],
  ])('one that is %s is refused like any other', async (_name, id, secret) => {
    expectInvalid(await gateway.ask({}, { headers: basic(id, secret) }));
  });
});

describe('signed assertions (RFC 7523)', () => {
  test('give a token, by each key on file', async () => {
    for (const key of Object.values(keys)) {
      const answer = await gateway.ask(signed(await signing.make({ key })));
      expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
      expect(decodeJwt(answer.body.access_token as string).sub).toBe('bertanda');
    }
  });

  test('may be meant for the very URL, and not for what Host says', async () => {
    const aud = `${gateway.url}/oauth/token`;
    expect(await gateway.ask(signed(await signing.make({ claims: { aud } })))).toMatchObject({ status: 200 });
    const elsewhere = signed(await signing.make({ claims: { aud: 'http://lain.example/oauth/token' } }));
    expectInvalid(await gateway.ask(elsewhere, { headers: { host: 'lain.example' } }));
  });

  test('name the client that the form names', async () => {
    const form = async () => signed(await signing.make());
    expect(await gateway.ask({ ...(await form()), client_id: 'bertanda' })).toMatchObject({ status: 200 });
    expectInvalid(await gateway.ask({ ...(await form()), client_id: 'rahasia' }));
  });

  test('are of no use to a client without keys', async () => {
    expectInvalid(await gateway.ask(signed(await signing.make({ claims: { iss: 'rahasia', sub: 'rahasia' } }))));
    expectInvalid(await gateway.ask(signed(await signing.make({ claims: { iss: 'siapa', sub: 'siapa' } }))));
  });

  test('count beside a secret, but not at once with it', async () => {
    const forge = new AssertionForge('keduanya', 'gerbang-paten', keys.EdDSA);
    expect(await gateway.ask(secretForm('keduanya', 'satu'))).toMatchObject({ status: 200 });
    expect(await gateway.ask(signed(await forge.make()))).toMatchObject({ status: 200 });
    const both = { ...signed(await forge.make()), ...secretForm('keduanya', 'satu') };
    expectInvalid(await gateway.ask(both));
    expectInvalid(await gateway.ask(signed(await forge.make()), { headers: basic('keduanya', 'satu') }));
    expectInvalid(await gateway.ask({}));
  });

  test.each(Object.keys(assertionForgeries))('%s is refused like any other', async (name) => {
    // each from an address of its own: they are many, and all in a row
    const from = `127.0.1.${Object.keys(assertionForgeries).indexOf(name) + 1}`;
    const forged = (await assertionForgeries[name]?.(signing, keys.EdDSA, stranger)) ?? '';
    expectInvalid(await gateway.ask(signed(forged), { from }));
  });

  test('count once, at whichever gateway', async () => {
    const form = signed(await signing.make());
    expect(await gateway.ask(form)).toMatchObject({ status: 200 });
    expectInvalid(await gateway.ask(form));
    expectInvalid(await other.ask(form));
  });

  test('count once at two gateways at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const form = signed(await signing.make());
      // where a gateway loses often, it would slow the client down
      const from = `127.0.4.${round + 1}`;
      const answers = await Promise.all([gateway, other, gateway, other].map((one) => one.ask(form, { from })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    }
  });

  test('that were refused for their claims are not used up', async () => {
    const jti = 'sekali';
    expectInvalid(await gateway.ask(signed(await signing.make({ claims: { jti, aud: 'lain' } }))));
    expect(await gateway.ask(signed(await signing.make({ claims: { jti } })))).toMatchObject({ status: 200 });
  });

  test('by a key that was taken away count no more', async () => {
    const key = ClientKey.make('EdDSA', 'sementara');
    await ground.addClient('berganti', { jwks: { keys: [key.jwk] } });
    const forge = new AssertionForge('berganti', 'gerbang-paten', key);
    expect(await gateway.ask(signed(await forge.make()))).toMatchObject({ status: 200 });
    const jwks = { keys: [ClientKey.make('EdDSA', 'sementara').jwk] };
    await ground.sql("UPDATE access.client SET jwks = $1 WHERE id = 'berganti'", [jwks]);
    expectInvalid(await gateway.ask(signed(await forge.make())));
    await ground.sql("UPDATE access.client SET jwks = NULL WHERE id = 'berganti'");
    expectInvalid(await gateway.ask(signed(await forge.make())));
  });
});

describe('guessing', () => {
  const office = '127.0.2.1';
  let clock: number;

  beforeEach(() => {
    clock = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => clock);
  });
  afterEach(() => void jest.restoreAllMocks());

  test.each(['rahasia', 'siapa', 'bertanda'])('is slowed down, also of what nobody is called: %s', async (id) => {
    const guess = () => gateway.ask({}, { headers: basic(id, 'tebakan'), from: office });
    for (let i = 0; i < 20; i += 1) expectInvalid(await guess());
    const answer = await guess();
    expect(answer).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', error: 'invalid_request' } });
    expect(TokenError.safeParse(answer.body).error).toBeUndefined();
    expect(answer.headers['retry-after']).toBe('1');
    clock += 1_000;
    expectInvalid(await guess());
    expect((await guess()).headers['retry-after']).toBe('2');
  });

  test('keeps waiting who has the right secret there, and nobody else', async () => {
    await ground.addClient('ditebak', { secrets: ['satu'] });
    const guesses = Array.from({ length: 40 }, () =>
      gateway.ask({}, { headers: basic('ditebak', 'tebakan'), from: office }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    // at once: no more are told than one after the other
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    const ask = (id: string, secret: string, from: string, at = gateway) =>
      at.ask({}, { headers: basic(id, secret), from });
    expect(await ask('ditebak', 'satu', office)).toMatchObject({ status: 429 });
    expect(await ask('ditebak', 'satu', '127.0.2.2')).toMatchObject({ status: 200 });
    expect(await ask('keduanya', 'satu', office)).toMatchObject({ status: 200 });
    expect(await ask('ditebak', 'satu', office, other)).toMatchObject({ status: 200 });
  });

  test('does not use up the assertion that comes meanwhile', async () => {
    const from = '127.0.2.4';
    const forged = signed(signing.unsigned({ alg: 'EdDSA' }));
    for (let i = 0; i < 20; i += 1) expectInvalid(await gateway.ask(forged, { from }));
    const good = signed(await signing.make());
    expect(await gateway.ask(good, { from })).toMatchObject({ status: 429 });
    clock += 1_000;
    expect(await gateway.ask(good, { from })).toMatchObject({ status: 200 });
  });

  test('is not what somebody does who mistypes, nor who says nothing', async () => {
    for (let i = 0; i < 5; i += 1) {
      expectInvalid(await gateway.ask({}, { headers: basic('rahasia', 'tebakan'), from: '127.0.2.3' }));
      expect(await gateway.ask({}, { headers: basic('rahasia', 'satu'), from: '127.0.2.3' })).toMatchObject({
        status: 200,
      });
    }
    for (let i = 0; i < 30; i += 1) expectInvalid(await gateway.ask({}, { from: '127.0.2.3' }));
  });
});

test.each([{}, { grant_type: '' }])('a missing grant type is an invalid request (RFC 6749 5.2): %j', async (form) => {
  const answer = await gateway.send('POST', '/oauth/token', { headers: basic('rahasia', 'satu'), form });
  expect(answer.body).toMatchObject({ error: 'invalid_request', code: 'REQUEST_INVALID' });
  expect(answer.body.issues).toEqual([{ path: 'grant_type', message: 'Wajib diisi: client_credentials.' }]);
});

test('an operator whom no database can hold is unknown', async () => {
  const answer = await gateway.ask({ operator: 'a\0b' }, { headers: basic('rahasia', 'satu') });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});
