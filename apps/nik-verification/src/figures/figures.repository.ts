import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { Counted } from './as-of.js';
import type { Count, Counts, DayCount } from './cell.js';
import { countedLogs, countedValues } from './counted-leaf.js';
import type { UpstreamLeaf } from './incident-figures.js';
import { uncovered, type Range } from './ranges.js';
import { checkWaiting } from './turns.js';

export interface Days {
  /** Asia/Jakarta, both included. */
  from: string;
  until: string;
}

/** Rows that one statement counts at most: a second on a slow machine. */
const rawAtOnce = 1 << 16;

const dayColumns = `to_char(day, 'YYYY-MM-DD') AS day, kind, hit_state AS "hitState", outcome`;
const allColumns = `kind, client_id AS "clientId", operator_id AS "operatorId", service, mode, hit_state AS "hitState", outcome`;
const accessKinds = `kind IN ('REQUESTED', 'ANSWERED', 'REFUSED')`;

/** Counts look-ups: from the roll-ups, and what they do not cover from the rows. */
@Injectable()
export class FiguresRepository {
  constructor(private readonly pool: Pool) {}

  /** @throws {AppError} EVIDENCE_UNAVAILABLE when nobody waits for it any more: a log that is not rolled up takes minutes */
  async count(counted: Counted, days: Days, deadlineAt: number): Promise<Counts> {
    // one view of it all: a chunk that is tallied, or found faulty, in between is counted once all the same
    return this.inOneView(async (client) => {
      const parts: Counts[] = [];
      for (const { id, size } of counted.logs) {
        const chunks = await listChunks(client, id, size);
        parts.push(await countCells(client, id, chunks, days));
        for (const range of uncovered(chunks, size, rawAtOnce)) {
          checkWaiting(deadlineAt);
          parts.push(await countRows(client, id, range, days));
        }
      }
      return { days: parts.flatMap((part) => part.days), all: parts.flatMap((part) => part.all) };
    });
  }

  /** Every leaf `UPSTREAM` that is counted and no later than the period, in the order of the log. */
  async listUpstream(counted: Counted, { until }: Days): Promise<UpstreamLeaf[]> {
    const { rows } = await this.pool.query<{ at: string; act: string }>(
      `SELECT (extract(epoch FROM event.at) * 1000000)::bigint AS at, event.act
       FROM verification.reported_event AS event
       CROSS JOIN LATERAL (SELECT log_id, index FROM verification.log_leaf
         WHERE event_id = event.id AND verification_id IS NULL OFFSET 0) AS leaf
       JOIN ${countedLogs} ON counted.log_id = leaf.log_id AND leaf.index < counted.size
       WHERE event.type = 'UPSTREAM' AND event.institution_id = $1 AND event.at < verification.jakarta_midnight($4::date + 1)
       ORDER BY leaf.log_id, leaf.index`,
      [counted.institutionId, ...countedValues(counted), until],
    );
    return rows.map(({ at, act }) => ({ at: Number(at), act }));
  }

  private async inOneView<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** Chunks whose cells may be counted, in their order; of two that lie upon each other the first. */
async function listChunks(client: PoolClient, logId: number, size: number): Promise<Range[]> {
  const { rows } = await client.query<{ first: string; width: number }>(
    `SELECT first, width FROM verification.tally_chunk
     WHERE log_id = $1 AND first + width <= $2 AND faulty_since IS NULL ORDER BY first`,
    [logId, size],
  );
  const chunks: Range[] = [];
  for (const { first, width } of rows) {
    const from = Number(first);
    if (from >= (chunks.at(-1)?.to ?? 0)) chunks.push({ from, to: from + width });
  }
  return chunks;
}

async function countCells(client: PoolClient, logId: number, chunks: Range[], { from, until }: Days): Promise<Counts> {
  if (chunks.length === 0) return { days: [], all: [] };
  const source = `FROM verification.tally_cell WHERE log_id = $1 AND first = ANY ($2::bigint[]) AND day BETWEEN $3 AND $4 AND ${accessKinds}`;
  const values = [logId, chunks.map((chunk) => chunk.from), from, until];
  return summed(client, source, values);
}

async function countRows(client: PoolClient, logId: number, range: Range, { from, until }: Days): Promise<Counts> {
  const { rows } = await client.query<DayCount & Count & { events: string }>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, ${allColumns}, events
     FROM verification.count_leaves($1, $2, $3) WHERE day BETWEEN $4 AND $5 AND ${accessKinds}`,
    [logId, range.from, range.to, from, until],
  );
  const counts = rows.map((row) => ({ ...row, events: Number(row.events) }));
  return { days: counts, all: counts };
}

/** Without names: planned for what is asked, and not for the table as it was when a connection asked first. */
async function summed(client: PoolClient, source: string, values: unknown[]): Promise<Counts> {
  const days = await client.query<DayCount & { events: string }>(
    `SELECT ${dayColumns}, sum(events) AS events ${source} GROUP BY day, kind, hit_state, outcome`,
    values,
  );
  const all = await client.query<Count & { events: string }>(
    `SELECT ${allColumns}, sum(events) AS events ${source} GROUP BY kind, client_id, operator_id, service, mode, hit_state, outcome`,
    values,
  );
  const toNumber = <T extends { events: string }>(row: T) => ({ ...row, events: Number(row.events) });
  return { days: days.rows.map(toNumber), all: all.rows.map(toNumber) };
}
