import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Batch, BatchPage, decideBatch, listBatches, listRowFaults, RowFaultPage, RpcInput } from '#contracts';
import { AppError, takeFitting } from '#service';
import { batchView, faultView, type StoredBatch, type StoredFault } from './batch-view.js';
import { ChunkStore } from './chunk-store.js';
import { inTransaction } from '#service';
import { lockBatch } from './uploads.js';

const conflict = (message: string): AppError => new AppError('STATE_CONFLICT', { issues: [{ path: '', message }] });

/** What an office can see of its files, and decide about them. */
@Injectable()
export class Batches {
  constructor(
    private readonly pool: Pool,
    private readonly store: ChunkStore,
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async get(institutionId: string, id: string): Promise<StoredBatch> {
    const { rows } = await this.pool.query<StoredBatch>(
      'SELECT * FROM balikan.batch WHERE id = $1 AND institution_id = $2',
      [id, institutionId],
    );
    if (!rows[0]) throw new AppError('RESOURCE_NOT_FOUND');
    return rows[0];
  }

  /** Newest first. A page ends early where one message would not hold it. */
  async list({ institutionId, query: { limit, before } }: RpcInput<typeof listBatches>): Promise<BatchPage> {
    const { rows } = await this.pool.query<StoredBatch>(
      `SELECT * FROM balikan.batch WHERE institution_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [institutionId, before ?? null, limit + 1],
    );
    const batches = takeFitting(rows.slice(0, limit).map(batchView));
    return { batches, next: batches.length < rows.length ? (batches.at(-1)?.id ?? null) : null };
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async faults({ institutionId, id, query: { limit, after } }: RpcInput<typeof listRowFaults>): Promise<RowFaultPage> {
    await this.get(institutionId, id);
    const { rows } = await this.pool.query<StoredFault>(
      `SELECT n, row, cell_column, field, code, value_class FROM balikan.batch_fault
       WHERE batch_id = $1 AND n > $2 ORDER BY n LIMIT $3`,
      [id, after, limit + 1],
    );
    const faults = takeFitting(rows.slice(0, limit).map(faultView));
    return { faults, next: faults.length < rows.length ? (rows[faults.length - 1]?.n ?? null) : null };
  }

  /**
   * Whoever works on the file loses it by the new attempt, and what it has not committed is gone: a decision and a commit
   * cannot both succeed.
   *
   * @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT
   */
  async decide({ institutionId, id, decision }: RpcInput<typeof decideBatch>): Promise<Batch> {
    return inTransaction(this.pool, async (client) => {
      const batch = await lockBatch(client, institutionId, id);
      if (decision === 'CANCEL') {
        if (batch.state === 'CANCELLED') return batchView(batch);
        if (!['RECEIVING', 'QUEUED', 'CHECKING', 'HELD'].includes(batch.state))
          throw conflict('Berkas ini sudah selesai diproses.');
        // expires_at: housekeeping erases it now
        const { rows } = await client.query<StoredBatch>(
          `UPDATE balikan.batch SET state = 'CANCELLED', cancel_asked = true, attempt = attempt + 1, held_until = NULL,
             finished_at = balikan.clock(), expires_at = balikan.clock()
           WHERE id = $1 RETURNING *`,
          [id],
        );
        return batchView(rows[0] as StoredBatch);
      }
      if (batch.state !== 'HELD') throw conflict('Berkas ini tidak sedang menunggu keputusan.');
      if (batch.chunks === 0) throw conflict('Berkas ini sudah dihapus. Unggah lagi.');
      await this.store.erase(client, id, 'RESULT');
      const { rows } = await client.query<StoredBatch>(
        `UPDATE balikan.batch SET state = 'QUEUED', policy = 'GOOD_ROWS', attempt = attempt + 1, failures = 0,
           held_until = NULL, finished_at = NULL, result_chunks = 0, rows = 0, percent = 0, notes = '{}',
           checked = 0, accepted = 0, already_there = 0, refused = 0, held_back = 0, faults = 0
         WHERE id = $1 RETURNING *`,
        [id],
      );
      return batchView(rows[0] as StoredBatch);
    });
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND; STATE_CONFLICT while there is none; AGREEMENT_CLOSED */
  async readResult(institutionId: string, id: string, n: number): Promise<{ bytes: string; last: boolean }> {
    const batch = await this.get(institutionId, id);
    if (batch.result_chunks === 0) throw conflict('Berkas hasil belum ada atau sudah dihapus.');
    if (n >= batch.result_chunks) throw new AppError('RESOURCE_NOT_FOUND');
    const bytes = await this.store.find({ id, keyId: batch.key_id }, 'RESULT', n);
    if (!bytes) throw conflict('Berkas hasil belum ada atau sudah dihapus.');
    return { bytes: bytes.toString('base64'), last: n === batch.result_chunks - 1 };
  }
}
