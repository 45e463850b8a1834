import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { Counted } from './as-of.js';
import type { Count, Counts, DayCount } from './cell.js';
import { businessServiceList, countedLogs, countedValues } from './counted-leaf.js';
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
const isCovered = `kind = 'ANSWERED' AND hit_state = 'confirmed' AND outcome = 'FOUND' AND service IN (${businessServiceList})`;

interface Source<T> {
  cells: (client: PoolClient, logId: number, chunks: Range[], days: Days) => Promise<T>;
  rows: (client: PoolClient, logId: number, range: Range, days: Days) => Promise<T>;
}

/** Counts look-ups: from the roll-ups, and what they do not cover from the rows. */
@Injectable()
export class FiguresRepository {
  constructor(private readonly pool: Pool) {}

  /** @throws {AppError} EVIDENCE_UNAVAILABLE when nobody waits for it any more: a log that is not rolled up takes minutes */
  async count(counted: Counted, days: Days, deadlineAt: number): Promise<Counts> {
    const parts = await this.addUp(counted, deadlineAt, { cells: countCells, rows: countRows }, days);
    return { days: parts.flatMap((part) => part.days), all: parts.flatMap((part) => part.all) };
  }

  /**
   * Look-ups for a business service that found somebody, by day; days without one may be among them.
   * @throws {AppError} as {@link count}
   */
  async countCovered(counted: Counted, days: Days, deadlineAt: number): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    for (const part of await this.addUp(counted, deadlineAt, { cells: coveredCells, rows: coveredRows }, days))
      for (const { day, events } of part) sums.set(day, (sums.get(day) ?? 0) + Number(events));
    return sums;
  }

  private async addUp<T>(counted: Counted, deadlineAt: number, { cells, rows }: Source<T>, days: Days): Promise<T[]> {
    // one view of it all: a chunk that is tallied, or found faulty, in between is counted once all the same
    return this.inOneView(async (client) => {
      const parts: T[] = [];
      for (const { id, size } of counted.logs) {
        const chunks = await listChunks(client, id, size);
        if (chunks.length > 0) parts.push(await cells(client, id, chunks, days));
        for (const range of uncovered(chunks, size, rawAtOnce)) {
          checkWaiting(deadlineAt);
          parts.push(await rows(client, id, range, days));
        }
      }
      return parts;
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

type DaySum = { day: string; events: string };

async function coveredCells(client: PoolClient, logId: number, chunks: Range[], days: Days): Promise<DaySum[]> {
  const { rows } = await client.query<DaySum>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(events) AS events FROM verification.tally_cell
     WHERE log_id = $1 AND first = ANY ($2::bigint[]) AND day BETWEEN $3 AND $4 AND ${isCovered} GROUP BY day`,
    [logId, chunks.map((chunk) => chunk.from), days.from, days.until],
  );
  return rows;
}

async function coveredRows(client: PoolClient, logId: number, range: Range, days: Days): Promise<DaySum[]> {
  const { rows } = await client.query<DaySum>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(events) AS events
     FROM verification.count_leaves($1, $2, $3) WHERE day BETWEEN $4 AND $5 AND ${isCovered} GROUP BY day`,
    [logId, range.from, range.to, days.from, days.until],
  );
  return rows;
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
