import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { open, seal } from '../sealed-box.js';

const fileName = 'seal.key';
const keyBytes = 32;

/**
 * The key under which the gateway seals what its tables hold but a stolen table must not tell: 32 random bytes, base64, in a
 * file that the replicas share. Whoever comes first makes it; what it sealed cannot be read without it.
 */
@Injectable()
export class SealingKey {
  private loaded: Buffer | undefined;

  constructor(private readonly folder: string) {}

  /** @throws when the file cannot be read or made, or holds no key: a wrong key is never replaced by a new one */
  async get(): Promise<Buffer> {
    this.loaded ??= (await this.find()) ?? (await this.make());
    return this.loaded;
  }

  /** @param context what the text belongs to; it must be the same when it is opened */
  async seal(text: string, context: string): Promise<Buffer> {
    return seal(await this.get(), text, context);
  }

  /** @throws when key, context or bytes are not the ones that were sealed */
  async open(box: Buffer, context: string): Promise<string> {
    return open(await this.get(), box, context);
  }

  /** A key of its own for another purpose (RFC 5869); 32 bytes. */
  async derive(purpose: string): Promise<Buffer> {
    return Buffer.from(hkdfSync('sha256', await this.get(), '', purpose, keyBytes));
  }

  private async make(): Promise<Buffer> {
    await mkdir(this.folder, { recursive: true });
    const draft = join(this.folder, `${fileName}.${randomBytes(6).toString('hex')}.draft`);
    await writeFile(draft, randomBytes(keyBytes).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
    try {
      // of several replicas that come first, one file wins, and it is complete when it has its name
      await link(draft, join(this.folder, fileName));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await unlink(draft);
    }
    const made = await this.find();
    if (!made) throw new Error(`${fileName} cannot be read back`);
    return made;
  }

  private async find(): Promise<Buffer | undefined> {
    const text = await readFile(join(this.folder, fileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const key = Buffer.from(text.trim(), 'base64');
    if (key.length !== keyBytes) throw new Error(`${fileName} does not hold a key of ${keyBytes} bytes`);
    return key;
  }
}
