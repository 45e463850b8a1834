import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { faultBeforeConnection, testConnection } from './connection-test.js';

const fixtures = new URL('../../../../test/fixtures/tls/', import.meta.url).pathname;

const servers: Server[] = [];
const sockets = new Set<Socket>();
const received: Buffer[] = [];
let caPem: string;
/** Speaks TLS, with a certificate for localhost and 127.0.0.1 by the CA of the tests. */
let secure: number;
/** Takes connections and says nothing: a black hole to whoever waits for TLS. */
let silent: number;
/** Hangs up at once. */
let rude: number;
/** Was listened on, and is not any more. */
let closed: number;

beforeAll(async () => {
  caPem = await readFile(`${fixtures}ca.pem`, 'utf8');
  const [cert, key] = [await readFile(`${fixtures}server.pem`), await readFile(`${fixtures}server.key`)];
  const inTls = createTlsServer({ cert, key }, (socket) => socket.on('data', (data: Buffer) => received.push(data)));
  inTls.on('tlsClientError', () => undefined);
  secure = await listen(inTls);
  silent = await listen(createTcpServer());
  rude = await listen(createTcpServer((socket) => socket.destroy()));
  const leaving = createTcpServer();
  closed = await listen(leaving);
  await new Promise((resolve) => leaving.close(resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('plain http: a connection is all that there is', async () => {
  expect(await testConnection({ baseUrl: `http://127.0.0.1:${silent}` }, 5_000)).toEqual({
    reachable: true,
    tls: 'none',
    fault: null,
    durationMs: expect.any(Number),
  });
});

test.each(['localhost', '127.0.0.1'])('https at %s: the certificate is verified with the private CA', async (host) => {
  const result = await testConnection({ baseUrl: `https://${host}:${secure}`, caPem }, 5_000);
  expect(result).toMatchObject({ reachable: true, tls: 'verified', fault: null });
  expect(Number.isInteger(result.durationMs)).toBe(true);
  expect(received).toEqual([]);
});

test.each([
  ['without the private CA', {}],
  ['with something that is no CA', { caPem: 'bukan sertifikat' }],
])('a certificate that nobody vouches for is refused: %s', async (_name, ca) => {
  expect(await testConnection({ baseUrl: `https://localhost:${secure}`, ...ca }, 5_000)).toMatchObject({
    reachable: false,
    tls: 'failed',
    fault: 'CERTIFICATE_REJECTED',
  });
});

test('so is one for another name', async () => {
  // another address of this machine, which the certificate does not name
  const other = createTlsServer({
    cert: await readFile(`${fixtures}server.pem`),
    key: await readFile(`${fixtures}server.key`),
  });
  other.on('tlsClientError', () => undefined);
  servers.push(other);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve));
  const port = (other.address() as AddressInfo).port;
  expect(await testConnection({ baseUrl: `https://127.0.0.2:${port}`, caPem }, 5_000)).toMatchObject({
    fault: 'CERTIFICATE_REJECTED',
  });
});

test('a server that hangs up, and one that does not speak TLS, fail in TLS', async () => {
  expect(await testConnection({ baseUrl: `https://127.0.0.1:${rude}`, caPem }, 5_000)).toMatchObject({
    reachable: false,
    tls: 'failed',
    fault: 'TLS_FAILED',
  });
  const http = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  expect(await testConnection({ baseUrl: `https://127.0.0.1:${http}`, caPem }, 5_000)).toMatchObject({
    fault: 'TLS_FAILED',
  });
});

test.each(['http', 'https'])('%s: a port that nobody listens on refuses', async (protocol) => {
  expect(await testConnection({ baseUrl: `${protocol}://127.0.0.1:${closed}` }, 5_000)).toMatchObject({
    reachable: false,
    tls: protocol === 'http' ? 'none' : 'failed',
    fault: 'CONNECTION_REFUSED',
  });
});

test('a name that cannot be is not found', async () => {
  // a label of 64 letters: no name server is needed to know
  expect(await testConnection({ baseUrl: `http://${'a'.repeat(64)}.invalid` }, 5_000)).toMatchObject({
    reachable: false,
    fault: 'NAME_NOT_FOUND',
  });
});

test('a black hole ends with the deadline', async () => {
  const result = await testConnection({ baseUrl: `https://127.0.0.1:${silent}`, caPem }, 200);
  expect(result).toMatchObject({ reachable: false, tls: 'failed', fault: 'TIMEOUT' });
  expect(result.durationMs).toBeGreaterThanOrEqual(190);
  expect(result.durationMs).toBeLessThan(2_000);
});

test.each([
  [['EHOSTUNREACH'], 'NO_ROUTE'],
  [['ENETUNREACH', 'ECONNREFUSED'], 'CONNECTION_REFUSED'],
  [['ENETUNREACH', 'ETIMEDOUT'], 'TIMEOUT'],
  [['EAI_AGAIN'], 'NAME_NOT_FOUND'],
  [['EACCES'], 'OTHER'],
])('%j is told as %s', (codes, fault) => {
  const errors = codes.map((code) => Object.assign(new Error(), { code }));
  expect(faultBeforeConnection(errors.length === 1 ? (errors[0] as Error) : new AggregateError(errors))).toBe(fault);
});
