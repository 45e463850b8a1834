import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Key, KeyAwayError, KeyDestroyedError } from './key.js';

/** How long a key is trusted before its file is looked at again, milliseconds: a destroyed one is gone everywhere within a second. */
const trustMs = 400;

interface Look {
  at: number;
  key: Promise<Key | undefined>;
}

/**
 * 32-byte keys as files, outside the database: whoever has the database alone can neither tell a NIK from its HMAC nor
 * open the ministry's access right. Replicas share the folder and look at a file again before they trust its key for
 * longer than 400 ms, so a key that is destroyed (or whose file is removed by hand) stops working in all of them within a
 * second, without a restart. Where a key must never come back, a tombstone `<name>.destroyed` stays: it stops the key even
 * while its file is there, and lists the names of all keys that went with it.
 */
export class KeyFolder {
  private readonly looks = new Map<string, Look>();
  /** Keys in memory, whose bytes are wiped when their file is gone. */
  private readonly held = new Map<string, Key>();

  constructor(private readonly folder: string) {}

  /** The key, or undefined where there is none. While it is trusted this is one promise for all who ask. */
  findKey(name: string): Promise<Key | undefined> {
    const look = this.looks.get(name);
    return look && performance.now() - look.at < trustMs ? look.key : this.lookAgain(name);
  }

  /**
   * Makes the key unless there is one; of two replicas that try at once, one makes it and both get the same.
   *
   * @param isFirst asked before it is made; no: it was in use before, and its file is only away
   * @throws {KeyDestroyedError} when a tombstone has this name
   * @throws {KeyAwayError}
   */
  async getOrMakeKey(name: string, isFirst: () => Promise<boolean> = async () => true): Promise<Key> {
    // not what is trusted for a moment longer: another replica may just have destroyed it
    const found = await this.lookAgain(name);
    if (found) return found;
    if (await this.findTombstone(name)) throw new KeyDestroyedError();
    if (!(await isFirst())) {
      // another replica may have made it since, and used it
      const late = await this.lookAgain(name);
      if (late) return late;
      throw new KeyAwayError(name);
    }
    const draft = this.beside(this.path(name));
    await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, this.path(name));
    } catch (error) {
      // ENOENT: destroying took the draft along
      if (!hasCode(error, 'EEXIST') && !(hasCode(error, 'ENOENT') && (await this.findTombstone(name)))) throw error;
    } finally {
      await rm(draft, { force: true });
    }
    await this.syncFolder();
    // the look sees file before tombstone, destroying leaves the tombstone before it removes the file: one sees the other
    const made = await this.lookAgain(name);
    if (made) return made;
    if (!(await this.findTombstone(name))) throw new Error(`Key ${name} cannot be read back`);
    await this.destroy(name);
    throw new KeyDestroyedError();
  }

  /** Names of keys that begin so, those included of which an interruption left only pieces. */
  async findNames(prefix: string): Promise<string[]> {
    const names = (await readdir(this.folder)).map((file) => /^([a-z0-9-]+)\.key(\.[0-9a-f]+)?$/.exec(file)?.[1]);
    return [...new Set(names)].filter((name) => name?.startsWith(prefix)) as string[];
  }

  /** Names of the keys that went with this one, or undefined where there is no tombstone. */
  async findTombstone(name: string): Promise<string[] | undefined> {
    const text = await readUnlessMissing(this.path(name, 'destroyed'));
    return text?.toString('utf8').split('\n').filter(Boolean);
  }

  /** The same at once, for who has no time to wait. A folder that cannot be read has none. */
  isBuried(name: string): boolean {
    return existsSync(this.path(name, 'destroyed'));
  }

  /** Leaves word that this key is never made again, and of the names that go with it. Returns all that are on record. */
  async bury(name: string, names: readonly string[]): Promise<string[]> {
    const all = [...new Set([...((await this.findTombstone(name)) ?? []), ...names])].sort();
    const path = this.path(name, 'destroyed');
    const draft = this.beside(path);
    await writeFile(draft, `${all.join('\n')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, path);
    await this.syncFolder();
    return all;
  }

  /**
   * Overwrites and removes the key's file, and what an interrupted attempt left of it. May be repeated. The overwriting is
   * no promise: copy-on-write file systems, SSDs and snapshots may keep the old bytes, and backups surely do.
   */
  async destroy(name: string): Promise<void> {
    const path = this.path(name);
    // out of sight at once, so that nobody reads a file that is half overwritten
    await rename(path, this.beside(path)).catch(unlessMissing);
    const pieces = (await readdir(this.folder)).filter((file) => file.startsWith(`${name}.key.`));
    for (const piece of pieces) await overwriteAndRemove(join(this.folder, piece));
    await this.syncFolder();
    this.looks.delete(name);
    this.forget(name);
  }

  /** Wipes keys that were destroyed elsewhere and that nobody here asks for any more. */
  async wipeGone(): Promise<void> {
    if (this.held.size === 0) return;
    const files = new Set(await readdir(this.folder));
    for (const name of [...this.held.keys()])
      if (!files.has(`${name}.key`) || files.has(`${name}.destroyed`)) await this.lookAgain(name);
  }

  private lookAgain(name: string): Promise<Key | undefined> {
    const look: Look = { at: performance.now(), key: this.read(name, this.looks.get(name)?.key) };
    this.looks.set(name, look);
    const drop = () => {
      if (this.looks.get(name) === look) this.looks.delete(name);
    };
    look.key.then((key) => key ?? drop(), drop);
    return look.key;
  }

  private async read(name: string, earlier: Promise<unknown> | undefined): Promise<Key | undefined> {
    await earlier?.catch(() => undefined);
    const file = await readUnlessMissing(this.path(name));
    const held = this.held.get(name);
    if (!file || (await this.findTombstone(name))) return this.forget(name);
    if (held?.isIn(file)) {
      file.fill(0);
      return held;
    }
    this.forget(name);
    const key = Key.parse(name, file);
    this.held.set(name, key);
    return key;
  }

  private forget(name: string): undefined {
    this.held.get(name)?.wipe();
    this.held.delete(name);
  }

  private async syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  private path(name: string, kind: 'key' | 'destroyed' = 'key'): string {
    if (!/^[a-z0-9-]+$/.test(name)) throw new Error('Key names are lower case letters, digits and dashes');
    return join(this.folder, `${name}.${kind}`);
  }

  private beside(path: string): string {
    return `${path}.${randomBytes(6).toString('hex')}`;
  }
}

async function overwriteAndRemove(path: string): Promise<void> {
  const file = await open(path, 'r+').catch(unlessMissing);
  if (!file) return;
  try {
    const { size } = await file.stat();
    await file.write(randomBytes(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await rm(path, { force: true });
}

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

function unlessMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

const readUnlessMissing = (path: string): Promise<Buffer | undefined> => readFile(path).catch(unlessMissing);
