import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '#service';
import { loadConfig } from './config.js';

const fixture = (name: string): string => new URL(`../../../test/fixtures/tls/${name}`, import.meta.url).pathname;
const needed = {
  GATEWAY_NATS_URL: 'nats://127.0.0.1:4222',
  GATEWAY_NATS_USER: 'gateway',
  GATEWAY_NATS_PASSWORD: 'tidak-dipakai',
  GATEWAY_DATABASE_HOST: '127.0.0.1',
  GATEWAY_DATABASE_NAME: 'gerbang',
  GATEWAY_DATABASE_USER: 'gateway',
  GATEWAY_DATABASE_PASSWORD: 'tidak-dipakai',
  GATEWAY_KEY_DIR: '/var/lib/gerbang',
};
const files = { GATEWAY_TLS_CERT_FILE: fixture('server.pem'), GATEWAY_TLS_KEY_FILE: fixture('server.key') };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig({ ...needed, ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('TLS', () => {
  test('is off by default', () => {
    expect(loadConfig(needed)).toMatchObject({ clientCertHeader: false, trustedProxies: [], publicUrls: [] });
    expect(loadConfig(needed).tls).toBeUndefined();
  });

  test('takes certificate and key from files', () => {
    expect(loadConfig({ ...needed, ...files }).tls).toEqual({
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('PRIVATE KEY'),
    });
  });

  test.each<[string, Record<string, string>, (string | RegExp)[]]>([
    ['a certificate alone', { GATEWAY_TLS_CERT_FILE: files.GATEWAY_TLS_CERT_FILE }, ['GATEWAY_TLS_KEY: is required']],
    ['a key alone', { GATEWAY_TLS_KEY_FILE: files.GATEWAY_TLS_KEY_FILE }, ['GATEWAY_TLS_CERT: is required']],
    [
      'files that are not there',
      { GATEWAY_TLS_CERT_FILE: '/tidak/ada', GATEWAY_TLS_KEY_FILE: '/tidak/ada' },
      ['GATEWAY_TLS_CERT_FILE: cannot be read (ENOENT)', 'GATEWAY_TLS_KEY_FILE: cannot be read (ENOENT)'],
    ],
    [
      'the wrong way round',
      { GATEWAY_TLS_CERT_FILE: files.GATEWAY_TLS_KEY_FILE, GATEWAY_TLS_KEY_FILE: files.GATEWAY_TLS_CERT_FILE },
      [/^GATEWAY_TLS_CERT: is no certificate/, /^GATEWAY_TLS_KEY: is no private key/],
    ],
    [
      'a key of another certificate',
      { ...files, GATEWAY_TLS_KEY_FILE: fixture('client-one.key') },
      ['GATEWAY_TLS_KEY: does not belong to GATEWAY_TLS_CERT'],
    ],
    [
      'faults elsewhere, too',
      { GATEWAY_TLS_CERT_FILE: files.GATEWAY_TLS_CERT_FILE, GATEWAY_PORT: 'x', GATEWAY_PUBLIC_URLS: 'gerbang' },
      [/^GATEWAY_PORT: /, 'GATEWAY_PUBLIC_URLS: must be http or https URLs', 'GATEWAY_TLS_KEY: is required'],
    ],
  ])('refuses %s', (_name, environment, expected) => {
    const faults = [...faultsOf(environment)].sort();
    expect(faults).toHaveLength(expected.length);
    expected.forEach((fault, at) => expect(faults[at]).toMatch(fault));
    // a fault never quotes a value: it may be a key
    expect(faults.join()).not.toMatch(/BEGIN|tidak-dipakai/);
  });
});

describe('the certificate in a header', () => {
  test('is believed only from proxies that are named', () => {
    const proxy = { GATEWAY_CLIENT_CERT_HEADER: 'true', GATEWAY_TRUSTED_PROXIES: '10.1.2.3, fd00::/8' };
    expect(loadConfig({ ...needed, ...proxy })).toMatchObject({
      clientCertHeader: true,
      trustedProxies: ['10.1.2.3', 'fd00::/8'],
    });
    expect(faultsOf({ GATEWAY_CLIENT_CERT_HEADER: 'true' })).toHaveLength(1);
  });

  test.each(['yes', '1', 'TRUE '])('%j is not a yes', (value) => {
    expect(faultsOf({ GATEWAY_CLIENT_CERT_HEADER: value, GATEWAY_TRUSTED_PROXIES: '10.1.2.3' })).toHaveLength(1);
  });

  test.each(['loopback', '10.1.2', '10.1.2.3/33', 'proxy.example'])('%j is no proxy', (value) => {
    expect(faultsOf({ GATEWAY_TRUSTED_PROXIES: value })).toEqual([
      'GATEWAY_TRUSTED_PROXIES: must be addresses or ranges like 10.1.2.0/24',
    ]);
  });
});

describe('where agents of readers reach the bus', () => {
  const serversOf = (environment: Record<string, string>) =>
    loadConfig({ ...needed, ...environment }).readers.address.servers;

  test('is said, or is this machine', () => {
    expect(serversOf({})).toEqual(['nats://127.0.0.1:4222']);
    expect(serversOf({ GATEWAY_NATS_URL: 'nats://nats:4222' })).toEqual([]);
    expect(serversOf({ GATEWAY_NATS_URL: 'nats://127.0.0.1:1,nats://10.1.2.3:4222' })).toEqual([]);
    const GATEWAY_READER_BUS_URLS = 'tls://gerbang.example:4222';
    expect(serversOf({ GATEWAY_NATS_URL: 'nats://nats:4222', GATEWAY_READER_BUS_URLS })).toEqual([
      GATEWAY_READER_BUS_URLS,
    ]);
  });

  test.each(['nats://gerbang.example:4222', 'nats://127.0.0.1.example:4222', 'http://127.0.0.1', 'nats://10.1.2.3'])(
    '%j would be without TLS',
    (url) =>
      expect(faultsOf({ GATEWAY_READER_BUS_URLS: url })).toEqual([
        'GATEWAY_READER_BUS_URLS: must be tls:// URLs; nats:// for this machine alone',
      ]),
  );

  test.each(['nats://127.0.0.1:4222', 'nats://localhost:4222', 'nats://[::1]:4222'])('%j is this machine', (url) =>
    expect(serversOf({ GATEWAY_READER_BUS_URLS: url })).toEqual([url]),
  );
});

test('a simulator is no reader, unless that is said', () => {
  expect(loadConfig(needed).readers.simulated).toBe(false);
  expect(loadConfig({ ...needed, GATEWAY_SIMULATED_READERS: 'true' }).readers.simulated).toBe(true);
});

describe('the page where receipts are checked', () => {
  const faults = ['GATEWAY_RECEIPT_URL: must be an https URL without user or fragment'];

  test('is none by default', () => {
    expect(loadConfig(needed).receipts).toEqual({ url: undefined });
    const url = 'https://gerbang.example/bukti';
    expect(loadConfig({ ...needed, GATEWAY_RECEIPT_URL: url }).receipts).toEqual({ url });
  });

  test.each([
    'gerbang.example/bukti',
    'http://gerbang.example/bukti',
    'https://gerbang.example/bukti#kode',
    'https://a@gerbang.example/',
    `https://gerbang.example/${'x'.repeat(150)}`,
  ])('%j is none', (url) => expect(faultsOf({ GATEWAY_RECEIPT_URL: url })).toEqual(faults));
});
