import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, hmacKeyName, KeyFolder } from '#service';

/** What stands for a NIK wherever it must be matched: HMAC-SHA-256 under the agreement's key (an unkeyed hash of a NIK is reversed in seconds). */
export interface Pseudonyms {
  nik(nik: string): Buffer;
  /** The number of the case: evidence names it by this, and forgets it with the key. */
  reference(reference: string): Buffer;
  /** One look-up as it is asked: who, whom, what for, which elements. Equal ones in flight share a hit. */
  request(parts: unknown): Buffer;
  idempotencyKey(clientId: string, key: string): Buffer;
}

@Injectable()
export class Pseudonymiser {
  constructor(private readonly keys: KeyFolder) {}

  /**
   * Its methods throw the same when the key is destroyed in between.
   *
   * @throws {AppError} EVIDENCE_UNAVAILABLE when the agreement's key is not there: without it no evidence, no look-up
   */
  async of(agreementId: string): Promise<Pseudonyms> {
    const key = await this.keys.findKey(hmacKeyName(agreementId));
    const mac = (domain: string, text: string) => {
      if (!key || key.wiped) throw noKey();
      return createHmac('sha256', key.bytes).update(`${domain}\0${text}`).digest();
    };
    if (!key) throw noKey();
    return {
      nik: (nik) => mac('nik', nik),
      reference: (reference) => mac('reference', reference),
      request: (parts) => mac('request', JSON.stringify(parts)),
      idempotencyKey: (clientId, idempotencyKey) => mac('idempotency', `${clientId}\0${idempotencyKey}`),
    };
  }
}

const noKey = () => new AppError('EVIDENCE_UNAVAILABLE', {}, { cause: new Error('no HMAC key for this agreement') });
