import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../../test/support/until.js';
import { KeyFolder } from './key-folder.js';
import { KeyAwayError, KeyDestroyedError, type Key } from './key.js';

let path: string;
/** Two replicas: one folder, each its own memory. */
let here: KeyFolder;
let there: KeyFolder;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
  here = new KeyFolder(path);
  there = new KeyFolder(path);
});
afterEach(() => rm(path, { recursive: true }));

/** How long it takes until the key is no longer found, milliseconds. */
async function goneAfter(folder: KeyFolder, name: string): Promise<number> {
  const began = performance.now();
  await until(async () => (await folder.findKey(name)) === undefined);
  return performance.now() - began;
}

describe('a key', () => {
  test('is made once, by whichever replica comes first', async () => {
    const made = await Promise.all([here, there, here, there].map((folder) => folder.getOrMakeKey('hmac-a')));
    expect(new Set(made.map((key) => key.bytes.toString('hex'))).size).toBe(1);
    expect(await readdir(path)).toEqual(['hmac-a.key']);
  });

  test('that is not there is undefined, and is found as soon as another replica has made it', async () => {
    expect(await here.findKey('hmac-a')).toBeUndefined();
    const made = await there.getOrMakeKey('hmac-a');
    expect((await here.findKey('hmac-a'))?.bytes).toEqual(made.bytes);
  });

  test('is one promise for all who ask while it is trusted, and the same key after the next look', async () => {
    const key = await here.getOrMakeKey('hmac-a');
    const first = here.findKey('hmac-a');
    expect(here.findKey('hmac-a')).toBe(first);
    await until(async () => here.findKey('hmac-a') !== first);
    expect(await here.findKey('hmac-a')).toBe(key);
    expect(key.wiped).toBe(false);
  });

  test('that was in use is not made again while its file is away', async () => {
    const inUse = async () => false;
    await expect(here.getOrMakeKey('hmac-a', inUse)).rejects.toBeInstanceOf(KeyAwayError);
    expect(await readdir(path)).toEqual([]);
    const made = await there.getOrMakeKey('hmac-a');
    expect((await here.getOrMakeKey('hmac-a', inUse)).bytes).toEqual(made.bytes);
    // made, and used, by another replica while this one asks
    await there.destroy('hmac-a');
    const usedSince = async () => (await there.getOrMakeKey('hmac-a')) === undefined;
    const late = await here.getOrMakeKey('hmac-a', usedSince);
    expect((await there.findKey('hmac-a'))?.bytes).toEqual(late.bytes);
  });

  test('has to be 32 bytes, and a file that is not is left alone', async () => {
    await writeFile(join(path, 'hmac-a.key'), 'c2hvcnQ=\n');
    await expect(here.findKey('hmac-a')).rejects.toThrow('does not hold 32 bytes');
    await expect(here.getOrMakeKey('hmac-a')).rejects.toThrow('does not hold 32 bytes');
    expect(await readFile(join(path, 'hmac-a.key'), 'utf8')).toBe('c2hvcnQ=\n');
  });

  test.each(['../hmac', 'HMAC', 'a.b', ''])('cannot be named %j', async (name) => {
    await expect(here.getOrMakeKey(name)).rejects.toThrow('Key names are');
  });
});

