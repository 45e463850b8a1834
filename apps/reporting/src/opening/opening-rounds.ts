import { Rounds, type Log } from '#service';
import { Deadline } from '../facts/deadline.js';
import type { Facts } from '../facts/facts.js';
import type { Worker } from '../feature.js';
import { FailingOffices } from './failing-offices.js';
import type { Opening } from './opening.js';

const officesMs = 15_000;
/** For a page of one office; of how many, before it is the next one's turn. */
const pageMs = 20_000;
const mostPages = 100;

/**
 * Keeps the particulars of every office opened, one office after another, so that a draft has only the last few to open. Any number of
 * replicas may: what both open says the same.
 */
export class OpeningRounds implements Worker {
  private readonly rounds: Rounds;
  private deadline: Deadline | undefined;
  private readonly failing: FailingOffices;

  constructor(
    private readonly facts: Pick<Facts, 'offices'>,
    private readonly opening: Pick<Opening, 'next'>,
    log: Pick<Log, 'event' | 'failure'>,
    everyMs: number,
  ) {
    this.failing = new FailingOffices(log, {
      fails: 'particulars of an office cannot be opened',
      works: 'particulars of an office can be opened again',
    });
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'opening particulars' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  async stop(): Promise<void> {
    const ended = this.rounds.stop();
    this.deadline?.end();
    await ended;
  }

  /** @throws when the list of offices cannot be had */
  async round(): Promise<void> {
    for (const { id } of await this.facts.offices((this.deadline = new Deadline(officesMs)))) {
      if (this.rounds.stopping) return;
      await this.open(id);
    }
  }

  private async open(institutionId: string): Promise<void> {
    try {
      for (let n = 0, isLeft = true; isLeft && n < mostPages && !this.rounds.stopping; n += 1) {
        this.deadline = new Deadline(pageMs);
        const isToldAlready = this.failing.codeOf(institutionId) === 'EVIDENCE_MISMATCH';
        isLeft = (await this.opening.next(institutionId, undefined, this.deadline, isToldAlready)) > 0;
        // page by page: one further on that does not fit is told as well
        this.failing.worked(institutionId);
      }
    } catch (error) {
      // one office does not keep the others from theirs
      if (!this.rounds.stopping) this.failing.failed(institutionId, error);
    }
  }
}
