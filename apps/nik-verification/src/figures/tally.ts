import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { counter, gauge, Rounds, type Log } from '#service';

export interface TallyOptions {
  everyMs: number;
  /** Leaves of a chunk. */
  width: number;
  /** Chunks that one round tallies, and that it checks, at most. */
  most: number;
}

/** 2^14 leaves: a quarter of a second to count, and a few hundred cells. */
export const tallyOptions: TallyOptions = { everyMs: 1_000, width: 1 << 14, most: 4 };

const talliedTotal = counter('gerbang_tally_chunks_total', 'Full chunks of evidence that were rolled up', []);
const checkedTotal = counter('gerbang_tally_checked_total', 'Chunks that the nightly check counted anew', []);
const faulty = gauge('gerbang_tally_faulty_chunks', 'Roll-ups that differ from the evidence and are not used', []);

/**
 * Rolls the log up, chunk by chunk, and counts every chunk anew once a day (Asia/Jakarta), from midnight on or as soon as the service
 * runs again. Any number of replicas may: a chunk is claimed by a lock, and what is written of it commits at once.
 */
@Injectable()
export class Tally {
  private readonly rounds: Rounds;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
    private readonly options: TallyOptions = tallyOptions,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs: options.everyMs, what: 'tallying' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    await this.tally();
    await this.check();
    const { rows } = await this.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM verification.tally_chunk WHERE faulty_since IS NOT NULL',
    );
    faulty.set(rows[0]?.count ?? 0);
  }

  private async tally(): Promise<void> {
    let left = this.options.most;
    for (const logId of await this.listDue()) {
      for (let isTallied = true; isTallied && left > 0 && !this.rounds.stopping; left -= isTallied ? 1 : 0) {
        const { rows } = await this.pool.query<{ done: boolean }>('SELECT verification.tally_next($1, $2) AS done', [
          logId,
          this.options.width,
        ]);
        isTallied = rows[0]?.done ?? false;
        if (isTallied) talliedTotal.inc();
      }
    }
  }

  /** Logs with a full chunk that has no cells. */
  private async listDue(): Promise<number[]> {
    const { rows } = await this.pool.query<{ id: number }>({
      name: 'tally_due',
      text: `SELECT id FROM verification.log
        WHERE (SELECT max(index) + 1 FROM verification.log_leaf WHERE log_id = log.id) >=
          coalesce((SELECT max(first + width) FROM verification.tally_chunk WHERE log_id = log.id), 0) + $1
        ORDER BY id`,
      values: [this.options.width],
    });
    return rows.map(({ id }) => id);
  }

  private async check(): Promise<void> {
    for (let n = 0; n < this.options.most && !this.rounds.stopping; n += 1) {
      const { rows } = await this.pool.query<{ logId: number | null; first: string; faultySince: Date | null }>(
        'SELECT log_id AS "logId", first, faulty_since AS "faultySince" FROM verification.check_next()',
      );
      const [chunk] = rows;
      if (!chunk || chunk.logId === null) return;
      checkedTotal.inc();
      if (chunk.faultySince !== null) await this.alarm(chunk.logId, Number(chunk.first));
    }
  }

  private async alarm(logId: number, first: number): Promise<void> {
    const { rows } = await this.pool.query<{ institutionId: string }>(
      'SELECT institution_id AS "institutionId" FROM verification.log WHERE id = $1',
      [logId],
    );
    this.log.event('error', 'a roll-up differs from the evidence: its events are counted one by one from now on', {
      institutionId: rows[0]?.institutionId,
      count: first,
    });
  }
}
