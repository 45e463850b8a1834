import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgreementKeys } from './agreement-keys.js';
import { KeyFolder } from './key-folder.js';
import { KeyAwayError } from './key.js';

const a = '0193b3c4-0000-7000-8000-00000000000a';
const b = '0193b3c4-0000-7000-8000-00000000000b';

let path: string;
let keys: AgreementKeys;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
  keys = new AgreementKeys(new KeyFolder(path));
});
afterEach(() => rm(path, { recursive: true }));

test('sealing keys are numbered from one, each agreement for itself', async () => {
  expect((await keys.getOrMakeSealingKey(a, undefined)).id).toBe(`seal-${a}-1`);
  expect((await keys.getOrMakeSealingKey(b, `seal-${a}-1`)).id).toBe(`seal-${b}-1`);
  expect((await keys.makeNextSealingKey(a, `seal-${a}-1`)).id).toBe(`seal-${a}-2`);
});

test('the key in use stays in use; the shared key of the first version does not', async () => {
  const { key } = await keys.getOrMakeSealingKey(a, 'seal-1');
  expect(await keys.getOrMakeSealingKey(a, `seal-${a}-1`)).toEqual({ id: `seal-${a}-1`, key });
});

test('a number that was used is not used again, even when its file is gone', async () => {
  expect((await keys.makeNextSealingKey(a, `seal-${a}-9`)).id).toBe(`seal-${a}-10`);
  expect((await keys.makeNextSealingKey(a, undefined)).id).toBe(`seal-${a}-11`);
});

test('a rotation destroys what was before its own key, never what came after', async () => {
  for (let n = 1; n <= 11; n += 1) await keys.makeNextSealingKey(a, undefined);
  await keys.getOrMakeSealingKey(b, undefined);
  expect(await keys.destroySealingKeysBefore(a, `seal-${a}-10`)).toHaveLength(9);
  expect((await readdir(path)).sort()).toEqual([`seal-${a}-10.key`, `seal-${a}-11.key`, `seal-${b}-1.key`]);
});

test('keys that were in use and are away are not made again, and what is said of them is not that they were destroyed', async () => {
  const away = { code: 'SERVICE_UNAVAILABLE', cause: expect.any(KeyAwayError) };
  const inUse = async () => false;
  await expect(keys.ensureHmacKey(a, inUse)).rejects.toMatchObject(away);
  await keys.ensureHmacKey(a);
  await expect(keys.getOrMakeFirstSealingKey(a, inUse)).rejects.toMatchObject(away);
  expect(await readdir(path)).toEqual([`hmac-${a}.key`]);
  const { id } = await keys.getOrMakeFirstSealingKey(a, async () => true);
  expect(await keys.getOrMakeFirstSealingKey(a, inUse)).toMatchObject({ id });
  for (const name of [id, `hmac-${a}`, 'seal-1', `seal-${b}-1`]) expect(keys.whyGone(name)).toMatchObject(away);
  await keys.close(a);
  for (const name of [id, `hmac-${a}`]) expect(keys.whyGone(name)).toMatchObject({ code: 'AGREEMENT_CLOSED' });
  for (const name of ['seal-1', `seal-${b}-1`]) expect(keys.whyGone(name)).toMatchObject(away);
});

test('the keys of a closed agreement go together, and no other', async () => {
  for (const agreementId of [a, b]) {
    await keys.ensureHmacKey(agreementId);
    await keys.getOrMakeSealingKey(agreementId, undefined);
  }
  await keys.close(a);
  expect(await keys.destroyAll(a)).toEqual([`hmac-${a}`, `seal-${a}-1`]);
  expect((await readdir(path)).sort()).toEqual([`hmac-${a}.destroyed`, `hmac-${b}.key`, `seal-${b}-1.key`]);
  const closed = { code: 'AGREEMENT_CLOSED' };
  await expect(keys.ensureHmacKey(a)).rejects.toMatchObject(closed);
  await expect(keys.getOrMakeSealingKey(a, undefined)).rejects.toMatchObject(closed);
});
