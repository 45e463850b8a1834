import { Injectable } from '@nestjs/common';
import { AppError } from '../app-error.js';
import { KeyAwayError, KeyDestroyedError, type Key } from './key.js';
import { KeyFolder } from './key-folder.js';

export const hmacKeyName = (agreementId: string): string => `hmac-${agreementId}`;

const sealingPrefix = (agreementId: string): string => `seal-${agreementId}-`;
const sealingKeyName = (agreementId: string, n: number): string => `${sealingPrefix(agreementId)}${n}`;

/**
 * The running number of an agreement's sealing key, 0 for what is none of its keys. `seal-1`, which once sealed the access
 * of all institutions, belongs to no agreement: it opens what it sealed and is never destroyed here.
 */
function numberOf(agreementId: string, keyId: string | undefined): number {
  const prefix = sealingPrefix(agreementId);
  return keyId?.startsWith(prefix) && /^\d+$/.test(keyId.slice(prefix.length)) ? Number(keyId.slice(prefix.length)) : 0;
}

export interface SealingKey {
  id: string;
  key: Key;
}

/** The keys of one agreement: one for the HMAC of NIKs, and sealing keys with running numbers, of which the last is used. */
@Injectable()
export class AgreementKeys {
  constructor(private readonly folder: KeyFolder) {}

  /**
   * @param isFirst whether nothing was ever done with the keys of this agreement; asked only where there is none
   * @throws {AppError} AGREEMENT_CLOSED: with a new key in place of a destroyed one the record would say two things of one NIK.
   *   SERVICE_UNAVAILABLE in place of one that is only away
   */
  async ensureHmacKey(agreementId: string, isFirst?: () => Promise<boolean>): Promise<void> {
    const name = hmacKeyName(agreementId);
    await this.folder.getOrMakeKey(name, isFirst).catch((error: unknown) => this.refuse(error, name));
  }

  findSealingKey(id: string): Promise<Key | undefined> {
    return this.folder.findKey(id);
  }

  /**
   * The one sealing key of an agreement that never changes it.
   *
   * @throws {AppError} as {@link ensureHmacKey}
   */
  async getOrMakeFirstSealingKey(agreementId: string, isFirst: () => Promise<boolean>): Promise<SealingKey> {
    const id = sealingKeyName(agreementId, 1);
    const key = await this.folder.findKey(id);
    if (key) return { id, key };
    const made = await this.folder.getOrMakeKey(id, isFirst).catch((error: unknown) => this.refuse(error, id));
    // destroyed between the look at the agreement and the making: no key of it may come back
    if (await this.folder.findTombstone(hmacKeyName(agreementId))) {
      await this.folder.destroy(id);
      throw new AppError('AGREEMENT_CLOSED');
    }
    return { id, key: made };
  }

  /** What to answer where a key in use is not found: AGREEMENT_CLOSED if it was destroyed, SERVICE_UNAVAILABLE if it is away. */
  whyGone(name: string): AppError {
    const agreementId = /^(?:hmac-(.+)|seal-(.+)-\d+)$/.exec(name)?.slice(1).find(Boolean);
    if (agreementId && this.folder.isBuried(hmacKeyName(agreementId))) return new AppError('AGREEMENT_CLOSED');
    return new AppError('SERVICE_UNAVAILABLE', { retryAfter: 30 }, { cause: new KeyAwayError(name) });
  }

  /** The key `inUse` where it is this agreement's, else the next one. */
  async getOrMakeSealingKey(agreementId: string, inUse: string | undefined): Promise<SealingKey> {
    await this.refuseClosed(agreementId);
    const key = inUse && numberOf(agreementId, inUse) > 0 ? await this.folder.findKey(inUse) : undefined;
    return inUse && key ? { id: inUse, key } : this.makeNextSealingKey(agreementId, inUse);
  }

  /** Numbers are never used twice, even where the file of the last one is gone. */
  async makeNextSealingKey(agreementId: string, inUse: string | undefined): Promise<SealingKey> {
    await this.refuseClosed(agreementId);
    const names = await this.folder.findNames(sealingPrefix(agreementId));
    const last = Math.max(0, ...[...names, inUse].map((name) => numberOf(agreementId, name)));
    const id = sealingKeyName(agreementId, last + 1);
    return { id, key: await this.folder.getOrMakeKey(id) };
  }

  /** Destroys the agreement's sealing keys with lower numbers, so never one that a later rotation made. */
  async destroySealingKeysBefore(agreementId: string, id: string): Promise<string[]> {
    const names = await this.folder.findNames(sealingPrefix(agreementId));
    const older = names.filter((name) => numberOf(agreementId, name) < numberOf(agreementId, id));
    for (const name of older) await this.folder.destroy(name);
    return older.sort();
  }

  /** From here on no key of this agreement is made any more, and its HMAC key stops working. */
  async close(agreementId: string): Promise<void> {
    await this.folder.bury(hmacKeyName(agreementId), [hmacKeyName(agreementId)]);
  }

  /** Destroys all keys of a closed agreement. May be repeated. Returns the names of all that were ever destroyed so. */
  async destroyAll(agreementId: string): Promise<string[]> {
    const names = [hmacKeyName(agreementId), ...(await this.folder.findNames(sealingPrefix(agreementId)))];
    // on record before they go: an interrupted attempt and its repetition tell the same
    const all = await this.folder.bury(hmacKeyName(agreementId), names);
    for (const name of names) await this.folder.destroy(name);
    return all;
  }

  private async refuseClosed(agreementId: string): Promise<void> {
    if (await this.folder.findTombstone(hmacKeyName(agreementId))) throw new AppError('AGREEMENT_CLOSED');
  }

  private refuse(error: unknown, name: string): never {
    throw error instanceof KeyDestroyedError || error instanceof KeyAwayError ? this.whyGone(name) : error;
  }
}
