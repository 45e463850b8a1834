import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { counter, Rounds, type Log } from '#service';
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
  private readonly rounds: Rounds;
  private queue: Noticed[] = [];

  constructor(
    private readonly pool: Pool,
    log: Log,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'comparing look-ups' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
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
}
