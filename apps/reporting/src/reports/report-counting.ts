import type pg from 'pg';
import type { AsOf, Register, ReportContent, ReportedLeafRow, UndeliveredRecord } from '#contracts';
import {
  balikanFigures,
  deliveredAct,
  jakartaDay,
  quotaFigures,
  readerFigures,
  registerFigures,
  sortedBy,
  type OpenedLeaf,
} from '#report';
import { AppError } from '#service';
import type { Deadline } from '../facts/deadline.js';
import type { Counted, Facts } from '../facts/facts.js';
import type { OpenedEvents } from '../facts/opened-events.js';
import { findCounted, type Count, type KeptCount } from './counted.repository.js';

/** Leaves on one page, and calls for particulars that are on their way at once: 2 lists x 4. */
const leavesAtOnce = 400;
/** Data balikan count whenever they were delivered. */
export const whenever = { from: '2000-01-01', until: '2200-12-31' };

const readActs = ['reader.read', 'reader.offline-check'];
/** Whether the particulars of a leaf are counted (docs/report-format.md). */
export const isCounted = ({ type, act }: ReportedLeafRow): boolean =>
  (type === 'READER_READ' && readActs.includes(act)) || (type === 'DATA_BALIKAN' && act === deliveredAct);

/** Counts what a report says, from the facts of their owners, as of one checkpoint. */
export class ReportCounting {
  constructor(
    private readonly pool: pg.Pool,
    private readonly facts: Facts,
    private readonly events: OpenedEvents,
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
    const [reads, deliveries, waiting, lookUps] = await Promise.all([
      this.opened(of, point, 'READER_READ', deadline),
      this.opened({ institutionId: of.institutionId, ...whenever }, point, 'DATA_BALIKAN', deadline),
      this.facts.undelivered(of.institutionId, log.at, deadline),
      this.facts.coveredLookUps(of, point, deadline),
    ]);
    // what the log has as delivered is, whatever the outbox says
    const delivered = new Set(deliveries.map(({ leaf }) => leaf.subject));
    const undelivered = together(waiting.records, untold).filter(
      ({ id, acceptedAt }) => !delivered.has(id) && Date.parse(acceptedAt) <= Date.parse(log.at),
    );
    const day = jakartaDay(log.at);
    const { overdueAfterDays } = waiting;
    const figures = {
      lookUps: log.lookUps,
      quota: quotaFigures(log.lookUps.days, register.agreements, of, day),
      readers: readerFigures(reads, of),
      dataBalikan: balikanFigures({ events: deliveries, undelivered, lookUps, overdueAfterDays }, of, day),
      incidents: log.incidents,
      register: registerFigures(register, of, log.at),
    };
    return { asOf, figures, register, undelivered };
  }

  private async opened(
    of: Counted,
    asOf: AsOf,
    type: ReportedLeafRow['type'],
    deadline: Deadline,
  ): Promise<OpenedLeaf[]> {
    const all: OpenedLeaf[] = [];
    let after: string | null = null;
    do {
      const input = { ...of, asOf, types: [type], after, limit: leavesAtOnce };
      const page: Awaited<ReturnType<Facts['reportedPage']>> = await this.facts.reportedPage(input, deadline);
      const opened = await this.events.open(of.institutionId, page.events.filter(isCounted), deadline);
      for (const { leaf, content } of opened) all.push({ leaf, content: countedOf(content) });
      after = page.next;
    } while (after !== null);
    return all;
  }
}

/** The checkpoint that is counted up to. */
export const pointOf = ({ at, checkpoints }: ReportContent['asOf']): AsOf & { at: string } => {
  const { origin, size } = checkpoints.at(-1)!;
  return { origin, size, at };
};

/** Each record once, in the order of ids. */
function together(first: readonly UndeliveredRecord[], second: readonly UndeliveredRecord[]): UndeliveredRecord[] {
  const known = new Set(first.map(({ id }) => id));
  return sortedBy([...first, ...second.filter(({ id }) => !known.has(id))], ({ id }) => id);
}

/** What figures are made of; names of businesses are not kept in memory for it. */
function countedOf({ outcome, tries, service, receipt, verificationId }: OpenedLeaf['content']): OpenedLeaf['content'] {
  return { outcome, tries, service, receipt, verificationId };
}

/** @throws {AppError} PERIOD_NOT_BEGUN when it lies in the future, or before there was an agreement */
function checkBegun({ from, until }: Counted, agreements: Register['agreements'], today: string): void {
  const first = agreements
    .filter(({ state }) => state !== 'draft')
    .flatMap(({ versions }) => versions.map(({ validFrom }) => validFrom))
    .sort()[0];
  if (from > today || first === undefined || until < first) throw new AppError('PERIOD_NOT_BEGUN');
}
