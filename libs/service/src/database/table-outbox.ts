import type pg from 'pg';
import type { ReportedEvent } from '#contracts';
import type { EvidenceOutbox, Reportable } from '../evidence-relay.js';
import { inTransaction } from './transaction.js';

/** Counting stops here: a backlog of more is one that somebody has to look at anyway. */
const mostCounted = 10_000;

type Row = Omit<ReportedEvent, 'type'>;

/**
 * An outbox that is a table `(id, at, institution_id, act, actor_id, subject, content_hash)`: what happened and is not in the evidence
 * log yet; whoever writes there does it in the transaction of what it tells.
 *
 * @param table with its schema; of the program, never of a request
 */
export const tableOutbox = (pool: pg.Pool, table: string, type: ReportedEvent['type']): EvidenceOutbox => ({
  hand: (most, butNot, report) =>
    inTransaction(pool, async (client) => {
      // ids are in the order of time (UUIDv7); another replica passes over what this transaction holds
      const { rows } = await client.query<Row>(
        `SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, institution_id AS "institutionId", act,
           actor_id AS "actorId", subject::text, encode(content_hash, 'hex') AS "contentHash"
         FROM ${table} WHERE id <> ALL ($2::uuid[]) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [most, butNot],
      );
      const arrived = await report(rows.map((row) => toReportable(row, type)));
      if (arrived.length > 0) await client.query(`DELETE FROM ${table} WHERE id = ANY ($1)`, [arrived]);
      return rows.length;
    }),
  countWaiting: async () => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (SELECT FROM ${table} LIMIT $1) AS waiting`,
      [mostCounted],
    );
    return rows[0]?.count ?? 0;
  },
  findWaiting: async (ids) => {
    if (ids.length === 0) return new Set();
    const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${table} WHERE id = ANY ($1)`, [ids]);
    return new Set(rows.map(({ id }) => id));
  },
});

const toReportable = (row: Row, type: ReportedEvent['type']): Reportable => ({
  id: row.id,
  institutionId: row.institutionId,
  toEvent: () => ({ ...row, type }),
});
