import type pg from 'pg';
import type { AsOf, Register, UndeliveredRecord } from '#contracts';
import { coverage, jakartaDay, quotaFigures, registerFigures, sortedBy, undeliveredFigures } from '#report';
import { AppError } from '#service';
import { pointOf } from '../facts/counted-leaves.js';
import type { Deadline } from '../facts/deadline.js';
import type { Counted, Facts } from '../facts/facts.js';
import type { Opening } from '../opening/opening.js';
import { findCounted, type Count, type KeptCount } from './counted.repository.js';

/** Counts what a report says, from the facts of their owners, as of one checkpoint. */
export class ReportCounting {
  constructor(
    private readonly pool: pg.Pool,
    private readonly facts: Facts,
    private readonly opening: Pick<Opening, 'upTo'>,
  ) {}

  /**
   * All of it or nothing. A checkpoint is signed for it; what was counted as of this very one is taken as it was.
   *
   * @param today in Jakarta
   * @throws {AppError} PERIOD_NOT_BEGUN; EVIDENCE_MISMATCH; RESOURCE_NOT_FOUND; EVIDENCE_UNAVAILABLE, EVIDENCE_ROLLED_BACK,
   *   SERVICE_UNAVAILABLE or SERVICE_TIMEOUT when an owner does not answer
   */
  async count(of: Counted, today: string, deadline: Deadline): Promise<Count | KeptCount> {
    try {
      return await this.gather(of, today, deadline);
    } catch (error) {
      // what still goes on beside it is for nobody
      deadline.end();
      if (error instanceof AppError && error.code === 'NOT_IN_CHECKPOINT')
        throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 5 }, { cause: error });
      throw error;
    }
  }

  private async gather(of: Counted, today: string, deadline: Deadline): Promise<Count | KeptCount> {
    const register = await this.facts.register(of, deadline);
    checkBegun(of, register.agreements, today);
    // before the checkpoint is signed: what the log is told of in between is delivered by it
    const untold = await this.facts.untold(of.institutionId, deadline);
    const log = await this.facts.figures(of, undefined, deadline);
    const asOf = { at: log.at, checkpoints: log.checkpoints };
    const known = await findCounted(this.pool, of, asOf);
    if (known) return known;

    const point = pointOf(asOf);
    const [waiting] = await Promise.all([
      this.facts.undelivered(of.institutionId, log.at, deadline),
      this.opening.upTo(of.institutionId, point, deadline),
    ]);
    const accepted = together(waiting.records, untold).filter(
      ({ acceptedAt }) => Date.parse(acceptedAt) <= Date.parse(log.at),
    );
    const [opened, undelivered] = await Promise.all([
      this.facts.openedFigures(of, point, deadline),
      this.withoutDelivered(of, point, accepted, deadline),
    ]);
    const named = undelivered.map(({ verificationId }) => verificationId);
    const lookUps = await this.facts.acceptedLookUps(of, point, named, deadline);

    const day = jakartaDay(log.at);
    const { covered } = opened;
    const figures = {
      lookUps: log.lookUps,
      quota: quotaFigures(log.lookUps.days, register.agreements, of, day),
      readers: opened.readers,
      dataBalikan: {
        ...opened.dataBalikan,
        undelivered: undeliveredFigures(undelivered),
        coverage: coverageOf({ covered, accepted: lookUps, overdueAfterDays: waiting.overdueAfterDays }, of, day),
      },
      incidents: log.incidents,
      register: registerFigures(register, of, log.at),
    };
    return { asOf, figures, register, undelivered };
  }

  /** What the log has as delivered is, whatever the outbox says. */
  private async withoutDelivered(
    { institutionId }: Counted,
    asOf: AsOf,
    records: readonly UndeliveredRecord[],
    deadline: Deadline,
  ): Promise<UndeliveredRecord[]> {
    const ids = records.map(({ id }) => id);
    const delivered = await this.facts.deliveredAmong(institutionId, asOf, ids, deadline);
    return records.filter(({ id }) => !delivered.has(id));
  }
}

/** @throws {AppError} EVIDENCE_UNAVAILABLE when what was opened was put right between the questions that it is made of */
function coverageOf(...facts: Parameters<typeof coverage>): ReturnType<typeof coverage> {
  try {
    return coverage(...facts);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 5 }, { cause });
  }
}

/** Each record once, in the order of ids. */
function together(first: readonly UndeliveredRecord[], second: readonly UndeliveredRecord[]): UndeliveredRecord[] {
  const known = new Set(first.map(({ id }) => id));
  return sortedBy([...first, ...second.filter(({ id }) => !known.has(id))], ({ id }) => id);
}

/** @throws {AppError} PERIOD_NOT_BEGUN when it lies in the future, or before there was an agreement */
function checkBegun({ from, until }: Counted, agreements: Register['agreements'], today: string): void {
  const first = agreements
    .filter(({ state }) => state !== 'draft')
    .flatMap(({ versions }) => versions.map(({ validFrom }) => validFrom))
    .sort()[0];
  if (from > today || first === undefined || until < first) throw new AppError('PERIOD_NOT_BEGUN');
}
