import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AgreementKeys,
  hmacKeyName,
  KeyDestroyedError,
  KeyFolder,
  open,
  openBytes,
  seal,
  sealBytes,
  type Key,
} from '#service';

/** What one agreement's keys do; to be used at once and not kept, because keys may be destroyed at any time. */
export interface OpenVault {
  /** Key that {@link seal} uses. */
  readonly keyId: string;
  /** HMAC-SHA-256; `purpose` keeps what is made for one use from being compared with another. */
  hmac(purpose: 'person' | 'idempotency-key' | 'request' | 'file', text: string): Buffer;
  /** AES-256-GCM; `context` must be the same when it is opened. */
  seal(text: string, context: string): Buffer;
  sealBytes(bytes: Buffer, context: string): Buffer;
}

/** NIKs, files and addresses at rest: sealed and recognised with keys of the agreement that are outside the database. */
@Injectable()
export class PersonVault {
  /**
   * @param hasRows whether there is anything of an agreement: only one that has none is given keys. A new key in place of one that
   *   is away (not mounted, not restored yet) would not recognise what is there already, and whatever it seals would be lost as
   *   soon as the old one is back. Whoever has lost it for good closes the agreement.
   */
  constructor(
    private readonly folder: KeyFolder,
    private readonly keys: AgreementKeys,
    private readonly hasRows: (agreementId: string) => Promise<boolean>,
  ) {}

  /**
   * @throws {AppError} AGREEMENT_CLOSED when the agreement's keys are destroyed; SERVICE_UNAVAILABLE when one of them is not
   *   there although it was used
   */
  async open(agreementId: string): Promise<OpenVault> {
    const isFirst = async () => !(await this.hasRows(agreementId));
    await this.keys.ensureHmacKey(agreementId, isFirst);
    const hmacName = hmacKeyName(agreementId);
    const [hmacKey, { id: keyId, key: sealingKey }] = await Promise.all([
      this.folder.findKey(hmacName),
      this.keys.getOrMakeFirstSealingKey(agreementId, isFirst),
    ]);
    if (!hmacKey) throw this.keys.whyGone(hmacName);
    return {
      keyId,
      hmac: (purpose, text) =>
        this.use(hmacKey, hmacName, (bytes) => createHmac('sha256', bytes).update(`${purpose}\n${text}`).digest()),
      seal: (text, context) => this.use(sealingKey, keyId, (bytes) => seal(bytes, text, context)),
      sealBytes: (content, context) => this.use(sealingKey, keyId, (bytes) => sealBytes(bytes, content, context)),
    };
  }

  /** @throws {AppError} AGREEMENT_CLOSED when the key is destroyed; SERVICE_UNAVAILABLE when it is not there */
  async unseal(keyId: string, box: Buffer, context: string): Promise<string> {
    const key = await this.keyOf(keyId);
    return this.use(key, keyId, (bytes) => open(bytes, box, context));
  }

  async unsealBytes(keyId: string, box: Buffer, context: string): Promise<Buffer> {
    const key = await this.keyOf(keyId);
    return this.use(key, keyId, (bytes) => openBytes(bytes, box, context));
  }

  async canOpen(keyId: string): Promise<boolean> {
    return (await this.keys.findSealingKey(keyId)) !== undefined;
  }

  private async keyOf(keyId: string): Promise<Key> {
    const key = await this.keys.findSealingKey(keyId);
    if (!key) throw this.keys.whyGone(keyId);
    return key;
  }

  /** A key may go between the moment it was found and the moment it is used. */
  private use<T>(key: Key, name: string, work: (bytes: Buffer) => T): T {
    let bytes: Buffer;
    try {
      ({ bytes } = key);
    } catch (error) {
      throw error instanceof KeyDestroyedError ? this.keys.whyGone(name) : error;
    }
    return work(bytes);
  }
}
