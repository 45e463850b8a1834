import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { StoredBatch } from './batch-view.js';
import type { Database } from './chunk-store.js';
import { inTransaction } from '#service';

/**
 * How long a batch belongs to who took it, milliseconds; renewed while it is worked on. Longer than the database lets an
 * idle transaction live, so that nothing of a holder that was paused is in the way of the next one.
 */
const leaseMs = 30_000;
/** Attempts that may end badly, or be left by a holder that died. */
export const mostFailures = 5;
/** Beyond them marking is given up, and told; whoever finds a batch like that tells it. */
const givenUp = mostFailures + 1;
const notMarked =
  'Salinan berkas dengan tanda kesalahan tidak dapat dibuat. Baca daftar kesalahannya (GET /v1/data-balikan/batches/{id}/faults), perbaiki di berkas Anda sendiri, lalu unggah lagi.';

/** A batch in the hands of one worker. `attempt` is the fence: what is written names it, and of another one nothing is. */
export interface HeldBatch extends StoredBatch {
  /** CHECK its rows, or MARK its faults in a copy of the file. */
  task: 'CHECK' | 'MARK';
}

export interface Counts {
  checked: number;
  accepted: number;
  alreadyThere: number;
  refused: number;
  heldBack: number;
  faults: number;
}

export interface Checked extends Counts {
  state: 'DONE' | 'HELD';
  format: 'XLSX' | 'CSV';
  notes: readonly string[];
}

const lease = `clock_timestamp() + ${leaseMs} * interval '1 ms'`;
const free = '(held_until IS NULL OR held_until < clock_timestamp())';

/** Which worker has which batch, and how it ends. */
@Injectable()
export class BatchQueue {
  constructor(private readonly pool: Pool) {}

