import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { counter, type Log } from '#service';
import type { Pseudonyms } from '../evidence/pseudonym.js';
import { neighboursOf } from './neighbours.js';

const everyMs = 1_000;
/** Look-ups of one round: 18 HMACs and as many looks into an index each, so that a busy service hardly notices. */
const batchSize = 50;
const queueBound = 500;

const droppedTotal = counter(
  'gerbang_sequence_dropped_total',
  'Look-ups that were not compared with their neighbours',
  [],
);

interface Noticed {
  verificationId: string;
  nik: string;
  pseudonyms: Pick<Pseudonyms, 'nik'>;
}

/**
 * Marks look-ups whose NIK stands close to one that the office looked up in the 24 hours before: from HMACs alone nobody could tell
 * later. After the answer, in memory, as well as it goes: what is too much is dropped and counted, and nothing waits for it.
 */
@Injectable()
export class SequenceWatch {
  private queue: Noticed[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round().then(
        () => this.ended(undefined),
        (error: unknown) => this.ended(error),
      );
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    this.queue = [];
  }

  /** @param nik of a look-up that was admitted; it stays in memory until the next round */
  notice(noticed: Noticed): void {
    if (this.queue.length < queueBound) this.queue.push(noticed);
    else droppedTotal.inc();
  }

  async round(): Promise<void> {
    const batch = this.queue.splice(0, batchSize);
    const lookUps: string[] = [];
    const distances: number[] = [];
    const neighbours: Buffer[] = [];
    for (const { verificationId, nik, pseudonyms } of batch) {
      try {
        for (const neighbour of neighboursOf(nik)) {
          neighbours.push(pseudonyms.nik(neighbour.nik));
          lookUps.push(verificationId);
          distances.push(neighbour.distance);
        }
      } catch {
        // the agreement's key was destroyed in between: it recognises nobody any more
        droppedTotal.inc();
      }
    }
    if (lookUps.length === 0) return;
    try {
      await this.pool.query('SELECT verification.mark_sequences($1, $2, $3)', [lookUps, distances, neighbours]);
    } catch (error) {
      droppedTotal.inc(batch.length);
      throw error;
    }
  }

  /** A database that is away is told once, and so is its coming back. */
  private ended(error: unknown): void {
    this.running = undefined;
    if (error !== undefined && !this.failing) this.log.failure('comparing look-ups fails', error, {}, 'warn');
    if (error === undefined && this.failing) this.log.event('info', 'comparing look-ups works again');
    this.failing = error !== undefined;
  }
}
