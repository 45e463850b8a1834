import { Injectable } from '@nestjs/common';
import { In, type Repository } from 'typeorm';
import { UpstreamAccess } from '#contracts';
import { AgreementKeys, AppError, type Key, open, seal } from '#service';
import { UpstreamAccessRow } from '../ledger/entities.js';

/** A sealed access right with its key, which is undefined where it is gone: then nobody can open it any more. */
export interface SealedAccess {
  row: UpstreamAccessRow;
  key: Key | undefined;
}

/** The sealing key was destroyed or lost: what it sealed has to be brought in again. */
class SealingKeyMissingError extends Error {
  override readonly name = 'SealingKeyMissingError';
}

/** The institutions' access rights at the ministry, sealed at rest (O-16): kept, sealed anew, destroyed. */
@Injectable()
export class AccessRights {
  constructor(
    private readonly rows: Repository<UpstreamAccessRow>,
    private readonly keys: AgreementKeys,
  ) {}

  findRow(institutionId: string): Promise<UpstreamAccessRow | null> {
    return this.rows.findOneBy({ institutionId });
  }

  async find(institutionId: string): Promise<SealedAccess | undefined> {
    for (let missing: string | undefined; ;) {
      const row = await this.findRow(institutionId);
      if (!row) return undefined;
      const key = await this.keys.findSealingKey(row.keyId);
      if (key || row.keyId === missing) return { row, key };
      // after the row was read it may have been sealed anew, and the key destroyed: then it has another one by now
      missing = row.keyId;
    }
  }

  /** Which of these institutions still have an access right that can be opened. */
  async filterUsable(institutionIds: string[]): Promise<Set<string>> {
    const rows = await this.rows.findBy({ institutionId: In(institutionIds) });
    const keys = await Promise.all(rows.map((row) => this.keys.findSealingKey(row.keyId)));
    return new Set(rows.filter((_, index) => keys[index]).map((row) => row.institutionId));
  }

  /** @throws {AppError} UPSTREAM_NOT_CONFIGURED when the key is gone */
  open({ row, key }: SealedAccess): UpstreamAccess {
    if (!key || key.wiped) throw new AppError('UPSTREAM_NOT_CONFIGURED', {}, { cause: new SealingKeyMissingError() });
    return UpstreamAccess.parse(JSON.parse(open(key.bytes, row.sealed, row.institutionId)));
  }

  /** @throws {AppError} AGREEMENT_CLOSED */
  async save(institutionId: string, agreementId: string, access: UpstreamAccess): Promise<void> {
    await this.oneAtATime(institutionId, async (rows, before) => {
      const { id, key } = await this.keys.getOrMakeSealingKey(agreementId, before?.keyId);
      const sealed = seal(key.bytes, JSON.stringify(access), institutionId);
      // replicas see that it is another one by this time: it never stands still, whatever the clocks say
      await rows.query(
        `INSERT INTO verification.upstream_access AS access (institution_id, agreement_id, key_id, sealed, configured_at)
         VALUES ($1, $2, $3, $4, clock_timestamp())
         ON CONFLICT (institution_id) DO UPDATE SET agreement_id = excluded.agreement_id, key_id = excluded.key_id,
           sealed = excluded.sealed, configured_at = greatest(excluded.configured_at, access.configured_at + interval '1 millisecond')`,
        [institutionId, agreementId, id, sealed],
      );
    });
  }

  /**
   * Seals it anew under the agreement's next key, then destroys the ones before. The access itself stays the same and so
   * does the time since which it is configured: replicas that have opened it go on undisturbed.
   *
   * @throws {AppError} UPSTREAM_NOT_CONFIGURED
   */
  async rotate(institutionId: string): Promise<{ keyId: string; destroyedKeyIds: string[] }> {
    const { agreementId, keyId } = await this.oneAtATime(institutionId, async (rows, row) => {
      if (!row) throw new AppError('UPSTREAM_NOT_CONFIGURED');
      const access = this.open({ row, key: await this.keys.findSealingKey(row.keyId) });
      const { id, key } = await this.keys.makeNextSealingKey(row.agreementId, row.keyId);
      const sealed = seal(key.bytes, JSON.stringify(access), institutionId);
      const { affected } = await rows.update({ institutionId, keyId: row.keyId }, { keyId: id, sealed });
      if (affected !== 1) throw new Error('the access right was changed in spite of the lock');
      return { agreementId: row.agreementId, keyId: id };
    });
    // only after the commit: until then the old key is the only one that opens it. What a failure leaves here goes with
    // the next rotation
    return { keyId, destroyedKeyIds: await this.keys.destroySealingKeysBefore(agreementId, keyId) };
  }

  /** The end of an agreement: its access right and all its keys. An access right under another agreement stays. */
  async destroy(institutionId: string, agreementId: string): Promise<string[]> {
    // this order, so that a save at the same time either sees that the agreement is closed or has ended before the row goes
    await this.keys.close(agreementId);
    await this.oneAtATime(institutionId, (rows) => rows.delete({ institutionId, agreementId }));
    return this.keys.destroyAll(agreementId);
  }

  /**
   * Whoever changes an institution's access right, in one transaction. The lock on a name holds where there is no row yet;
   * the lock on the row holds against a replica of an older version, which does not know of the name.
   */
  private oneAtATime<T>(
    institutionId: string,
    work: (rows: Repository<UpstreamAccessRow>, row: UpstreamAccessRow | null) => Promise<T>,
  ): Promise<T> {
    return this.rows.manager.transaction(async (manager) => {
      await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('upstream access ' || $1, 0))", [
        institutionId,
      ]);
      const rows = manager.getRepository(UpstreamAccessRow);
      return work(rows, await rows.findOne({ where: { institutionId }, lock: { mode: 'pessimistic_write' } }));
    });
  }
}
