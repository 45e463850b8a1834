import type { Pool } from 'pg';
import { inTransaction, Rounds, type Log } from '#service';
import type { Worker } from '../feature.js';

const everyMs = 60_000;
/** Batches in one round; the next round goes on. */
const mostAtOnce = 500;

/** Erases files that nobody needs any more: their time is up, or their upload was never finished. What they came to stays. */
export class BatchHousekeeping implements Worker {
  private readonly rounds: Rounds;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'erasing of files', atOnce: true }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    let erased = 0;
    while (!this.rounds.stopping && erased < mostAtOnce && (await this.eraseOne())) erased += 1;
    if (erased > 0) this.log.event('info', 'files erased', { count: erased });
  }

  /** One that somebody is just deciding about or working on is left to the next round. */
  private async eraseOne(): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `UPDATE balikan.batch SET chunks = 0, result_chunks = 0,
           finished_at = coalesce(finished_at, balikan.clock()), attempt = attempt + 1, held_until = NULL,
           expires_at = least(expires_at, balikan.clock()),
           -- who did not decide has decided; what could not be checked for days never will be
           state = CASE WHEN state IN ('RECEIVING', 'HELD') THEN 'CANCELLED' WHEN state = 'QUEUED' THEN 'FAILED' ELSE state END
         WHERE id = (
           SELECT id FROM balikan.batch
           WHERE (chunks > 0 OR result_chunks > 0 OR state = 'RECEIVING')
             AND (expires_at <= balikan.clock()
               OR (state = 'RECEIVING' AND created_at <= balikan.clock() - interval '1 hour'))
             AND state <> 'CHECKING' AND (held_until IS NULL OR held_until < clock_timestamp())
           ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
      );
      if (!rows[0]) return false;
      await client.query('DELETE FROM balikan.batch_chunk WHERE batch_id = $1', [rows[0].id]);
      return true;
    });
  }
}
