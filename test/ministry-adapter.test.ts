import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { UpstreamAccess } from '#contracts';
import { start } from '../apps/dukcapil-sandbox/src/start.js';
import { MinistryClient } from '../apps/nik-verification/src/upstream/ministry-client.js';

const tls = new URL('./fixtures/tls/', import.meta.url).pathname;
const consumer = { pathPrefix: '/dukcapil/get_json/33-99/uji', userId: 'UJI', password: 'rahasia', ips: ['10.0.0.10'] };
const question = { nik: '3313044107909901', mode: 'LOOKUP' as const, fields: ['namaLengkap'] as const };
const limits = { connectMs: 2_000, connections: 4 };

let plain: Awaited<ReturnType<typeof start>>;
let secure: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  const SANDBOX_CONSUMERS = JSON.stringify([consumer]);
  plain = await start({ SANDBOX_CONSUMERS });
  secure = await start({
    SANDBOX_CONSUMERS,
    SANDBOX_TLS_CERT_FILE: `${tls}server.pem`,
    SANDBOX_TLS_KEY_FILE: `${tls}server.key`,
  });
});
afterAll(async () => {
  await plain.close();
  await secure.close();
});

const access = (overrides: Partial<UpstreamAccess> = {}): UpstreamAccess => ({
  baseUrl: plain.url,
  lookupPath: `${consumer.pathPrefix}/call_nik`,
  matchPath: `${consumer.pathPrefix}/CALL_VERIFY_BY_ELEMEN`,
  userId: consumer.userId,
  password: consumer.password,
  ip: '10.0.0.10',
  dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
  ...overrides,
});

async function withClient<T>(
  overrides: Partial<UpstreamAccess>,
  work: (client: MinistryClient) => Promise<T>,
): Promise<T> {
  const client = new MinistryClient(access(overrides), limits);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

test.each([
  ['lower case', { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' }],
  ['upper case', { nik: 'NIK', userId: 'USER_ID', password: 'PASSWORD', ip: 'IP_USER' }],
  ['camel case', { nik: 'nik', userId: 'userId', password: 'password', ip: 'ip_address' }],
] as const)('speaks the dialect of the deployment: %s', async (_name, dialect) => {
  const answer = await withClient({ dialect }, (client) => client.ask(question, 5_000));
  expect(answer).toEqual({ kind: 'answer', outcome: 'FOUND', data: { namaLengkap: 'SITI CONTOH' } });
});

test('a private CA is pinned by its PEM', async () => {
  const caPem = await readFile(`${tls}ca.pem`, 'utf8');
  const baseUrl = secure.url.replace('127.0.0.1', 'localhost');
  expect(await withClient({ baseUrl, caPem }, (client) => client.ask(question, 5_000))).toMatchObject({
    outcome: 'FOUND',
  });
  expect(await withClient({ baseUrl, caPem }, (client) => client.probe(5_000))).toBe(true);
});

test('a certificate that nobody vouches for ends the call before it leaves: the hit is given back', async () => {
  expect(await withClient({ baseUrl: secure.url }, (client) => client.ask(question, 5_000))).toEqual({
    kind: 'fault',
    code: 'UPSTREAM_UNAVAILABLE',
    effect: 'failure',
    hit: 'released',
  });
  expect(await withClient({ baseUrl: secure.url }, (client) => client.probe(5_000))).toBe(false);
});

test('a refused connection never left, and is tried once more', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  expect(
    await withClient({ baseUrl: `http://127.0.0.1:${port}` }, (client) => client.ask(question, 5_000)),
  ).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', hit: 'released' });
});

test('a reset after the connection was made may have left: it stays counted and is not tried again', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(
    await withClient({ baseUrl: `http://127.0.0.1:${port}` }, (client) => client.ask(question, 5_000)),
  ).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', hit: 'unknown' });
  expect(connections).toBe(1);
  await new Promise((resolve) => server.close(resolve));
});

test.each([0.4, 37.25, 4_000.75])('a deadline of %d ms is a deadline, whole or not', async (deadlineMs) => {
  const answer = await withClient({}, (client) => client.ask(question, deadlineMs));
  expect(answer.kind === 'answer' ? answer.outcome : answer.code).toMatch(/^(FOUND|UPSTREAM_TIMEOUT)$/);
});

test('a mode without a path is not configured, and nothing is sent', async () => {
  const { matchPath: _, ...onlyLookup } = access();
  const client = new MinistryClient(onlyLookup, limits);
  expect(await client.ask({ ...question, mode: 'MATCH', match: { namaLengkap: 'SITI' } }, 5_000)).toMatchObject({
    code: 'UPSTREAM_NOT_CONFIGURED',
    hit: 'released',
  });
  await client.close();
});

test('every synthetic person comes through as a correct gateway presents it', async () => {
  const people = (await (await fetch(`${plain.url}/_control/people?outcome=FOUND&limit=600`)).json()) as Record<
    string,
    string | null
  >[];
  await withClient({}, async (client) => {
    for (const person of people) {
      const nik = String(person.nik);
      const answer = await client.ask(
        {
          nik,
          mode: 'LOOKUP',
          fields: [
            'noKk',
            'nik',
            'namaLengkap',
            'jenisKelamin',
            'tempatLahir',
            'tanggalLahir',
            'jenisPekerjaan',
            'statusPerkawinan',
          ],
        },
        5_000,
      );
      const { noKk, namaLengkap, jenisKelamin, tempatLahir, tanggalLahir, jenisPekerjaan, statusPerkawinan } = person;
      expect(answer).toEqual({
        kind: 'answer',
        outcome: 'FOUND',
        data: { noKk, nik, namaLengkap, jenisKelamin, tempatLahir, tanggalLahir, jenisPekerjaan, statusPerkawinan },
      });
    }
  });
});
