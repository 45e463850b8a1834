import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';

/** An Idempotency-Key and the request that came with it, both as HMAC. */
export interface UsedKey {
  institutionId: string;
  clientId: string;
  keyHmac: Buffer;
  requestHmac: Buffer;
}

@Injectable()
export class IdempotencyKeys {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async find({
    institutionId,
    clientId,
    keyHmac,
  }: UsedKey): Promise<{ requestHmac: Buffer; recordId: string } | undefined> {
    const { rows } = await this.pool.query<{ requestHmac: Buffer; recordId: string }>(
      `SELECT request_hmac AS "requestHmac", record_id AS "recordId" FROM balikan.idempotency
       WHERE institution_id = $1 AND client_id = $2 AND key_hmac = $3`,
      [institutionId, clientId, keyHmac],
    );
    return rows[0];
  }

  /** False where it was used before; of two at once the second waits for how the first ends. */
  async take(client: pg.ClientBase, key: UsedKey, recordId: string): Promise<boolean> {
    const { rowCount } = await client.query(
      `INSERT INTO balikan.idempotency (institution_id, client_id, key_hmac, request_hmac, record_id, created_at)
       VALUES ($1, $2, $3, $4, $5, balikan.clock()) ON CONFLICT DO NOTHING`,
      [key.institutionId, key.clientId, key.keyHmac, key.requestHmac, recordId],
    );
    return rowCount === 1;
  }

  async point(client: pg.ClientBase, key: UsedKey, recordId: string): Promise<void> {
    await client.query(
      `UPDATE balikan.idempotency SET record_id = $4 WHERE institution_id = $1 AND client_id = $2 AND key_hmac = $3`,
      [key.institutionId, key.clientId, key.keyHmac, recordId],
    );
  }

  /** Keys are kept for two days. Returns how many went, at most `most`. */
  async deleteOld(most: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM balikan.idempotency WHERE (institution_id, client_id, key_hmac) IN (
         SELECT institution_id, client_id, key_hmac FROM balikan.idempotency
         WHERE created_at < balikan.clock() - interval '2 days' LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [most],
    );
    return rowCount ?? 0;
  }
}
