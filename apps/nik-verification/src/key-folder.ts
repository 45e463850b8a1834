import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * 32-byte keys as files, outside the database: whoever has the database alone can neither tell a NIK from its HMAC nor
 * open the ministry's access right. Replicas share the folder. To destroy a key, delete its file and restart.
 */
export class KeyFolder {
  private readonly cache = new Map<string, Buffer>();

  constructor(private readonly folder: string) {}

  /** The key, or undefined where there is none. */
  async findKey(name: string): Promise<Buffer | undefined> {
    const cached = this.cache.get(name);
    if (cached) return cached;
    const text = await readFile(this.path(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const key = Buffer.from(text.trim(), 'base64');
    if (key.length !== 32) throw new Error(`Key ${name} does not hold 32 bytes`);
    this.cache.set(name, key);
    return key;
  }

  /** Makes the key unless there is one; of two replicas that try at once, one makes it and both get the same. */
  async getOrMakeKey(name: string): Promise<Buffer> {
    const found = await this.findKey(name);
    if (found) return found;
    const draft = `${this.path(name)}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, this.path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await unlink(draft);
    }
    const made = await this.findKey(name);
    if (!made) throw new Error(`Key ${name} cannot be read back`);
    return made;
  }

  private path(name: string): string {
    if (!/^[a-z0-9-]+$/.test(name)) throw new Error('Key names are lower case letters, digits and dashes');
    return join(this.folder, `${name}.key`);
  }
}
