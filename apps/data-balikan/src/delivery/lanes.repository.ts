import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { inTransaction } from '#service';

/** Records that one statement makes wait again. */
const retriedAtOnce = 5_000;

export interface LaneState {
  sending: boolean;
  stoppedAt: Date;
  stoppedReason: string;
  pausedAt: Date | null;
  pausedReason: string | null;
  gate: 'ready' | 'open' | 'trial' | 'access-broken' | null;
  gateSince: Date | null;
  gateUntil: Date | null;
}

export interface RecordCounts {
  waiting: number;
  oldestWaitingAt: Date | null;
  dead: number;
  packed: number;
  delivered: number;
  handedOver: number;
}

/** What people see and change of the sending: switch, pause, dead records. */
@Injectable()
export class Lanes {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async getState(institutionId: string): Promise<LaneState> {
    const { rows } = await this.pool.query<LaneState>(
      `SELECT sending, changed_at AS "stoppedAt", reason AS "stoppedReason", paused_at AS "pausedAt", paused_reason AS "pausedReason",
         gate, gate_since AS "gateSince", gate_until AS "gateUntil"
       FROM balikan.switch LEFT JOIN balikan.lane ON institution_id = $1`,
      [institutionId],
    );
    const [row] = rows;
    if (!row) throw new Error('balikan.switch has no row');
    return row;
  }

  async countRecords(institutionId: string, agreementId: string | undefined): Promise<RecordCounts> {
    const { rows } = await this.pool.query<RecordCounts>(
      `SELECT count(*) FILTER (WHERE state = 'WAITING')::int AS waiting,
         min(accepted_at) FILTER (WHERE state = 'WAITING') AS "oldestWaitingAt",
         count(*) FILTER (WHERE state = 'DEAD')::int AS dead, count(*) FILTER (WHERE state = 'PACKED')::int AS packed,
         count(*) FILTER (WHERE state = 'DELIVERED')::int AS delivered,
         count(*) FILTER (WHERE state = 'HANDED_OVER')::int AS "handedOver"
       FROM balikan.record WHERE institution_id = $1 AND ($2::uuid IS NULL OR agreement_id = $2)`,
      [institutionId, agreementId ?? null],
    );
    const [row] = rows;
    if (!row) throw new Error('count answered nothing');
    return row;
  }

  async pause(institutionId: string, by: string | null, reason: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO balikan.lane (institution_id, paused_at, paused_by, paused_reason) VALUES ($1, balikan.clock(), $2, $3)
       ON CONFLICT (institution_id) DO UPDATE SET paused_at = coalesce(lane.paused_at, excluded.paused_at),
         paused_by = excluded.paused_by, paused_reason = excluded.paused_reason`,
      [institutionId, by, reason],
    );
  }

  /** Ends a pause; where the way was interrupted or broken, one record tries it at once. */
  async resume(institutionId: string): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `UPDATE balikan.lane SET paused_at = NULL, paused_by = NULL, paused_reason = NULL,
           gate = CASE gate WHEN 'ready' THEN gate ELSE 'trial' END, gate_until = NULL, refused_id = NULL
         WHERE institution_id = $1`,
        [institutionId],
      );
      await client.query(
        `UPDATE balikan.record SET due_at = balikan.clock()
         WHERE institution_id = $1 AND state = 'WAITING' AND strikes = 0 AND due_at > balikan.clock()`,
        [institutionId],
      );
    });
  }

  async switchAll(sending: boolean, by: string | null, reason: string): Promise<void> {
    await this.pool.query(
      'UPDATE balikan.switch SET sending = $1, changed_at = balikan.clock(), changed_by = $2, reason = $3',
      [sending, by, reason],
    );
  }

  /** A dead record waits again. */
  async retryOne(institutionId: string, id: string): Promise<'waits' | 'is not dead' | 'is not there'> {
    const { rowCount } = await this.pool.query(
      `UPDATE balikan.record SET state = 'WAITING', strikes = 0, due_at = balikan.clock()
       WHERE institution_id = $1 AND id = $2 AND state = 'DEAD'`,
      [institutionId, id],
    );
    if (rowCount) return 'waits';
    const known = await this.pool.query('SELECT FROM balikan.record WHERE institution_id = $1 AND id = $2', [
      institutionId,
      id,
    ]);
    return known.rowCount ? 'is not dead' : 'is not there';
  }

  /**
   * All dead ones, apart from those that nobody can open any more. Returns how many.
   *
   * @param canOpen whether this key is there
   */
  async retryAll(institutionId: string, canOpen: (keyId: string) => Promise<boolean>): Promise<number> {
    const { rows } = await this.pool.query<{ keyId: string }>(
      `SELECT DISTINCT key_id AS "keyId" FROM balikan.record
       WHERE institution_id = $1 AND state = 'DEAD' AND failure = 'KEY_DESTROYED'`,
      [institutionId],
    );
    const openable: string[] = [];
    for (const { keyId } of rows) if (await canOpen(keyId)) openable.push(keyId);
    let retried = 0;
    for (;;) {
      const { rowCount } = await this.pool.query(
        `WITH dead AS (
           SELECT id FROM balikan.record
           WHERE institution_id = $1 AND state = 'DEAD' AND (failure IS DISTINCT FROM 'KEY_DESTROYED' OR key_id = ANY ($3))
           ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
         UPDATE balikan.record SET state = 'WAITING', strikes = 0, due_at = balikan.clock() FROM dead WHERE record.id = dead.id`,
        [institutionId, retriedAtOnce, openable],
      );
      retried += rowCount ?? 0;
      if ((rowCount ?? 0) < retriedAtOnce) return retried;
    }
  }
}
