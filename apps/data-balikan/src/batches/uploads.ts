import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import {
  chunkBytes,
  uploadLimits,
  type beginUpload,
  type finishUpload,
  type RpcInput,
  type uploadChunk,
} from '#contracts';
import { AppError } from '#service';
import { PersonVault } from '../people/person-vault.js';
import type { StoredBatch } from './batch-view.js';
import { ChunkStore } from './chunk-store.js';
import { inTransaction } from '#service';

/** Files of one institution that are on their way or wait to be checked. */
const mostOpen = 50;
/** Many more than a file of full pieces has. */
const mostPieces = 4_000;

export interface UploadOptions {
  /** How long a file and its marked-up copy are kept. */
  keepHours: number;
}

const conflict = (message: string): AppError => new AppError('STATE_CONFLICT', { issues: [{ path: '', message }] });

/** A file on its way in: begun, handed over in pieces, and sealed with its hash. From then on it is checked, whatever happens. */
@Injectable()
export class Uploads {
  constructor(
    private readonly pool: Pool,
    private readonly vault: PersonVault,
    private readonly store: ChunkStore,
    private readonly options: UploadOptions,
  ) {}

  /** @throws {AppError} OVERLOADED, AGREEMENT_CLOSED */
  async begin({ actor, policy }: RpcInput<typeof beginUpload>): Promise<string> {
    const { keyId } = await this.vault.open(actor.agreementId);
    const id = uuidv7();
    return inTransaction(this.pool, async (client) => {
      // two at once would both find a place for the last one
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `uploads of ${actor.institutionId}`,
      ]);
      const { rows } = await client.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM balikan.batch
         WHERE institution_id = $1 AND state IN ('RECEIVING', 'QUEUED', 'CHECKING')`,
        [actor.institutionId],
      );
      if ((rows[0]?.open ?? 0) >= mostOpen) throw new AppError('OVERLOADED', { retryAfter: 60 });
      await client.query(
        `INSERT INTO balikan.batch (id, institution_id, agreement_id, actor, policy, state, key_id, created_at, expires_at)
         SELECT $1, $2, $3, $4, $5, 'RECEIVING', $6, now, now + make_interval(hours => $7) FROM balikan.clock() AS now`,
        [id, actor.institutionId, actor.agreementId, actor, policy, keyId, this.options.keepHours],
      );
      return id;
    });
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT, BODY_TOO_LARGE, AGREEMENT_CLOSED */
  async put({ institutionId, id, n, bytes }: RpcInput<typeof uploadChunk>): Promise<void> {
    const piece = Buffer.from(bytes, 'base64');
    if (piece.length > chunkBytes || n >= mostPieces) throw new AppError('BODY_TOO_LARGE');
    await inTransaction(this.pool, async (client) => {
      const batch = await lockBatch(client, institutionId, id);
      if (batch.state !== 'RECEIVING') throw conflict('Berkas ini sudah selesai diunggah atau dibatalkan.');
      const vault = await this.vault.open(batch.agreement_id);
      // one key opens the whole file
      if (vault.keyId !== batch.key_id) throw conflict('Kunci sudah diganti. Unggah berkas dari awal.');
      const sizes = await this.store.sizes(id, 'FILE', client);
      if (n > sizes.length) throw new AppError('BODY_TOO_LARGE');
      sizes[n] = piece.length;
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (total > uploadLimits.bytes) throw new AppError('BODY_TOO_LARGE');
      await this.store.put(client, vault, id, 'FILE', n, piece);
      await client.query('UPDATE balikan.batch SET chunks = $2, bytes = $3 WHERE id = $1', [id, sizes.length, total]);
    });
  }

  /**
   * Compares what came with what was sent, and commits it. May be repeated.
   *
   * @throws {AppError} RESOURCE_NOT_FOUND, AGREEMENT_CLOSED; STATE_CONFLICT when pieces are missing or differ
   */
  async finish({ institutionId, id, chunks, bytes, sha256 }: RpcInput<typeof finishUpload>): Promise<StoredBatch> {
    return inTransaction(this.pool, async (client) => {
      const batch = await lockBatch(client, institutionId, id);
      const given = sha256.toLowerCase();
      const vault = await this.vault.open(batch.agreement_id);
      // keyed: by the bare hash of a file with one row the NIK in it could be guessed
      const fingerprint = vault.hmac('file', given).toString('hex');
      if (batch.state !== 'RECEIVING') {
        if (batch.fingerprint === fingerprint && Number(batch.bytes) === bytes) return batch;
        throw conflict('Berkas ini sudah selesai diunggah atau dibatalkan.');
      }
      const complete = batch.chunks === chunks && Number(batch.bytes) === bytes;
      if (!complete || (await this.hash(client, batch)) !== given)
        throw conflict('Berkas tidak diterima dengan utuh. Unggah berkas dari awal.');
      const { rows } = await client.query<StoredBatch>(
        `UPDATE balikan.batch SET state = 'QUEUED', fingerprint = $2 WHERE id = $1 RETURNING *`,
        [id, fingerprint],
      );
      return rows[0] as StoredBatch;
    });
  }

  private async hash(client: PoolClient, batch: StoredBatch): Promise<string> {
    const hash = createHash('sha256');
    for (let n = 0; n < batch.chunks; n += 1) {
      const piece = await this.store.find({ id: batch.id, keyId: batch.key_id }, 'FILE', n, client);
      if (!piece) return '';
      hash.update(piece);
    }
    return hash.digest('hex');
  }
}

/** @throws {AppError} RESOURCE_NOT_FOUND */
export async function lockBatch(client: PoolClient, institutionId: string, id: string): Promise<StoredBatch> {
  const { rows } = await client.query<StoredBatch>(
    'SELECT * FROM balikan.batch WHERE id = $1 AND institution_id = $2 FOR UPDATE',
    [id, institutionId],
  );
  if (!rows[0]) throw new AppError('RESOURCE_NOT_FOUND');
  return rows[0];
}