describe('a destroyed key', () => {
  test('is gone in the other replica within a second, and its bytes are wiped in both', async () => {
    const keys = [await here.getOrMakeKey('hmac-a'), await there.getOrMakeKey('hmac-a')];
    await here.destroy('hmac-a');
    expect(await here.findKey('hmac-a')).toBeUndefined();
    expect(await goneAfter(there, 'hmac-a')).toBeLessThan(1_000);
    for (const key of keys) expectWiped(key);
  });

  test('is gone within a second as well when its file is removed by hand', async () => {
    const key = await here.getOrMakeKey('hmac-a');
    await rm(join(path, 'hmac-a.key'));
    expect(await goneAfter(here, 'hmac-a')).toBeLessThan(1_000);
    expectWiped(key);
  });

  test('is wiped from a replica that nobody asks for it any more', async () => {
    const [gone, kept] = [await there.getOrMakeKey('hmac-a'), await there.getOrMakeKey('hmac-b')];
    await here.destroy('hmac-a');
    await there.wipeGone();
    expectWiped(gone);
    expect(kept.wiped).toBe(false);
  });

  test('leaves nothing of its file: what else shares its bytes is overwritten, what else has its name is removed', async () => {
    await here.getOrMakeKey('hmac-a');
    await here.getOrMakeKey('hmac-ab');
    const [file, other] = [await readFile(join(path, 'hmac-a.key')), await readFile(join(path, 'hmac-ab.key'))];
    // an interrupted making leaves the first, an interrupted destroying the second
    await link(join(path, 'hmac-a.key'), join(path, 'hmac-a.key.0123456789ab'));
    await writeFile(join(path, 'hmac-a.key.ba9876543210'), file);
    await link(join(path, 'hmac-a.key'), join(path, 'same-bytes'));
    await here.destroy('hmac-a');
    await here.destroy('hmac-a');
    expect((await readdir(path)).sort()).toEqual(['hmac-ab.key', 'same-bytes']);
    const left = await readFile(join(path, 'same-bytes'));
    expect(left).toHaveLength(file.length);
    expect(left.equals(file)).toBe(false);
    expect(await readFile(join(path, 'hmac-ab.key'))).toEqual(other);
  });

  test('is another key when it is made again, if no tombstone forbids that', async () => {
    const before = (await here.getOrMakeKey('seal-a')).bytes.toString('hex');
    await here.destroy('seal-a');
    expect((await here.getOrMakeKey('seal-a')).bytes.toString('hex')).not.toBe(before);
  });
});

describe('a tombstone', () => {
  test('stops the key at once where it was not in memory, and forbids it for ever', async () => {
    await here.getOrMakeKey('hmac-a');
    await here.bury('hmac-a', ['hmac-a']);
    expect(await there.findKey('hmac-a')).toBeUndefined();
    expect(await goneAfter(here, 'hmac-a')).toBeLessThan(1_000);
    await here.destroy('hmac-a');
    for (const folder of [here, there])
      await expect(folder.getOrMakeKey('hmac-a')).rejects.toBeInstanceOf(KeyDestroyedError);
    expect(await readdir(path)).toEqual(['hmac-a.destroyed']);
  });

  test('is seen by a replica that still trusts the key, where it is asked to make it', async () => {
    await there.getOrMakeKey('hmac-a');
    await here.bury('hmac-a', ['hmac-a']);
    await expect(there.getOrMakeKey('hmac-a')).rejects.toBeInstanceOf(KeyDestroyedError);
  });

  test('names what went with it, once, and forgets nothing when it is left again', async () => {
    expect(await here.findTombstone('hmac-a')).toBeUndefined();
    expect(await here.bury('hmac-a', ['hmac-a', 'seal-a-2'])).toEqual(['hmac-a', 'seal-a-2']);
    expect(await there.bury('hmac-a', ['hmac-a', 'seal-a-1'])).toEqual(['hmac-a', 'seal-a-1', 'seal-a-2']);
    expect(await there.findTombstone('hmac-a')).toEqual(['hmac-a', 'seal-a-1', 'seal-a-2']);
  });

  test('wins against those who make the key at the same time', async () => {
    for (let round = 0; round < 40; round += 1) {
      const name = `hmac-${round}`;
      const making = [here, there, here].map((folder) => folder.getOrMakeKey(name).catch((error: unknown) => error));
      // between each step of the making, some of the time
      for (let turn = 0; turn < round % 8; turn += 1) await new Promise(setImmediate);
      await there.bury(name, [name]);
      await there.destroy(name);
      for (const made of await Promise.all(making))
        if (made instanceof Error) expect(made).toBeInstanceOf(KeyDestroyedError);
      expect(await here.findNames(name)).toEqual([]);
      await expect(here.getOrMakeKey(name)).rejects.toBeInstanceOf(KeyDestroyedError);
    }
  });
});

function expectWiped(key: Key): void {
  expect(key.wiped).toBe(true);
  expect(() => key.bytes).toThrow(KeyDestroyedError);
}
