import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SealingKey } from './sealing-key.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('replicas that come first at the same time agree, and leave no drafts', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => new SealingKey(join(folder, 'new')).get()));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
  expect(await readdir(join(folder, 'new'))).toEqual(['seal.key']);
  expect((await stat(join(folder, 'new', 'seal.key'))).mode & 0o777).toBe(0o600);
});

test('what one replica sealed another opens, in the same context only', async () => {
  const box = await new SealingKey(folder).seal('rahasia', 'totp:a');
  expect(box.toString('latin1')).not.toContain('rahasia');
  expect(await new SealingKey(folder).open(box, 'totp:a')).toBe('rahasia');
  await expect(new SealingKey(folder).open(box, 'totp:b')).rejects.toThrow();
});

test('a file that holds no key stops it and is left as it is', async () => {
  await writeFile(join(folder, 'seal.key'), 'rusak');
  await expect(new SealingKey(folder).get()).rejects.toThrow('32 bytes');
  expect(await readFile(join(folder, 'seal.key'), 'utf8')).toBe('rusak');
});

test('each purpose has a key of its own, the same in every replica', async () => {
  const [one, again, other] = await Promise.all([
    new SealingKey(folder).derive('a'),
    new SealingKey(folder).derive('a'),
    new SealingKey(folder).derive('b'),
  ]);
  expect(one).toEqual(again);
  expect(one).not.toEqual(other);
  expect(one).not.toEqual(await new SealingKey(folder).get());
});
