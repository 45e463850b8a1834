import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SigningKeys } from './signing-keys.js';
import { tokenLifetime, Tokens } from './tokens.js';

const periodMs = 7 * 86_400_000;
const period = 3_000;

let folder: string;
let clock: { now: number };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
  clock = { now: period * periodMs };
});
afterEach(() => rm(folder, { recursive: true }));

const replica = (): SigningKeys => new SigningKeys(folder, periodMs, () => clock.now);
const files = async (): Promise<string[]> => (await readdir(folder)).sort();
const names = (...periods: number[]): string[] => periods.map((one) => `${one}.jwk`);

test('publishes the present and the next key; the last one too, once there is one', async () => {
  const keys = replica();
  expect((await keys.publicKeys()).map(({ kid }) => kid)).toEqual(['3000', '3001']);
  clock.now += periodMs;
  expect((await keys.publicKeys()).map(({ kid }) => kid)).toEqual(['3000', '3001', '3002']);
  clock.now += periodMs;
  expect((await keys.publicKeys()).map(({ kid }) => kid)).toEqual(['3001', '3002', '3003']);
});

test('signs with the very key that was published ahead', async () => {
  const keys = replica();
  const ahead = (await keys.publicKeys())[1]?.publicJwk;
  clock.now += periodMs;
  const current = await keys.current();
  expect(current.kid).toBe('3001');
  expect(current.publicJwk).toEqual(ahead);
});

test('publishes Ed25519 keys for signing, never the private part', async () => {
  for (const { publicJwk, kid } of await replica().publicKeys()) {
    expect(publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid, alg: 'EdDSA', use: 'sig' });
    expect(publicJwk).not.toHaveProperty('d');
  }
});

test('a token of the last moment of a period is good for its whole life', async () => {
  clock.now += periodMs - 1;
  const issuing = new Tokens(replica(), 'gerbang-paten', () => clock.now);
  const token = await issuing.issue({
    clientId: 'uji',
    operatorId: null,
    scopes: ['access-rights:read'],
    certificate: null,
  });
  clock.now += tokenLifetime * 1_000 - 1_000;
  // another gateway, which was not there when the token was made
  const verifying = new Tokens(replica(), 'gerbang-paten', () => clock.now);
  expect(await verifying.verify(token)).toMatchObject({ clientId: 'uji' });
});

test('a key counts for the period after its own, and not longer', async () => {
  const keys = replica();
  await keys.current();
  clock.now += 2 * periodMs - 1;
  expect(await keys.findVerifier('3000')).toMatchObject({ kid: '3000' });
  clock.now += 1;
  expect(await keys.findVerifier('3000')).toBeUndefined();
});

test.each(['', '2998', '3002', '03000', '3000.0', '../keys/3000', 'x'])('does not know the kid %j', async (kid) => {
  const keys = replica();
  await keys.publicKeys();
  await writeFile(join(folder, '2998.jwk'), await readFile(join(folder, '3000.jwk')));
  expect(await keys.findVerifier(kid)).toBeUndefined();
});

test('replicas that start together agree on every key, and leave nothing else behind', async () => {
  const published = await Promise.all(Array.from({ length: 10 }, () => replica().publicKeys()));
  const [first, ...others] = published.map((keys) => keys.map(({ publicJwk }) => publicJwk));
  for (const other of others) expect(other).toEqual(first);
  expect(await files()).toEqual(names(3000, 3001));
});

test('what one replica signs, another verifies, across a change of periods', async () => {
  const [one, other] = [replica(), replica()].map((keys) => new Tokens(keys, 'gerbang-paten', () => clock.now));
  for (let i = 0; i < 4; i += 1) {
    const token = await one?.issue({ clientId: `uji-${i}`, operatorId: null, scopes: [], certificate: null });
    expect(await other?.verify(token ?? '')).toMatchObject({ clientId: `uji-${i}` });
    clock.now += periodMs / 2;
  }
});

test('removes keys of periods long past, and nothing else', async () => {
  const keys = replica();
  for (let i = 0; i < 4; i += 1) {
    await keys.publicKeys();
    clock.now += periodMs;
  }
  clock.now -= periodMs;
  await writeFile(join(folder, 'catatan.txt'), '');
  expect(await files()).toEqual([...names(3000, 3001, 3002, 3003, 3004), 'catatan.txt']);
  await keys.removeOld();
  expect(await files()).toEqual([...names(3002, 3003, 3004), 'catatan.txt']);
  expect(await keys.findVerifier('3001')).toBeUndefined();
  await keys.removeOld();
});

test('key files are for this user alone', async () => {
  await replica().current();
  expect((await stat(join(folder, '3000.jwk'))).mode & 0o777).toBe(0o600);
});

test('a file without a private key is an error, not a key', async () => {
  const { publicJwk } = await replica().current();
  await writeFile(join(folder, '3001.jwk'), JSON.stringify(publicJwk));
  clock.now += periodMs;
  await expect(replica().current()).rejects.toThrow('holds no private key');
});
