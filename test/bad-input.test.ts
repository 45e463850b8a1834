import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createVerification, issueToken, listVerifications, type ErrorCode, type Problem } from '#contracts';
import { expectNoEcho, expectProblem } from './support/answers.js';
import { allRoutes } from './support/asking.js';
import { hitsOf, institutionIdOf } from './support/office-parts.js';
import { purpose, RunningStack, type Answer, type Office } from './support/running-stack.js';

const nik = '3313043108859903';
const correlationId = 'uji-masukan';
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

let stack: RunningStack;
let office: Office;
let institutionId: string;
let token: string;
let basic: Record<string, string>;

beforeAll(async () => {
  stack = await RunningStack.start();
  office = await stack.addOffice();
  institutionId = await institutionIdOf(stack, office);
  token = await stack.token(office);
  basic = { authorization: `Basic ${Buffer.from(`${office.client.id}:${office.client.secret}`).toString('base64')}` };
});
afterAll(() => stack.stop());

const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  stack.send(method, path, {
    headers: { 'x-correlation-id': correlationId, ...headers },
    ...(body === undefined ? {} : { body }),
  });

/** Refused in the form of its endpoint, without repeating anything that could be a NIK. */
function expectRefusal(answer: Answer, code: ErrorCode, tokenEndpoint = false): void {
  expectProblem(answer, code, { correlationId, tokenEndpoint });
  expectNoEcho(answer, nik, '3313 0431 0885 9903', '3313-0431-0885-9903', '33.1304.310885.9903');
}

