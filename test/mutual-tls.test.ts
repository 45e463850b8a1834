import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect as connectPlainly } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { assertionType } from '../apps/gateway/src/tokens/client-credentials.js';
import { AssertionForge, ClientKey } from './support/assertion-forge.js';
import { BareGateway, Ground, type Got, type Sent } from './support/bare-gateway.js';
import { until } from './support/until.js';

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/tls/${name}`, import.meta.url), 'utf8');
const path = (name: string): string => new URL(`./fixtures/tls/${name}`, import.meta.url).pathname;

/** How an application connects: a connection of its own, and with its certificate. */
const ca = fixture('ca.pem');
const shown = (name: string): https.RequestOptions => ({
  ca,
  cert: fixture(`client-${name}.pem`),
  key: fixture(`client-${name}.key`),
  agent: false,
});
const one = shown('one');
const two = shown('two');
const none: https.RequestOptions = { ca, agent: false };
const derOf = (name: string): Buffer => new X509Certificate(fixture(`client-${name}.pem`)).raw;
const thumbprint = (name: string): string => createHash('sha256').update(derOf(name)).digest('base64url');

const key = ClientKey.make('EdDSA', 'ed');
const secret = { client_id: 'biasa', client_secret: 'satu' };
const strict = { client_id: 'ketat', client_secret: 'satu' };

let ground: Ground;
let gateway: BareGateway;
let plain: BareGateway;
let behindProxy: BareGateway;

beforeAll(async () => {
  ground = await Ground.create();
  await ground.addClient('biasa', { secrets: ['satu'] });
  await ground.addClient('ketat', { secrets: ['satu'], certificateRequired: true });
  await ground.addClient('bertanda', { jwks: { keys: [key.jwk] }, certificateRequired: true });
  gateway = await BareGateway.start(ground, {
    GATEWAY_TLS_CERT_FILE: path('server.pem'),
    GATEWAY_TLS_KEY_FILE: path('server.key'),
  });
  plain = await BareGateway.start(ground);
  behindProxy = await BareGateway.start(ground, {
    GATEWAY_TRUSTED_PROXIES: '127.0.3.1',
    GATEWAY_CLIENT_CERT_HEADER: 'true',
  });
});
afterAll(async () => {
  await Promise.all([gateway.close(), plain.close(), behindProxy.close()]);
  await ground.drop();
});

async function token(form: Record<string, string>, sent: Sent = {}, at = gateway): Promise<string> {
  const answer = await at.ask(form, sent);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.access_token as string;
}

const use = (bearer: string, sent: Sent = {}, at = gateway): Promise<Got> =>
  at.send('GET', '/v1/access-rights', { ...sent, headers: { ...sent.headers, authorization: `Bearer ${bearer}` } });

const refused = { status: 401, body: { code: 'CERTIFICATE_REQUIRED' } };

test('the gateway serves TLS itself, and asks nobody for a certificate', async () => {
  expect(gateway.url).toMatch(/^https:/);
  const bearer = await token(secret, { tls: none });
  expect(decodeJwt(bearer)).not.toHaveProperty('cnf');
  expect(await use(bearer, { tls: none })).toMatchObject({ status: 200 });
});

describe('a token that was asked for with a certificate (RFC 8705)', () => {
  test('names it, and is taken only together with it', async () => {
    const bearer = await token(secret, { tls: one });
    expect(decodeJwt(bearer).cnf).toEqual({ 'x5t#S256': thumbprint('one') });
    expect(await use(bearer, { tls: one })).toMatchObject({ status: 200 });
    for (const tls of [none, two]) expect(await use(bearer, { tls })).toMatchObject(refused);
    const answer = await use(bearer, {}, plain);
    expect(answer).toMatchObject(refused);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  test('is for an application that signs, too', async () => {
    const forge = new AssertionForge('bertanda', `${gateway.url}/oauth/token`, key);
    const form = { client_assertion_type: assertionType, client_assertion: await forge.make() };
    const bearer = await token(form, { tls: two });
    expect(await use(bearer, { tls: two })).toMatchObject({ status: 200 });
    expect(await use(bearer, { tls: one })).toMatchObject(refused);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is good over %s: kept alive, and resumed', async (version) => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, minVersion: version, maxVersion: version });
    const sockets: TLSSocket[] = [];
    agent.on('free', (socket: TLSSocket) => sockets.push(socket));
    const tls = { ...one, agent };
    const bearer = await token(secret, { tls });
    for (let i = 0; i < 3; i += 1) expect(await use(bearer, { tls })).toMatchObject({ status: 200 });
    expect(new Set(sockets).size).toBe(1);
    const session = await sessionOf({ ...one, minVersion: version, maxVersion: version } as ConnectionOptions);
    // the session alone, without the certificate: the handshake before has shown who holds the key
    const resumed = { ca, session, agent: false, minVersion: version, maxVersion: version } as https.RequestOptions;
    expect(await use(bearer, { tls: resumed })).toMatchObject({ status: 200 });
    agent.destroy();
  });

  test('is not to be had by resuming a connection without one', async () => {
    const bearer = await token(secret, { tls: one });
    const session = await sessionOf(none as ConnectionOptions);
    expect(await use(bearer, { tls: { ...none, session } as https.RequestOptions })).toMatchObject(refused);
  });
});

/** A session of the gateway that a later connection may take up. */
async function sessionOf(options: ConnectionOptions): Promise<Buffer> {
  const socket = connect({ ...options, port: gateway.port, host: '127.0.0.1' });
  try {
    return await new Promise((resolve, reject) => {
      // of TLS 1.3 the first is for this connection, and comes with the first bytes
      socket.on('session', resolve).on('error', reject);
      socket.on('secureConnect', () => socket.write('GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n'));
    });
  } finally {
    socket.destroy();
  }
}

describe('a client that must show a certificate', () => {
  test('gets no token without one, and that goes on record', async () => {
    const before = gateway.refusals.length;
    const answer = await gateway.ask(strict, { tls: none });
    expect(answer).toMatchObject({ ...refused, body: { ...refused.body, error: 'invalid_client' } });
    expect(answer.headers['www-authenticate']).toBe('Basic realm="gerbang-paten"');
    expect(gateway.refusals.slice(before)).toEqual(['CERTIFICATE_REQUIRED']);
    expect(await plain.ask(strict)).toMatchObject(refused);
    const bearer = await token(strict, { tls: one });
    expect(await use(bearer, { tls: one })).toMatchObject({ status: 200 });
  });

  test('is told so only with the right secret', async () => {
    const answer = await gateway.ask({ ...strict, client_secret: 'salah' }, { tls: none });
    expect(answer.body).toMatchObject({ code: 'CLIENT_INVALID' });
  });

  test('cannot go on with a token from before', async () => {
    await ground.addClient('diperketat', { secrets: ['satu'] });
    const bearer = await token({ client_id: 'diperketat', client_secret: 'satu' }, { tls: none });
    await ground.sql("UPDATE access.client SET certificate_required = true WHERE id = 'diperketat'");
    // the facts of the decision are trusted for 400 ms
    await until(async () => (await use(bearer, { tls: none })).status !== 200);
    for (const tls of [none, one]) expect(await use(bearer, { tls })).toMatchObject(refused);
  });
});

describe('behind a proxy that takes TLS off (RFC 9440)', () => {
  const header = (name: string) => ({ 'client-cert': `:${derOf(name).toString('base64')}:` });
  const proxy = '127.0.3.1';

  test('the certificate of its header counts, for each request anew', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const over = (headers: Record<string, string>) => ({ headers, from: proxy, tls: { agent } });
    const bearer = await token(strict, over(header('one')), behindProxy);
    expect(decodeJwt(bearer).cnf).toEqual({ 'x5t#S256': thumbprint('one') });
    expect(await use(bearer, over(header('one')), behindProxy)).toMatchObject({ status: 200 });
    expect(await use(bearer, over(header('two')), behindProxy)).toMatchObject(refused);
    expect(await use(bearer, over({}), behindProxy)).toMatchObject(refused);
    // the same token, the same certificate, without the proxy
    expect(await use(bearer, { tls: one })).toMatchObject({ status: 200 });
    agent.destroy();
  });

  test.each([
    ['from somebody who is not the proxy', '127.0.3.2', header('one')],
    ['from somebody who says to be the proxy', '127.0.3.2', { ...header('one'), 'x-forwarded-for': proxy }],
    ['that is malformed', proxy, { 'client-cert': derOf('one').toString('base64') }],
    ['of nothing', proxy, { 'client-cert': '::' }],
  ])('a header %s is no certificate', async (_name, from, headers) => {
    expect(await behindProxy.ask(strict, { from, headers })).toMatchObject(refused);
    expect(decodeJwt(await token(secret, { from, headers }, behindProxy))).not.toHaveProperty('cnf');
  });

  test('no header is believed unless it was configured', async () => {
    expect(await plain.ask(strict, { headers: header('one') })).toMatchObject(refused);
    expect(await gateway.ask(strict, { headers: header('one'), tls: none })).toMatchObject(refused);
  });
});

describe('at the port of TLS', () => {
  const overTls = async (request: string, options: ConnectionOptions = {}): Promise<string> => {
    const socket = connect({ ca, ...options, port: gateway.port, host: '127.0.0.1' });
    socket.on('secureConnect', () => socket.write(request));
    return text(socket);
  };

  test('faults before any route are answered as elsewhere', async () => {
    expect(await overTls('bukan HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"REQUEST_MALFORMED"/);
    const huge = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`;
    expect(await overTls(huge)).toMatch(/^HTTP\/1\.1 431 [^]*"HEADERS_TOO_LARGE"/);
    const address = await overTls('GET /%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(address).toMatch(/^HTTP\/1\.1 404 [^]*"ROUTE_NOT_FOUND"/);
  });

  test('TLS 1.1 is refused', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(overTls('', old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  test('who speaks without TLS is cut off, and nobody else', async () => {
    const socket = connectPlainly(gateway.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await text(socket).catch(() => '')).toBe('');
    expect(await gateway.ask(secret, { tls: none })).toMatchObject({ status: 200 });
  });
});
