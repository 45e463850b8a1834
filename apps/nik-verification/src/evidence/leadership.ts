import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';

/** A leader that has not been seen for so long may be replaced, milliseconds. */
const seenWithinMs = 3_000;

export interface LeadershipOptions {
  /** Names this replica. */
  holder: string;
  /** How long the database waits for a leader that says nothing within its transaction, milliseconds. */
  silenceMs: number;
}

/**
 * One leader at a time, by the lock on one row: what a leader writes, it writes in the transaction that holds the lock. A
 * leader that is paused, or cut off from the database, loses the transaction after `silenceMs`; when it wakes up, the
 * database has nothing of it, and refuses the rest (fencing). `term` counts the changes.
 */
@Injectable()
export class Leadership {
  constructor(
    private readonly pool: Pool,
    private readonly options: LeadershipOptions,
  ) {}

  /**
   * Does the work as leader. Not done, and undefined, while another one leads.
   *
   * @param insist waits for the present leader's transaction and takes over; without it only a leader that is gone is replaced
   */
  async lead<T>(work: (client: PoolClient, term: number) => Promise<T>, insist = false): Promise<T | undefined> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // the database may end the connection while nothing is being asked
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      const { silenceMs } = this.options;
      await client.query(
        `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${silenceMs}; SET LOCAL lock_timeout = ${silenceMs + 2_000}`,
      );
      const term = await this.take(client, insist);
      const result = term === undefined ? undefined : await work(client, term);
      await client.query(term === undefined ? 'ROLLBACK' : 'COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  private async take(client: PoolClient, insist: boolean): Promise<number | undefined> {
    const { holder } = this.options;
    const { rows } = await client.query<{ holder: string; isGone: boolean }>(
      `SELECT holder, seen_at < clock_timestamp() - $1 * interval '1 millisecond' AS "isGone"
       FROM verification.log_leader FOR UPDATE ${insist ? '' : 'SKIP LOCKED'}`,
      [seenWithinMs],
    );
    const [present] = rows;
    if (!present || (!insist && present.holder !== holder && !present.isGone)) return undefined;
    const taken = await client.query<{ term: string }>(
      `UPDATE verification.log_leader SET term = term + CASE WHEN holder = $1 THEN 0 ELSE 1 END, holder = $1,
         seen_at = clock_timestamp() RETURNING term`,
      [holder],
    );
    return Number(taken.rows[0]?.term);
  }
}