const look = { nik, purpose };
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('POST /v1/verifications', () => {
  afterEach(async () => {
    expect(await hitsOf(stack, institutionId)).toBe(0);
    expect(await stack.counted(office)).toMatchObject({ requests: 0, hits: 0 });
  });

  const post = (body: string | undefined, headers: Record<string, string> = json) =>
    send('POST', createVerification.path, { authorization: `Bearer ${token}`, ...headers }, body);

  test.each<[string, string, ErrorCode]>([
    ['JSON that breaks off', `{"nik": "${nik}"`, 'REQUEST_MALFORMED'],
    ['JSON with something behind it', `${JSON.stringify(look)} ${nik}`, 'REQUEST_MALFORMED'],
    ['no JSON', `nik ${nik}`, 'REQUEST_MALFORMED'],
    ['an empty body', '', 'REQUEST_MALFORMED'],
    ['NaN', `{"nik": NaN, "x": "${nik}"}`, 'REQUEST_MALFORMED'],
    ['a list', JSON.stringify([look]), 'REQUEST_INVALID'],
    ['null', 'null', 'REQUEST_INVALID'],
    ['a text', JSON.stringify(nik), 'REQUEST_INVALID'],
    ['a number', nik, 'REQUEST_INVALID'],
    ['10 MB', JSON.stringify({ ...look, fields: [nik.repeat(625_000)] }), 'BODY_TOO_LARGE'],
    ['100,000 levels', nested(100_000), 'BODY_TOO_LARGE'],
    ['as many levels as fit', nested(32_000), 'REQUEST_INVALID'],
    ['levels inside of a field', `{"nik":${nested(30_000)},"purpose":${JSON.stringify(purpose)}}`, 'REQUEST_INVALID'],
    ['__proto__', `{"__proto__":{"confirmWarnings":true},"nik":"${nik}"}`, 'REQUEST_MALFORMED'],
    ['__proto__ further in', `{"nik":"${nik}","purpose":{"__proto__":{"service":"SKU"}}}`, 'REQUEST_MALFORMED'],
    ['constructor.prototype', `{"constructor":{"prototype":{"x":"${nik}"}}}`, 'REQUEST_MALFORMED'],
  ])('%s', async (_name, body, code) => expectRefusal(await post(body), code));

  test.each<[string, object, ErrorCode, string[]]>([
    ['unknown keys', { ...look, nama: 'x', alamat: 'y' }, 'REQUEST_INVALID', ['']],
    [
      'keys that are a NIK',
      { ...look, [nik]: 1, '3313-0431-0885-9903': 2, '3313 0431 0885 9903': 3 },
      'REQUEST_INVALID',
      [''],
    ],
    ['NIK with a letter', { ...look, nik: '3313O43108859903' }, 'NIK_INVALID', ['nik']],
    ['NIK of 15 digits', { ...look, nik: nik.slice(1) }, 'NIK_INVALID', ['nik']],
    ['NIK of 17 digits', { ...look, nik: `${nik}0` }, 'NIK_INVALID', ['nik']],
    ['NIK of one digit repeated', { ...look, nik: '3'.repeat(16) }, 'NIK_INVALID', ['nik']],
    ['NIK in Arabic digits', { ...look, nik: '٣٣١٣٠٤٣١٠٨٨٥٩٩٠٣' }, 'NIK_INVALID', ['nik']],
    ['an empty NIK', { ...look, nik: '' }, 'NIK_INVALID', ['nik']],
    ['NIK as a number', { ...look, nik: Number(nik) }, 'REQUEST_INVALID', ['nik']],
    ['NIK in a list', { ...look, nik: [nik] }, 'REQUEST_INVALID', ['nik']],
    ['a very long NIK', { ...look, nik: nik.repeat(100) }, 'REQUEST_INVALID', ['nik']],
    ['no NIK', { purpose }, 'REQUEST_INVALID', ['nik']],
    ['NIK with serial 0000', { ...look, nik: '3313041505900000' }, 'NIK_NEEDS_CONFIRMATION', ['nik']],
    ['NIK of 31 February', { ...look, nik: '3313047102999906' }, 'NIK_NEEDS_CONFIRMATION', ['nik']],
    [
      'two warnings, not confirmed',
      { ...look, nik: '0013041513909908', confirmWarnings: false },
      'NIK_NEEDS_CONFIRMATION',
      ['nik', 'nik'],
    ],
    [
      'a confirmation that is a text',
      { ...look, nik: '3313041505900000', confirmWarnings: 'true' },
      'REQUEST_INVALID',
      ['confirmWarnings'],
    ],
    ['no purpose', { nik }, 'PURPOSE_REQUIRED', ['purpose']],
    ['purpose null', { nik, purpose: null }, 'PURPOSE_REQUIRED', ['purpose']],
    ['no purpose, and more that is wrong', { nik: 1 }, 'REQUEST_INVALID', ['nik', 'purpose']],
    ['purpose without service', { nik, purpose: { reference: 'x' } }, 'REQUEST_INVALID', ['purpose.service']],
    ['purpose without reference', { nik, purpose: { service: 'SKU' } }, 'REQUEST_INVALID', ['purpose.reference']],
    ['service that is a NIK', { nik, purpose: { ...purpose, service: nik } }, 'REQUEST_INVALID', ['purpose.service']],
    [
      'reference of blanks',
      { nik, purpose: { ...purpose, reference: '  ' } },
      'REQUEST_INVALID',
      ['purpose.reference'],
    ],
    [
      'reference with a NIK',
      { nik, purpose: { ...purpose, reference: `SKU ${nik}` } },
      'REQUEST_INVALID',
      ['purpose.reference'],
    ],
    [
      'reference with a NIK in groups',
      { nik, purpose: { ...purpose, reference: '3313-0431.0885 9903' } },
      'REQUEST_INVALID',
      ['purpose.reference'],
    ],
    ['fields that are none', { ...look, fields: [] }, 'REQUEST_INVALID', ['fields']],
    ['fields that are a NIK', { ...look, fields: [nik] }, 'FIELD_NOT_GRANTED', ['fields.0']],
    ['an element outside of the nine', { ...look, fields: ['nik', 'agama'] }, 'FIELD_NOT_GRANTED', ['fields.1']],
    ['fields and match', { ...look, fields: ['nik'], match: { alamat: 'x' } }, 'REQUEST_INVALID', ['fields']],
    ['match of nothing', { ...look, match: {} }, 'REQUEST_INVALID', ['match']],
    ['match of a threshold alone', { ...look, match: { threshold: 90 } }, 'REQUEST_INVALID', ['match']],
    ['threshold 0', { ...look, match: { alamat: 'x', threshold: 0 } }, 'REQUEST_INVALID', ['match.threshold']],
    ['threshold 101', { ...look, match: { alamat: 'x', threshold: 101 } }, 'REQUEST_INVALID', ['match.threshold']],
    ['match with an unknown key', { ...look, match: { alamat: 'x', [nik]: 'x' } }, 'REQUEST_INVALID', ['match']],
    [
      'match with a Nomor KK as typed',
      { ...look, match: { noKk: '3313 0412 0315 9902' } },
      'REQUEST_INVALID',
      ['match.noKk'],
    ],
    [
      'match with a day in another order',
      { ...look, match: { tanggalLahir: '31-08-1985' } },
      'REQUEST_INVALID',
      ['match.tanggalLahir'],
    ],
  ])('%s', async (_name, body, code, paths) => {
    const answer = await post(JSON.stringify(body));
    expectRefusal(answer, code);
    expect((answer.body as unknown as Problem).issues?.map(({ path }) => path)).toEqual(paths);
    for (const { message } of (answer.body as unknown as Problem).issues ?? []) expect(message).not.toMatch(english);
  });

  test('a NIK as a number is told why', async () => {
    const answer = await post(`{"nik": ${nik}, "purpose": ${JSON.stringify(purpose)}}`);
    expectRefusal(answer, 'REQUEST_INVALID');
    expect(answer.text).toContain('NIK harus dikirim sebagai teks (string), bukan angka');
  });

  test.each<[string, Record<string, string>]>([
    ['no content type', {}],
    ['XML', { 'content-type': 'application/xml' }],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['JSON of another kind', { 'content-type': 'application/merge-patch+json' }],
    ['a content type that is none', { 'content-type': nik }],
  ])('%s', async (_name, headers) => {
    // a text would get a content type by itself
    const response = await fetch(`${stack.url}${createVerification.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'x-correlation-id': correlationId, ...headers },
      body: new TextEncoder().encode(JSON.stringify(look)),
    });
    const text = await response.text();
    const body = JSON.parse(text) as Record<string, unknown>;
    expectRefusal({ status: response.status, headers: response.headers, body, text }, 'MEDIA_TYPE_UNSUPPORTED');
  });

  // Fastify reads these two by itself, and no route says that it does not take them
  test.each([
    ['a text', { 'content-type': 'text/plain' }],
    ['a form', form],
  ])('%s', async (_name, headers) =>
    expectRefusal(await post(JSON.stringify(look), headers), 'MEDIA_TYPE_UNSUPPORTED'),
  );

  test.each([
    ['is empty', ''],
    ['has a blank', 'kunci satu'],
    ['is too long', 'k'.repeat(201)],
    ['has a letter outside ASCII', 'kunci-\u00e9'],
  ])('an Idempotency-Key that %s', async (_name, key) => {
    const answer = await post(JSON.stringify(look), { ...json, 'idempotency-key': key });
    expectRefusal(answer, 'REQUEST_INVALID');
    expect(answer.body.issues).toEqual([expect.objectContaining({ path: 'Idempotency-Key' })]);
  });

  test('a header that is too large', async () => {
    const answer = await post(JSON.stringify(look), { ...json, 'x-lain': nik.repeat(2_000) });
    expect(answer.status).toBe(431);
    expectNoEcho(answer, nik);
  });

  const expectOwnCorrelationId = async (given: string) => {
    const answer = await post('', { ...json, 'x-correlation-id': given });
    const made = answer.headers.get('x-correlation-id');
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expectProblem(answer, 'REQUEST_MALFORMED', { correlationId: made ?? '' });
    expectNoEcho(answer, given);
  };
  test.each([nik, `NIK.${nik}`, '3313-0431-0885-9903', 'dua kata', 'k'.repeat(65), '-mulai-dengan-setrip'])(
    'the correlation id %s is not taken over',
    expectOwnCorrelationId,
  );
});

/** What zod says when nobody sets its language. */
const english = /invalid|expected|required|unrecognized|too (small|big)/i;

test('a NIK that looks mistyped is asked once it is confirmed, and costs a hit', async () => {
  const other = await stack.addOffice();
  const answer = await stack.verify(await stack.token(other), {
    nik: '3313041505900000',
    purpose,
    confirmWarnings: true,
  });
  expect(answer).toMatchObject({ status: 200, body: { warnings: [{ code: 'SERIAL_ZERO' }], quota: { used: 1 } } });
  expect(await hitsOf(stack, await institutionIdOf(stack, other))).toBe(1);
});

describe('GET /v1/verifications', () => {
  test.each([
    ['limit=0', ['limit']],
    ['limit=501', ['limit']],
    ['limit=1.5', ['limit']],
    ['limit=', ['limit']],
    ['limit=banyak', ['limit']],
    ['limit=1&limit=2', ['limit']],
    ['from=kemarin', ['from']],
    ['from=2026-02-30', ['from']],
    ['to=2026-01-01T00:00:00Z', ['to']],
    ['before=1', ['before']],
    [`operatorId=${nik}`, ['operatorId']],
    [`nik=${nik}`, ['']],
    [`${nik}=1`, ['']],
    ['limit=0&from=x&before=y', ['from', 'limit', 'before']],
  ])('?%s', async (query, paths) => {
    const answer = await send('GET', `${listVerifications.path}?${query}`, { authorization: `Bearer ${token}` });
    expectRefusal(answer, 'REQUEST_INVALID');
    const issues = (answer.body as unknown as Problem).issues ?? [];
    expect(issues.map(({ path }) => path).sort()).toEqual([...paths].sort());
    for (const { message } of issues) expect(message).not.toMatch(english);
  });
});

describe('POST /oauth/token', () => {
  const grant = 'grant_type=client_credentials';
  const ask = (body: string, headers: Record<string, string> = {}) =>
    send('POST', issueToken.path, { ...basic, ...form, ...headers }, body);
  const withSecret = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });

  test.each<[string, string, ErrorCode, string]>([
    ['an unknown grant type', 'grant_type=password', 'GRANT_TYPE_UNSUPPORTED', 'unsupported_grant_type'],
    ['a grant type given twice', `${grant}&${grant}`, 'REQUEST_INVALID', 'invalid_request'],
    ['an operator given twice', `${grant}&operator=loket1&operator=loket2`, 'REQUEST_INVALID', 'invalid_request'],
    ['a scope given twice', `${grant}&scope=a&scope=b`, 'REQUEST_INVALID', 'invalid_request'],
    ['an unknown scope', `${grant}&scope=semua`, 'SCOPE_INVALID', 'invalid_scope'],
    ['a scope that is a NIK', `${grant}&scope=${nik}`, 'SCOPE_INVALID', 'invalid_scope'],
    ['one scope unknown', `${grant}&scope=verifications:read+semua`, 'SCOPE_INVALID', 'invalid_scope'],
    ['an unknown operator', `${grant}&operator=siapa`, 'OPERATOR_UNKNOWN', 'invalid_grant'],
    ['an operator that is a NIK', `${grant}&operator=${nik}`, 'OPERATOR_UNKNOWN', 'invalid_grant'],
    ['an empty operator', `${grant}&operator=`, 'OPERATOR_UNKNOWN', 'invalid_grant'],
    ['a very long operator', `${grant}&operator=${nik.repeat(20)}`, 'REQUEST_INVALID', 'invalid_request'],
    ['secrets in both places', `${grant}&client_id=x&client_secret=${nik}`, 'CLIENT_INVALID', 'invalid_client'],
    ['100 kB', `${grant}&x=${'1'.repeat(100_000)}`, 'BODY_TOO_LARGE', 'invalid_request'],
  ])('%s', async (_name, body, code, error) => {
    const answer = await ask(body);
    expectRefusal(answer, code, true);
    expect(answer.body).toMatchObject({ error, error_description: expect.any(String) });
    expect(answer.body).not.toHaveProperty('access_token');
  });

  test.each<[string, () => Record<string, string>]>([
    ['a wrong secret', () => withSecret(office.client.id, 'salah')],
    ['an unknown client', () => withSecret('siapa', office.client.secret)],
    ['a client that is a NIK', () => withSecret(nik, nik)],
    ['no secret', () => withSecret(office.client.id, '')],
    ['no colon', () => ({ authorization: `Basic ${Buffer.from(nik).toString('base64')}` })],
    ['Basic that is not base64', () => ({ authorization: 'Basic ***' })],
    ['a bearer token', () => ({ authorization: `Bearer ${token}` })],
    ['a broken percent sign', () => withSecret(`%zz${nik}`, 'x')],
  ])('%s', async (_name, credentials) => {
    const answer = await ask(grant, credentials());
    expectRefusal(answer, 'CLIENT_INVALID', true);
    expect(answer.body).toMatchObject({ error: 'invalid_client' });
  });

  // Fastify reads JSON by itself, and the route does not say that it takes forms only (RFC 6749 4.4.2)
  test('JSON', async () => {
    const answer = await ask(JSON.stringify({ grant_type: 'client_credentials' }), json);
    expectRefusal(answer, 'MEDIA_TYPE_UNSUPPORTED', true);
  });
});

describe('addresses and methods', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const paths = [...new Set(allRoutes.map(({ path }) => path))];

  test.each(paths)('%s by another method', async (path) => {
    const served = allRoutes.filter((route) => route.path === path);
    const allowed = served.map(({ method }) => method as string);
    for (const method of methods.filter((one) => !allowed.includes(one))) {
      const answer = await send(method, path.replace(/\{\w+\}/g, institutionId), { authorization: `Bearer ${token}` });
      expectRefusal(answer, 'METHOD_NOT_ALLOWED', path === issueToken.path);
      expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(allowed.sort());
    }
  });

  test.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', `/v1/verifications/${nik}`],
    ['POST', `/v1/verifications/${nik}`],
    ['GET', '/v1/verifications/'],
    ['GET', '//v1/verifications'],
    ['GET', '/V1/Verifications'],
    ['GET', `/v1/lain?nik=${nik}`],
    ['GET', `/v1/admin/institutions/${nik}/lain`],
    ['POST', `/v1/admin/institutions/${nik}/stop/lifting/`],
    ['GET', '/docs/../../package.json'],
    ['GET', '/docs/%2e%2e/%2e%2e/package.json'],
  ])('%s %s', async (method, path) =>
    expectRefusal(await send(method, path, { authorization: `Bearer ${token}` }), 'ROUTE_NOT_FOUND'),
  );

  // Fastify answers this one by itself: no problem, no correlation id, and the address is quoted
  test('an address that cannot be decoded', async () => {
    const response = await fetch(`${stack.url}/v1/%zz${nik}`, { headers: { 'x-correlation-id': correlationId } });
    const text = await response.text();
    const body = JSON.parse(text) as Record<string, unknown>;
    expectRefusal({ status: response.status, headers: response.headers, body, text }, 'ROUTE_NOT_FOUND');
  });
});

describe('repeats under an Idempotency-Key', () => {
  interface Body {
    id?: string;
    code?: string;
    verificationId?: string;
    quota?: { used: number };
  }
  interface World {
    office: Office;
    institutionId: string;
    ask: (key: string | undefined, body?: object) => Promise<Answer<Body>>;
  }
  async function open(change?: (file: Office['file']) => void): Promise<World> {
    const own = await stack.addOffice(change ? { change } : {});
    const ownToken = await stack.token(own);
    return {
      office: own,
      institutionId: await institutionIdOf(stack, own),
      ask: (key, body = look) =>
        stack.verify<Body>(ownToken, body, key === undefined ? {} : { 'idempotency-key': key }),
    };
  }

  test('after the answer: told which look-up it was, without a second hit', async () => {
    const { ask, institutionId: id, office: own } = await open();
    const first = await ask('kunci-1');
    expect(first).toMatchObject({ status: 200, body: { quota: { used: 1 } } });
    const again = await ask('kunci-1');
    expectProblem(again, 'ALREADY_ANSWERED');
    expect(again.body.verificationId).toBe(first.body.id);
    expectNoEcho(again, nik, 'kunci-1', 'BUDI CONTOH');
    expect(await hitsOf(stack, id)).toBe(1);
    expect(await stack.counted(own)).toMatchObject({ hits: 1, requests: 1 });

    expect(await ask('kunci-2')).toMatchObject({ status: 200, body: { quota: { used: 2 } } });
    expect(await ask(undefined)).toMatchObject({ status: 200, body: { quota: { used: 3 } } });
  });

  test.each([
    ['another NIK', { ...look, nik: '3313044107909901' }],
    ['other fields', { ...look, fields: ['alamat'] }],
    ['another purpose', { ...look, purpose: { ...purpose, reference: '500/002/SKU/I/2026' } }],
    ['a comparison', { ...look, match: { namaLengkap: 'BUDI CONTOH' } }],
  ])('with %s: the key is spent on the first', async (_name, other) => {
    const { ask, institutionId: id } = await open();
    expect(await ask('kunci')).toMatchObject({ status: 200 });
    const reused = await ask('kunci', other);
    expectProblem(reused, 'IDEMPOTENCY_KEY_REUSED');
    expectNoEcho(reused, nik);
    expect(await hitsOf(stack, id)).toBe(1);
  });

  test('is counted for each client on its own', async () => {
    const [here, there] = [await open(), await open()];
    expect(await here.ask('kunci')).toMatchObject({ status: 200 });
    expect(await there.ask('kunci')).toMatchObject({ status: 200 });
  });

  // identical ones that arrive together pass each other before one of them is in flight
  test.each([
    ['without a key', undefined],
    ['under one key', 'kunci'],
  ])('20 identical requests in flight %s share one answer and one hit', async (_name, key) => {
    const { ask, institutionId: id, office: own } = await open();
    await stack.control('POST', '/faults', { kind: 'latency', ms: 2_000, userId: own.consumer.userId });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(key)));
    expect(answers.map(({ status, body }) => body.code ?? status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await hitsOf(stack, id)).toBe(1);
    expect(await stack.counted(own)).toMatchObject({ hits: 1, requests: 1 });
  });

  describe('after an attempt that never left', () => {
    let door: Server;
    const sockets = new Set<Socket>();

    afterEach(() => {
      for (const socket of sockets) socket.destroy();
      door.close();
    });

    test('is allowed, and then answered once', async () => {
      // a way to the ministry whose port is shut at first
      door = createServer((socket) => {
        const onward = connect(Number(new URL(stack.stack.sandbox.url).port), '127.0.0.1');
        for (const one of [socket, onward]) sockets.add(one.on('error', () => one.destroy()));
        socket.pipe(onward).pipe(socket);
      });
      const port = await listen(door, 0);
      await new Promise((resolve) => door.close(resolve));
      const { ask, institutionId: id } = await open((file) => {
        if (file.upstream) file.upstream.baseUrl = `http://127.0.0.1:${port}`;
      });

      expectProblem(await ask('kunci'), 'UPSTREAM_UNAVAILABLE');
      const states = () =>
        stack.sql<{ state: string }>(
          'SELECT state FROM verification.hit WHERE institution_id = $1 ORDER BY verification_id',
          [id],
        );
      expect(await states()).toEqual([{ state: 'released' }]);
      expectProblem(await ask('kunci', { ...look, fields: ['alamat'] }), 'IDEMPOTENCY_KEY_REUSED');

      await listen(door, port);
      expect(await ask('kunci')).toMatchObject({ status: 200, body: { quota: { used: 1 } } });
      expectProblem(await ask('kunci'), 'ALREADY_ANSWERED');
      expect(await states()).toEqual([{ state: 'released' }, { state: 'confirmed' }]);
    });
  });
});

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
