import { randomUUID } from 'node:crypto';
import { handInJournal } from '#contracts/readers/agent';
import { AppError } from '#service/app-error';
import type { Log } from '#service/log';
import type { Connection } from './bus/connection.js';
import type { Clock } from './clock.js';
import type { StandaloneCheck } from './port.js';
import type { Journal } from './state/journal.js';

const atOnce = 50;

/** Writes down what happened offline, and hands it in when the line is back. */
export class JournalKeeper {
  private running = false;
  private skip = 0;

  constructor(
    private readonly journal: Journal,
    private readonly readerId: string,
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    if (journal.damaged > 0) log.event('error', 'journal has damaged lines', { count: journal.damaged });
  }

  get size(): number {
    return this.journal.size;
  }

  get lost(): number {
    return this.journal.lost;
  }

  get damaged(): number {
    return this.journal.damaged;
  }

  add(check: StandaloneCheck, permit: string): void {
    const at = new Date(this.clock.now()).toISOString();
    const { outcome, tries } = check;
    try {
      if (this.journal.add({ id: randomUUID(), at, outcome, tries, permit }))
        this.log.event('info', 'offline check kept', { count: this.journal.size });
      else this.log.event('error', 'journal is full', { count: this.journal.lost });
    } catch (error) {
      this.log.failure('journal not written', error, { count: this.journal.lost });
    }
  }

  /**
   * Page by page; what is not taken stays, and does not keep the rest from being handed in.
   *
   * @returns whether anything was taken
   */
  async handIn(): Promise<boolean> {
    if (this.running) return false;
    this.running = true;
    const before = this.journal.size;
    try {
      for (;;) {
        const entries = this.journal.oldest(atOnce, this.skip);
        if (entries.length === 0) break;
        const { taken } = await this.connection.call(handInJournal(this.readerId), { entries }, 10_000);
        this.journal.taken(taken);
        this.skip += entries.filter(({ id }) => !taken.includes(id)).length;
      }
      this.skip = 0;
    } catch (error) {
      this.log.event('warn', 'journal not handed in', {
        code: error instanceof AppError ? error.code : 'INTERNAL_ERROR',
      });
    } finally {
      this.running = false;
    }
    return this.journal.size < before;
  }

  close(): void {
    this.journal.close();
  }
}
