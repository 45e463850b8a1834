import type { Pool } from 'pg';
import type { Log } from '#service';
import type { Worker } from '../feature.js';
import { inTransaction } from '#service';

const everyMs = 60_000;
/** Batches in one round; the next round goes on. */
const mostAtOnce = 500;

/** Erases files that nobody needs any more: their time is up, or their upload was never finished. What they came to stays. */
export class BatchHousekeeping implements Worker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private failing = false;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  start(): void {
    this.begin();
    this.timer = setInterval(() => this.begin(), everyMs);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  private begin(): void {
    this.running ??= this.round().then(
      () => this.ended(undefined),
      (error: unknown) => this.ended(error),
    );
  }

  /** A database that is away is told once, and so is its coming back. */
  private ended(error: unknown): void {
    this.running = undefined;
    if (error !== undefined && !this.failing) this.log.failure('erasing of files fails', error, {}, 'warn');
    if (error === undefined && this.failing) this.log.event('info', 'erasing of files works again');
    this.failing = error !== undefined;
  }

  async round(): Promise<void> {
    let erased = 0;
    while (!this.stopping && erased < mostAtOnce && (await this.eraseOne())) erased += 1;
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
