import { Injectable } from '@nestjs/common';
import type { AsOf } from '#contracts';
import type { OpenedLeaf } from '#report';
import { AppError, Log } from '#service';
import { isCounted, whenever } from '../facts/counted-leaves.js';
import type { Deadline } from '../facts/deadline.js';
import type { Facts } from '../facts/facts.js';
import type { OpenedEvents, WrongParticulars } from '../facts/opened-events.js';
import { countedContent } from './counted-content.js';

/** Leaves on one page: 4 calls for particulars, or 5 of both kinds, are on their way at once. */
const leavesAtOnce = 400;

/** Opens particulars, page by page, and hands in what is counted of them to where the log is (docs/decisions/0026). */
@Injectable()
export class Opening {
  constructor(
    private readonly facts: Pick<Facts, 'unopened' | 'keepOpened' | 'reportedPage'>,
    private readonly events: Pick<OpenedEvents, 'open' | 'compare'>,
    private readonly log: Pick<Log, 'event'>,
  ) {}

  /** Opens all that is not opened up to a checkpoint. @throws as {@link next} */
  async upTo(institutionId: string, asOf: AsOf, deadline: Deadline): Promise<void> {
    while ((await this.next(institutionId, asOf, deadline)) > 0);
  }

  /**
   * Opens the first page of what is not opened.
   *
   * @param asOf default: the newest checkpoint
   * @param isToldAlready as {@link OpenedEvents.open} has it
   * @returns how many; 0: nothing is left
   * @throws {AppError} EVIDENCE_MISMATCH when one is missing, says something else or is not kept; when an owner does not answer
   */
  async next(
    institutionId: string,
    asOf: AsOf | undefined,
    deadline: Deadline,
    isToldAlready = false,
  ): Promise<number> {
    const of = { institutionId, limit: leavesAtOnce, ...(asOf && { asOf }) };
    const leaves = await this.facts.unopened(of, deadline);
    if (leaves.length === 0) return 0;
    const opened = await this.events.open(institutionId, leaves, deadline, isToldAlready);
    const count = leaves.length - (await this.keep(institutionId, opened, deadline));
    if (count <= 0) return leaves.length;
    // they would come again and again
    if (!isToldAlready) this.log.event('error', 'leaves are no longer those of their office', { institutionId, count });
    throw new AppError('EVIDENCE_MISMATCH');
  }

  /** Opens a page of everything that is counted up to a checkpoint anew, and hands it in again. */
  async anew(
    institutionId: string,
    asOf: AsOf,
    after: string | null,
    deadline: Deadline,
  ): Promise<{ wrong: WrongParticulars[]; next: string | null }> {
    const of = { institutionId, ...whenever, asOf, after, limit: leavesAtOnce };
    const page = await this.facts.reportedPage({ ...of, types: ['READER_READ', 'DATA_BALIKAN'] }, deadline);
    const { opened, wrong } = await this.events.compare(institutionId, page.events.filter(isCounted), deadline);
    await this.keep(institutionId, opened, deadline);
    return { wrong, next: page.next };
  }

  /** Returns how many are kept. */
  private async keep(institutionId: string, opened: readonly OpenedLeaf[], deadline: Deadline): Promise<number> {
    if (opened.length === 0) return 0;
    const events = opened.map((one) => ({ id: one.leaf.id, said: countedContent(one) }));
    const { kept, differing: count } = await this.facts.keepOpened({ institutionId, events }, deadline);
    if (count > 0) this.log.event('error', 'what was counted differed from the evidence log', { institutionId, count });
    return kept;
  }
}