  /**
   * The oldest batch that waits or that its holder has left. Of one institution only one is checked at a time: rows that two
   * files have in common would make the transactions wait for each other.
   */
  async claim(): Promise<HeldBatch | undefined> {
    return inTransaction(this.pool, async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('claim a batch', 0))`);
      const { rows } = await client.query<StoredBatch>(
        `UPDATE balikan.batch SET state = 'CHECKING', attempt = attempt + 1, held_until = ${lease},
           failures = failures + (state = 'CHECKING')::int, rows = 0, percent = 0
         WHERE id = (
           SELECT id FROM balikan.batch AS one
           WHERE state IN ('QUEUED', 'CHECKING') AND ${free} AND NOT EXISTS (
             SELECT FROM balikan.batch AS other
             WHERE other.state = 'CHECKING' AND other.institution_id = one.institution_id AND other.id <> one.id
               AND other.held_until >= clock_timestamp())
           ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
      );
      if (rows[0]) return { ...rows[0], task: 'CHECK' };
      const marking = await client.query<StoredBatch>(
        `UPDATE balikan.batch SET attempt = attempt + 1, failures = failures + 1, held_until = ${lease}
         WHERE id = (
           SELECT id FROM balikan.batch
           WHERE state IN ('DONE', 'HELD') AND faults > 0 AND chunks > 0 AND result_chunks = 0
             AND failures < ${givenUp} AND ${free}
           ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
      );
      return marking.rows[0] && { ...marking.rows[0], task: 'MARK' };
    });
  }

  /** false: it is somebody else's now, or cancelled. */
  async renew({ id, attempt }: HeldBatch, progress?: { rows: number; percent: number }): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'renew_batch',
      text: `UPDATE balikan.batch SET held_until = ${lease}, rows = coalesce($3, rows), percent = coalesce($4, percent)
        WHERE id = $1 AND attempt = $2 AND state IN ('CHECKING', 'DONE', 'HELD') AND NOT cancel_asked`,
      values: [id, attempt, progress?.rows ?? null, progress?.percent ?? null],
    });
    return rowCount === 1;
  }

  /** With faults it stays held: its marked-up copy comes next. */
  async finish(db: Database, { id, attempt }: HeldBatch, result: Checked): Promise<boolean> {
    const { rowCount } = await db.query(
      `UPDATE balikan.batch SET state = $3, format = $4, notes = $5, checked = $6::int, accepted = $7, already_there = $8,
         refused = $9, held_back = $10, faults = $11, rows = $6::int, percent = 100, failures = 0,
         finished_at = balikan.clock(), held_until = CASE WHEN $11 > 0 THEN ${lease} END,
         -- without a fault there is nothing to mark, and nobody needs the file any more
         expires_at = CASE WHEN $11 > 0 THEN expires_at ELSE balikan.clock() END
       WHERE id = $1 AND attempt = $2 AND state = 'CHECKING' AND NOT cancel_asked`,
      [
        id,
        attempt,
        result.state,
        result.format,
        result.notes,
        result.checked,
        result.accepted,
        result.alreadyThere,
        result.refused,
        result.heldBack,
        result.faults,
      ],
    );
    return rowCount === 1;
  }

  /** The file as a whole cannot be read: nothing of it is kept but that. */
  async refuse({ id, attempt }: HeldBatch, code: string, column: string | null): Promise<void> {
    await this.pool.query(
      `UPDATE balikan.batch SET state = 'REFUSED', file_fault = $3, file_fault_column = $4, held_until = NULL,
         finished_at = balikan.clock(), expires_at = balikan.clock()
       WHERE id = $1 AND attempt = $2 AND state = 'CHECKING'`,
      [id, attempt, code, column],
    );
  }

  /** Somebody goes on with it after `afterMs`; it counts as no failure, not even as the one that a claim to mark it begins with. */
  async release({ id, attempt }: HeldBatch, afterMs: number): Promise<void> {
    await this.pool.query(
      `UPDATE balikan.batch SET held_until = clock_timestamp() + $3 * interval '1 ms',
         failures = CASE state WHEN 'CHECKING' THEN failures ELSE greatest(failures - 1, 0) END,
         state = CASE state WHEN 'CHECKING' THEN 'QUEUED' ELSE state END
       WHERE id = $1 AND attempt = $2 AND state IN ('CHECKING', 'DONE', 'HELD')`,
      [id, attempt, afterMs],
    );
  }

  /**
   * The check ended badly; after {@link mostFailures} times, or where no other attempt can end better, it stays so.
   *
   * @returns whether it is given up
   */
  async fail({ id, attempt }: HeldBatch, { afterMs, final }: { afterMs: number; final: boolean }): Promise<boolean> {
    const { rows } = await this.pool.query<{ state: string }>(
      `UPDATE balikan.batch SET failures = failures + 1, held_until = clock_timestamp() + $3 * interval '1 ms',
         state = CASE WHEN over THEN 'FAILED' ELSE 'QUEUED' END,
         finished_at = CASE WHEN over THEN balikan.clock() END,
         expires_at = CASE WHEN over THEN balikan.clock() ELSE expires_at END
       FROM (SELECT id AS known, $4 OR failures + 1 >= ${mostFailures} AS over FROM balikan.batch WHERE id = $1) AS so_far
       WHERE id = known AND attempt = $2 AND state = 'CHECKING' RETURNING state`,
      [id, attempt, afterMs, final],
    );
    return rows[0]?.state === 'FAILED';
  }

  /**
   * Marking ended badly; after {@link mostFailures} times, or where no other attempt can end better, the batch says that there
   * is no copy, and where its faults are told. What it came to stays.
   *
   * @returns whether it is given up
   */
  async failMarking(
    { id, attempt }: HeldBatch,
    { afterMs, final }: { afterMs: number; final: boolean },
  ): Promise<boolean> {
    const { rows } = await this.pool.query<{ over: boolean }>(
      `UPDATE balikan.batch SET failures = CASE WHEN over THEN ${givenUp} ELSE failures END,
         notes = CASE WHEN over THEN array_append(notes, replace($5, '{id}', id::text)) ELSE notes END,
         held_until = CASE WHEN over THEN NULL ELSE clock_timestamp() + $3 * interval '1 ms' END,
         -- a file that waits for no decision is of no more use
         expires_at = CASE WHEN over AND state = 'DONE' THEN balikan.clock() ELSE expires_at END
       FROM (SELECT id AS known, $4 OR failures >= ${mostFailures} AS over FROM balikan.batch WHERE id = $1) AS so_far
       WHERE id = known AND attempt = $2 AND state IN ('DONE', 'HELD') RETURNING over`,
      [id, attempt, afterMs, final, notMarked],
    );
    return rows[0]?.over === true;
  }

  /** The marked-up copy is there; nobody needs the file itself any more, unless a decision is due. */
  async addResult({ id, attempt }: HeldBatch, chunks: number): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ state: string }>(
        `UPDATE balikan.batch SET result_chunks = $3, held_until = NULL, chunks = CASE state WHEN 'DONE' THEN 0 ELSE chunks END
         WHERE id = $1 AND attempt = $2 AND state IN ('DONE', 'HELD') RETURNING state`,
        [id, attempt, chunks],
      );
      if (rows[0]?.state === 'DONE')
        await client.query(`DELETE FROM balikan.batch_chunk WHERE batch_id = $1 AND part = 'FILE'`, [id]);
      return rows.length === 1;
    });
  }
}
