import { AppError, Rounds, type Log } from '#service';
import { pointOf } from '../facts/counted-leaves.js';
import { Deadline } from '../facts/deadline.js';
import type { Facts } from '../facts/facts.js';
import { mostNamed, type OpenedEvents, type WrongParticulars } from '../facts/opened-events.js';
import type { Worker } from '../feature.js';
import { FailingOffices } from './failing-offices.js';
import type { Opening } from './opening.js';
import type { OpeningNights } from './opening-nights.repository.js';

const officesMs = 15_000;
const checkpointMs = 30_000;
const pageMs = 20_000;

/** What does not fit, as much of it as is told. */
interface Wrong {
  first: WrongParticulars[];
  count: number;
}

/**
 * Opens everything of each office anew, once a night from 01:00 in Jakarta on or as soon as the service runs again: what was changed
 * since it was opened is told as an error, and what was kept of it otherwise is put right. One page after another; replicas share the
 * offices.
 */
export class NightlyOpening implements Worker {
  private readonly rounds: Rounds;
  private deadline: Deadline | undefined;
  private readonly failing: FailingOffices;

  constructor(
    private readonly facts: Pick<Facts, 'offices' | 'figures'>,
    private readonly opening: Pick<Opening, 'anew'>,
    private readonly events: Pick<OpenedEvents, 'tell'>,
    private readonly nights: OpeningNights,
    log: Pick<Log, 'event' | 'failure'>,
    everyMs: number,
  ) {
    this.failing = new FailingOffices(log, {
      fails: 'particulars of an office could not be opened anew',
      works: 'particulars of an office could be opened anew again',
    });
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'opening particulars anew' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  async stop(): Promise<void> {
    const ended = this.rounds.stop();
    this.deadline?.end();
    await ended;
  }

  /** @throws when the database or the list of offices cannot be had */
  async round(): Promise<void> {
    for (const { id } of await this.facts.offices((this.deadline = new Deadline(officesMs)))) {
      if (this.rounds.stopping) return;
      const night = await this.nights.take(id);
      if (night !== undefined) await this.serve(id, night);
    }
  }

  private async serve(institutionId: string, night: string): Promise<void> {
    try {
      const wrong = await this.openAll(institutionId, night);
      if (wrong === undefined) return;
      if (wrong.count > 0) this.events.tell(institutionId, wrong.first, wrong.count);
      await this.nights.finish(institutionId, night);
      this.failing.worked(institutionId);
    } catch (error) {
      // one office does not keep the others from theirs; it is tried again when the claim is over
      if (!this.rounds.stopping) this.failing.failed(institutionId, error);
    }
  }

  /** Those that do not fit; nothing when the service stops before all are opened. */
  private async openAll(institutionId: string, night: string): Promise<Wrong | undefined> {
    const wrong: Wrong = { first: [], count: 0 };
    if (this.rounds.stopping) return undefined;
    this.deadline = new Deadline(checkpointMs);
    const log = await this.facts
      .figures({ institutionId, from: night, until: night }, undefined, this.deadline)
      .catch(withoutLog);
    if (!log) return wrong;
    const asOf = pointOf(log);
    for (let after: string | null | undefined; after !== null;) {
      if (this.rounds.stopping) return undefined;
      this.deadline = new Deadline(pageMs);
      const page: Awaited<ReturnType<Opening['anew']>> = await this.opening.anew(
        institutionId,
        asOf,
        after ?? null,
        this.deadline,
      );
      wrong.first.push(...page.wrong.slice(0, mostNamed - wrong.first.length));
      wrong.count += page.wrong.length;
      after = page.next;
      await this.nights.extend(institutionId);
    }
    return wrong;
  }
}

/** An office of which nothing is in the log yet. */
function withoutLog(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'RESOURCE_NOT_FOUND') throw error;
}
