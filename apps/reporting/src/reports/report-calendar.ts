import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'pg';
import { AppError, Rounds, type Log } from '#service';
import { Deadline } from '../facts/deadline.js';
import type { Facts, Office } from '../facts/facts.js';
import type { Worker } from '../feature.js';
import type { Drafting } from './drafting.js';
import { occasionsOn, type Occasion } from './occasions.js';
import { takeUp, withoutReport, withoutSupplement, type Due } from './occasions.repository.js';
import { today } from './report.repository.js';

/** How long the list of offices may take. */
const officesMs = 15_000;

export interface CalendarPace {
  everyMs: number;
  /** How long all the questions may take that one report is made of: less than the first wait after a failure (`takeUp`). */
  countMs: number;
  /** How long a shutdown waits for a question that is on its way. */
  drainMs: number;
}

/**
 * Drafts what is due by the calendar (O-20): semester reports on 1 June and 1 December, their supplements on 1 July and 1 January.
 * What was missed is caught up; any number of replicas make one of each.
 */
export class ReportCalendar implements Worker {
  private readonly rounds: Rounds;
  private deadline: Deadline | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly facts: Pick<Facts, 'offices'>,
    private readonly drafting: Pick<Drafting, 'draftScheduled'>,
    private readonly log: Log,
    private readonly pace: CalendarPace,
  ) {
    this.rounds = new Rounds(
      () => this.round(),
      { everyMs: pace.everyMs, what: 'following the calendar of reports', atOnce: true },
      log,
    );
  }

  start(): void {
    this.rounds.start();
  }

  /** A count that is on is given up: nothing of it was written, and another replica takes it up. */
  async stop(): Promise<void> {
    const ended = this.rounds.stop();
    this.deadline?.end();
    const waited = new AbortController();
    const patience = wait(this.pace.drainMs, undefined, { signal: waited.signal }).catch(() => undefined);
    await Promise.race([ended, patience]);
    waited.abort();
  }

  /** Drafts what is due now, one after another; one office that fails stops no other. @throws when offices or tables are away */
  async round(): Promise<void> {
    const occasions = occasionsOn(await today(this.pool));
    for (const due of await this.findDue(occasions)) {
      if (this.rounds.stopping) return;
      const attempt = await takeUp(this.pool, due);
      if (attempt !== undefined) await this.draft(due, attempt);
    }
  }

  private async findDue(occasions: Occasion[]): Promise<Due[]> {
    const of = (type: Occasion['type']) => occasions.filter((one) => one.type === type).map(({ period }) => period);
    const offices = await this.facts.offices((this.deadline = new Deadline(officesMs)));
    const served = of('REPORT').flatMap((period) =>
      offices.filter((office) => hadAgreement(office, period)).map(({ id }) => ({ institutionId: id, period })),
    );
    return [...(await withoutReport(this.pool, served)), ...(await withoutSupplement(this.pool, of('SUPPLEMENT')))];
  }

  private async draft(due: Due, attempt: number): Promise<void> {
    const { institutionId } = due;
    this.deadline = new Deadline(this.pace.countMs);
    try {
      const id = await this.drafting.draftScheduled(due, this.deadline);
      this.log.event('info', 'a report was drafted by the calendar', {
        institutionId,
        subject: id,
        reason: due.type,
        attempt,
      });
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'INTERNAL_ERROR';
      const fields = { institutionId, code, reason: due.type, attempt };
      if (code === 'STATE_CONFLICT')
        this.log.event('info', 'somebody drafted a report before the calendar did', fields);
      else if (!this.rounds.stopping)
        this.log.failure('a report could not be drafted by the calendar', error, fields, 'warn');
    }
  }
}

function hadAgreement({ validFrom, validUntil }: Office, period: { from: string; until: string }): boolean {
  return validFrom <= period.until && validUntil >= period.from;
}
