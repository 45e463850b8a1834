import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AgreementKeys, KeyAwayError, KeyFolder } from '#service';
import { PersonVault } from './person-vault.js';

let path: string;
const replica = (hasRows: (agreementId: string) => Promise<boolean> = async () => false) => {
  const folder = new KeyFolder(path);
  const keys = new AgreementKeys(folder);
  return { folder, keys, vault: new PersonVault(folder, keys, hasRows) };
};

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'gerbang-vault-'));
});
afterAll(() => rm(path, { recursive: true }));

const nik = '3399014107909901';
const closed = { code: 'AGREEMENT_CLOSED' };

test('opened as often as you like, also by many at once, it has one key, and each opens what the others sealed', async () => {
  const agreementId = randomUUID();
  const replicas = [replica(), replica(), replica()];
  const opened = await Promise.all([...replicas, ...replicas].map(({ vault }) => vault.open(agreementId)));
  const again = await replicas[0]!.vault.open(agreementId);
  expect(new Set([...opened, again].map(({ keyId }) => keyId))).toEqual(new Set([`seal-${agreementId}-1`]));
  expect((await readdir(path)).filter((name) => name.includes(agreementId))).toHaveLength(2);
  for (const one of opened) {
    const box = one.seal(nik, 'record:1');
    expect(box.includes(nik)).toBe(false);
    expect(await replica().vault.unseal(one.keyId, box, 'record:1')).toBe(nik);
    await expect(replica().vault.unseal(one.keyId, box, 'record:2')).rejects.toThrow();
    const bytes = one.sealBytes(Buffer.from([0, 255, 128]), 'file');
    expect(await replica().vault.unsealBytes(one.keyId, bytes, 'file')).toEqual(Buffer.from([0, 255, 128]));
  }
});

test('the same person is the same HMAC in one agreement and use, and another in every other', async () => {
  const { vault } = replica();
  const [first, second] = [await vault.open(randomUUID()), await vault.open(randomUUID())];
  expect(first.hmac('person', nik)).toEqual(first.hmac('person', nik));
  const others = [first.hmac('request', nik), first.hmac('idempotency-key', nik), second.hmac('person', nik)];
  expect(new Set([first.hmac('person', nik), ...others].map((hmac) => hmac.toString('hex'))).size).toBe(4);
});

test('while a key is away nothing is opened, sealed or recognised with another in its place; when it is back all goes on', async () => {
  for (const kind of ['hmac', 'seal']) {
    const agreementId = randomUUID();
    const { vault, folder } = replica();
    const held = await vault.open(agreementId);
    const box = held.seal(nik, 'record:1');
    const hmac = held.hmac('person', nik);
    const name = kind === 'hmac' ? `hmac-${agreementId}` : held.keyId;
    const file = join(path, `${name}.key`);
    await rename(file, `${file}-away`);
    const other = replica(async (asked) => asked === agreementId);
    const away = { code: 'SERVICE_UNAVAILABLE', cause: expect.any(KeyAwayError) };
    await expect(other.vault.open(agreementId)).rejects.toMatchObject(away);
    expect(await other.vault.canOpen(held.keyId)).toBe(kind === 'hmac');
    if (kind === 'seal') await expect(other.vault.unseal(held.keyId, box, 'record:1')).rejects.toMatchObject(away);
    // also for whoever had it open
    await folder.wipeGone();
    const use = () => (kind === 'hmac' ? held.hmac('person', nik) : held.seal(nik, 'record:1'));
    expect(use).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
    await rename(`${file}-away`, file);
    expect(await other.vault.unseal(held.keyId, box, 'record:1')).toBe(nik);
    expect((await other.vault.open(agreementId)).hmac('person', nik)).toEqual(hmac);
  }
});

test('of a closed agreement nothing can be sealed, and of a destroyed one nothing opened, also by whoever had it open', async () => {
  const agreementId = randomUUID();
  const { vault, keys } = replica();
  const held = await vault.open(agreementId);
  const box = held.seal(nik, 'record:1');
  await keys.close(agreementId);
  await expect(vault.open(agreementId)).rejects.toMatchObject(closed);
  expect(await vault.unseal(held.keyId, box, 'record:1')).toBe(nik);
  await keys.destroyAll(agreementId);
  await expect(vault.unseal(held.keyId, box, 'record:1')).rejects.toMatchObject(closed);
  await expect(vault.unsealBytes(held.keyId, box, 'record:1')).rejects.toMatchObject(closed);
  await expect(vault.open(agreementId)).rejects.toMatchObject(closed);
  expect(() => held.seal(nik, 'record:1')).toThrow(expect.objectContaining(closed));
  expect(() => held.hmac('person', nik)).toThrow(expect.objectContaining(closed));
  expect((await readdir(path)).filter((name) => name.includes(agreementId))).toEqual([`hmac-${agreementId}.destroyed`]);
});
