import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  publicJwk: JWK;
}

/**
 * Ed25519 keys of the tokens, as files that the gateway replicas share. Time is cut into periods, and each period has its
 * key (`<period>.jwk`), made by whoever comes first. The next period's key is published ahead, and the last one's stays
 * until its tokens have run out, so that rotation is never noticed.
 */
@Injectable()
export class SigningKeys {
  private readonly loaded = new Map<string, SigningKey>();

  constructor(
    private readonly folder: string,
    private readonly periodMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  async current(): Promise<SigningKey> {
    return this.getOrMake(this.period());
  }

  /** RFC 7517: the last, the present and the next key. */
  async publicKeys(): Promise<SigningKey[]> {
    const period = this.period();
    const last = await this.find(String(period - 1));
    return [...(last ? [last] : []), await this.getOrMake(period), await this.getOrMake(period + 1)];
  }

  /** The key of a token, if it is one of those that still count. */
  async findVerifier(kid: string): Promise<SigningKey | undefined> {
    const period = this.period();
    if (![period - 1, period, period + 1].map(String).includes(kid)) return undefined;
    return this.find(kid);
  }

  /** Private keys of periods long past are of no use to anybody but a thief. */
  async removeOld(): Promise<void> {
    const period = this.period();
    for (const file of await readdir(this.folder)) {
      const kid = /^(\d+)\.jwk$/.exec(file)?.[1];
      if (kid && Number(kid) < period - 1) {
        await unlink(join(this.folder, file)).catch(() => undefined);
        this.loaded.delete(kid);
      }
    }
  }

  private period(): number {
    return Math.floor(this.now() / this.periodMs);
  }

  private async getOrMake(period: number): Promise<SigningKey> {
    const kid = String(period);
    const found = await this.find(kid);
    if (found) return found;
    await mkdir(this.folder, { recursive: true });
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const draft = join(this.folder, `${kid}.${randomBytes(6).toString('hex')}.draft`);
    await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, join(this.folder, `${kid}.jwk`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await unlink(draft);
    }
    const made = await this.find(kid);
    if (!made) throw new Error(`signing key ${kid} cannot be read back`);
    return made;
  }

  private async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.loaded.get(kid);
    if (known) return known;
    const text = await readFile(join(this.folder, `${kid}.jwk`), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const { d, ...publicPart } = JSON.parse(text) as JWK;
    if (!d) throw new Error(`signing key ${kid} holds no private key`);
    const publicJwk = { ...publicPart, kid, alg: 'EdDSA', use: 'sig' };
    const key = {
      kid,
      privateKey: (await importJWK({ ...publicPart, d }, 'EdDSA')) as CryptoKey,
      publicKey: (await importJWK(publicPart, 'EdDSA')) as CryptoKey,
      publicJwk,
    };
    this.loaded.set(kid, key);
    return key;
  }
}
