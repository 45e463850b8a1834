import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFolder } from '#service';
import { until } from '../../../../test/support/until.js';
import { Pseudonymiser } from './pseudonym.js';

const nik = '3313044107909901';
let path: string;
let keys: KeyFolder;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
  keys = new KeyFolder(path);
  await keys.getOrMakeKey('hmac-a');
  await keys.getOrMakeKey('hmac-b');
});
afterEach(() => rm(path, { recursive: true }));

test('a NIK has one pseudonym under an agreement, in every replica, and another one under another agreement', async () => {
  const pseudonym = (await new Pseudonymiser(keys).of('a')).nik(nik);
  expect((await new Pseudonymiser(new KeyFolder(path)).of('a')).nik(nik)).toEqual(pseudonym);
  expect((await new Pseudonymiser(keys).of('b')).nik(nik)).not.toEqual(pseudonym);
});

test('without the key there is none', async () => {
  await expect(new Pseudonymiser(keys).of('c')).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
});

test('a look-up that is under way while the key is destroyed gets none either, never one under a wiped key', async () => {
  const replica = new Pseudonymiser(new KeyFolder(path));
  const begun = await replica.of('a');
  await keys.destroy('hmac-a');
  await until(async () => {
    const found = await replica.of('a').catch(() => undefined);
    return found === undefined;
  });
  const refused = expect.objectContaining({ code: 'EVIDENCE_UNAVAILABLE' });
  expect(() => begun.nik(nik)).toThrow(refused);
  expect(() => begun.request([nik])).toThrow(refused);
  expect(() => begun.idempotencyKey('uji', 'kunci')).toThrow(refused);
});
