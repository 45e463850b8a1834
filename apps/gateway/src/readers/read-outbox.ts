import type { DataSource, EntityManager } from 'typeorm';
import type { ReportedEvent } from '#contracts';
import { contentHash, toHex } from '#evidence';
import type { EvidenceOutbox, Reportable } from '#service';
import { contentOfOffline, contentOfRead, utc } from './read-content.js';

/** Counting stops here: a backlog of more is one that somebody has to look at anyway. */
const mostCounted = 10_000;

interface Waiting extends Omit<ReportedEvent, 'type' | 'contentHash'> {
  /** Everything that is on record and not in the leaf; never a person. */
  content: Record<string, unknown>;
  salt: Buffer;
}

/** Reads that have ended, and offline checks that were handed in, which the evidence log does not have yet. */
const claimed = `
  WITH claimed AS (
    SELECT id FROM access.read_outbox WHERE id <> ALL ($2::uuid[]) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
  SELECT id, ${utc('ended_at')} AS at, institution_id AS "institutionId", 'reader.read' AS act, operator_id AS "actorId",
    reader_id::text AS subject, salt, ${contentOfRead} AS content
  FROM claimed JOIN access.reader_read USING (id)
  UNION ALL
  SELECT id, ${utc('taken_at')}, institution_id, 'reader.offline-check', NULL, reader_id::text, salt,
    ${contentOfOffline}
  FROM claimed JOIN access.reader_offline USING (id)
  ORDER BY id`;

export const readOutboxOf = (database: DataSource): EvidenceOutbox => ({
  hand: (most, butNot, report) =>
    database.transaction(async (manager) => {
      const events = await manager.query<Waiting[]>(claimed, [most, butNot]);
      const arrived = await report(events.map(toReportable));
      if (arrived.length > 0) await manager.query('DELETE FROM access.read_outbox WHERE id = ANY ($1)', [arrived]);
      return events.length;
    }),
  countWaiting: () => countWaiting(database.manager),
  findWaiting: async (ids) => {
    if (ids.length === 0) return new Set();
    const rows = await database.manager.query<{ id: string }[]>(
      'SELECT id FROM access.read_outbox WHERE id = ANY ($1)',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  },
});

async function countWaiting(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM (SELECT FROM access.read_outbox LIMIT $1) AS waiting',
    [mostCounted],
  );
  return row?.count ?? 0;
}

const toReportable = ({ content, salt, ...event }: Waiting): Reportable => ({
  id: event.id,
  institutionId: event.institutionId,
  toEvent: () => ({ ...event, type: 'READER_READ', contentHash: toHex(contentHash(salt, content)) }),
});
