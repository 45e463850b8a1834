import { AppError } from '#service';
import type { PersonVault } from '../people/person-vault.js';
import { recordContext } from '../people/record-context.js';
import type { SentRecord } from './ministry-record.js';
import type { Turns } from './turns.js';

/** So many records in one statement: none takes longer than the database lets it. */
const pageSize = 10_000;
/** So many in memory. */
const readSize = 2_000;

export interface PackedRecord extends SentRecord {
  id: string;
  keyId: string;
  sealedNik: Buffer;
  salt: Buffer;
  verificationId: string;
}

const columns = `id, key_id AS "keyId", sealed_nik AS "sealedNik", salt, verification_id AS "verificationId",
  register_number AS "nomorRegister", business_name AS "namaUsaha", business_type AS "jenisUsaha",
  kbli_code AS "kodeKbli", kbli_version AS "versiKbli", register_date::text AS tanggal`;

/** What waits again, from now on. */
const waiting = `state = 'WAITING', media_package_id = NULL, due_at = balikan.clock(), strikes = 0`;

/** The records of packages: how they come in, and how they go out again. */
export class PackedRecords {
  private readings = 0;

  constructor(private readonly turns: Turns) {}

  /**
   * Takes what waits or is dead and no worker has in hand, oldest register date first, of every agreement of the institution:
   * what was owed under one that has ended is still owed. A row that a worker is just claiming or settling is passed over and
   * stays in the outbox, and so does one whose key is destroyed.
   *
   * @returns how many
   */
  async pack(packageId: string, institutionId: string, most: number, vault: PersonVault): Promise<number> {
    const keyIds = await this.findKeys(institutionId, vault);
    let packed = 0;
    while (packed < most) {
      const page = Math.min(pageSize, most - packed);
      const { rowCount } = await this.turns.query(
        `WITH taken AS (
           SELECT id FROM balikan.record
           WHERE institution_id = $1 AND key_id = ANY ($2) AND state IN ('WAITING', 'DEAD')
             AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
           ORDER BY register_date, id LIMIT $4 FOR UPDATE SKIP LOCKED)
         UPDATE balikan.record SET state = 'PACKED', media_package_id = $3, claimed_until = NULL
         FROM taken WHERE record.id = taken.id`,
        [institutionId, keyIds, packageId, page],
      );
      packed += rowCount ?? 0;
      if (!rowCount) break;
    }
    return packed;
  }

  /** Keys of what is undelivered, without those that are destroyed: of each, one box is opened. */
  private async findKeys(institutionId: string, vault: PersonVault): Promise<string[]> {
    const { rows } = await this.turns.query<Pick<PackedRecord, 'id' | 'keyId' | 'sealedNik'>>(
      `SELECT DISTINCT ON (key_id) id, key_id AS "keyId", sealed_nik AS "sealedNik" FROM balikan.record
       WHERE institution_id = $1 AND state IN ('WAITING', 'DEAD') ORDER BY key_id, id`,
      [institutionId],
    );
    const keyIds: string[] = [];
    for (const { id, keyId, sealedNik } of rows) {
      try {
        await vault.unseal(keyId, sealedNik, recordContext(id));
        keyIds.push(keyId);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'AGREEMENT_CLOSED') throw error;
      }
    }
    return keyIds;
  }

  /** All of a package, by register date; may be read several times, and changed while it is read. */
  async *read(packageId: string): AsyncGenerator<PackedRecord[]> {
    const cursor = `packed_${++this.readings}`;
    await this.turns.query(
      `DECLARE ${cursor} NO SCROLL CURSOR FOR
       SELECT ${columns} FROM balikan.record WHERE media_package_id = '${packageId}' AND state = 'PACKED'
       ORDER BY register_date, id`,
    );
    for (;;) {
      const { rows } = await this.turns.query<PackedRecord>(`FETCH ${readSize} FROM ${cursor}`);
      if (rows.length === 0) break;
      yield rows;
    }
    await this.turns.query(`CLOSE ${cursor}`);
  }

  /** How many records of the package have each of these register keys. */
  async countByRegister(packageId: string, registerKeys: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let at = 0; at < registerKeys.length; at += pageSize) {
      const { rows } = await this.turns.query<{ key: string; count: number }>(
        `SELECT register_key AS key, count(*)::int AS count FROM balikan.record
         WHERE media_package_id = $1 AND register_key = ANY ($2) GROUP BY register_key`,
        [packageId, registerKeys.slice(at, at + pageSize)],
      );
      for (const { key, count } of rows) counts.set(key, count);
    }
    return counts;
  }

  /** They wait again. Returns how many. */
  async refuse(packageId: string, registerKeys: readonly string[]): Promise<number> {
    let refused = 0;
    for (let at = 0; at < registerKeys.length; at += pageSize) {
      const { rowCount } = await this.turns.query(
        `UPDATE balikan.record SET ${waiting}, failure = 'REFUSED_ON_MEDIA'
         WHERE media_package_id = $1 AND state = 'PACKED' AND register_key = ANY ($2)`,
        [packageId, registerKeys.slice(at, at + pageSize)],
      );
      refused += rowCount ?? 0;
    }
    return refused;
  }

  /** Done: their NIK is erased (O-15). */
  async handOver(ids: readonly string[]): Promise<number> {
    const { rowCount } = await this.turns.query(
      `UPDATE balikan.record SET state = 'HANDED_OVER', sealed_nik = NULL, delivered_at = balikan.clock(),
         receipt = 'MEDIA', failure = NULL
       WHERE id = ANY ($1) AND state = 'PACKED'`,
      [ids],
    );
    return rowCount ?? 0;
  }

  async release(packageId: string): Promise<number> {
    let released = 0;
    for (;;) {
      const { rowCount } = await this.turns.query(
        `UPDATE balikan.record SET ${waiting}
         WHERE id IN (SELECT id FROM balikan.record WHERE media_package_id = $1 AND state = 'PACKED' LIMIT ${pageSize})`,
        [packageId],
      );
      if (!rowCount) return released;
      released += rowCount;
    }
  }
}
