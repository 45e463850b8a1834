import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { ClientCertificates, readClientCert } from './client-certificate.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/tls/${name}`, import.meta.url), 'utf8');
const pem = fixture('client-one.pem');
const own = new X509Certificate(pem);
const proxys = new X509Certificate(fixture('server.pem'));
const base64 = own.raw.toString('base64');
const thumbprint = createHash('sha256').update(own.raw).digest('base64url');

describe('readClientCert (RFC 9440)', () => {
  test('reads a byte sequence of the DER encoding', () => {
    expect(readClientCert(`:${base64}:`)?.equals(own.raw)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['an empty sequence', '::'],
    ['no colons', base64],
    ['one colon', `:${base64}`],
    ['parameters', `:${base64}:;v=1`],
    ['two of them', `:${base64}:, :${base64}:`],
    ['base64url', `:${own.raw.toString('base64url')}:`],
    ['a blank inside', `:${base64.slice(0, 8)} ${base64.slice(8)}:`],
    ['text', ':bukan sertifikat:'],
    ['bytes that are no certificate', `:${Buffer.from('bukan sertifikat').toString('base64')}:`],
    ['half a certificate', `:${own.raw.subarray(0, 100).toString('base64')}:`],
    ['a certificate and something more', `:${Buffer.concat([own.raw, Buffer.from('x')]).toString('base64')}:`],
    ['PEM, as other proxies send it', `:${Buffer.from(pem).toString('base64')}:`],
    ['PEM, form-encoded', encodeURIComponent(pem)],
  ])('takes %s for none', (_name, value) => expect(readClientCert(value)).toBeUndefined());
});

interface Shown {
  from?: string;
  inTls?: X509Certificate;
  header?: string | string[];
}

const request = ({ from = '10.1.2.3', inTls, header }: Shown) =>
  ({
    raw: { socket: { remoteAddress: from, getPeerX509Certificate: () => inTls } },
    headers: header === undefined ? {} : { 'client-cert': header, 'x-forwarded-for': '10.9.9.9' },
  }) as unknown as FastifyRequest;

describe('findThumbprint', () => {
  const direct = new ClientCertificates({ trustedProxies: [], believeHeader: false });
  const behind = new ClientCertificates({ trustedProxies: ['10.9.9.9', 'fd00::/8'], believeHeader: true });
  const silent = new ClientCertificates({ trustedProxies: ['10.9.9.9'], believeHeader: false });
  const header = `:${base64}:`;

  test.each<[string, ClientCertificates, Shown, string | null]>([
    ['in TLS, without proxies', direct, { inTls: own }, thumbprint],
    ['in TLS, past the proxy', behind, { inTls: own }, thumbprint],
    ['nowhere', direct, {}, null],
    ['in a header, without proxies', direct, { header }, null],
    ['by the proxy', behind, { from: '10.9.9.9', header }, thumbprint],
    ['by the proxy, whose address is written as IPv6', behind, { from: '::ffff:10.9.9.9', header }, thumbprint],
    ['by a proxy of the range', behind, { from: 'fd00::7', header }, thumbprint],
    ['by the proxy, when its header is not believed', silent, { from: '10.9.9.9', header }, null],
    // X-Forwarded-For says that it was the proxy
    ['by somebody else', behind, { header }, null],
    ['by somebody else, beside one of TLS', behind, { inTls: proxys, header }, digest(proxys)],
    ['by nobody that has an address', behind, { from: '', header }, null],
    ['malformed', behind, { from: '10.9.9.9', header: 'x' }, null],
    ['twice', behind, { from: '10.9.9.9', header: [header, header] }, null],
  ])('of a certificate that is shown %s', (_name, certificates, shown, expected) => {
    expect(certificates.findThumbprint(request(shown))).toBe(expected);
  });

  test('never takes the certificate of the proxy for that of an application', () => {
    for (const certificates of [behind, silent])
      expect(certificates.findThumbprint(request({ from: '10.9.9.9', inTls: proxys }))).toBeNull();
  });
});

function digest(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
