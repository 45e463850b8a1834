import { Injectable } from '@nestjs/common';
import { mostOpened, openAccessEvents, openBalikanEvents, type OpenedEvent, type ReportedLeafRow } from '#contracts';
import { openedMatches, type OpenedLeaf } from '#report';
import { AppError, Log, RpcClient } from '#service';
import type { Deadline } from './deadline.js';

/** So many that do not fit are named in the log, and the rest counted: one change of many rows is one event. */
export const mostNamed = 20;

export interface WrongParticulars {
  /** Of the leaf. */
  id: string;
  reason: 'missing' | 'other content';
}

/** Particulars of what was reported, from those who keep them. */
@Injectable()
export class OpenedEvents {
  constructor(
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly log: Log,
  ) {}

  /**
   * The particulars of leaves `READER_READ`, `DATA_BALIKAN` or `ADMINISTRATION`, as their keepers have them: unchecked, and without
   * those that nobody has any more.
   */
  async find(
    institutionId: string,
    leaves: readonly ReportedLeafRow[],
    deadline: Deadline,
  ): Promise<Map<string, OpenedEvent>> {
    const ofBalikan = leaves.filter(({ type }) => type === 'DATA_BALIKAN');
    const ofAccess = leaves.filter(({ type }) => type === 'READER_READ' || type === 'ADMINISTRATION');
    const asked = [
      ...inBatches(ofBalikan).map((batch) => this.askBalikan(institutionId, batch, deadline)),
      ...inBatches(ofAccess).map((batch) => this.askAccess(institutionId, batch, deadline)),
    ];
    return new Map((await Promise.all(asked)).flat().map((event) => [event.id, event]));
  }

  /**
   * The same, each compared with what its leaf commits to.
   *
   * @param isToldAlready that some of this institution do not fit: it is not said again
   * @throws {AppError} EVIDENCE_MISMATCH when one is missing or says something else
   */
  async open(
    institutionId: string,
    leaves: readonly ReportedLeafRow[],
    deadline: Deadline,
    isToldAlready = false,
  ): Promise<OpenedLeaf[]> {
    const { opened, wrong } = await this.compare(institutionId, leaves, deadline);
    if (wrong.length === 0) return opened;
    if (!isToldAlready) this.tell(institutionId, wrong);
    throw new AppError('EVIDENCE_MISMATCH');
  }

  /** Those that are what their leaves commit to, and those that are not. */
  async compare(
    institutionId: string,
    leaves: readonly ReportedLeafRow[],
    deadline: Deadline,
  ): Promise<{ opened: OpenedLeaf[]; wrong: WrongParticulars[] }> {
    const events = await this.find(institutionId, leaves, deadline);
    const opened: OpenedLeaf[] = [];
    const wrong: WrongParticulars[] = [];
    for (const leaf of leaves) {
      const event = events.get(leaf.id);
      if (event === undefined) wrong.push({ id: leaf.id, reason: 'missing' });
      else if (!openedMatches(leaf, event.salt, event.content)) wrong.push({ id: leaf.id, reason: 'other content' });
      else opened.push({ leaf, content: event.content });
    }
    return { opened, wrong };
  }

  /** @param count of all that do not fit, where only the first ones are given */
  tell(institutionId: string, wrong: readonly WrongParticulars[], count = wrong.length): void {
    for (const { id, reason } of wrong.slice(0, mostNamed))
      this.log.event('error', 'particulars do not fit the evidence log', { institutionId, subject: id, reason });
    this.log.event('error', 'a register does not fit the evidence log', { institutionId, count });
  }

  private async askBalikan(
    institutionId: string,
    leaves: ReportedLeafRow[],
    deadline: Deadline,
  ): Promise<OpenedEvent[]> {
    const events = leaves.flatMap(({ id, subject }) => (subject === null ? [] : [{ id, subject }]));
    return (await this.bus.call(openBalikanEvents, { institutionId, events }, { deadlineMs: deadline.next() })).events;
  }

  /** An answer may be full before all are in it: the rest is asked for again, as long as it gets less. */
  private async askAccess(
    institutionId: string,
    leaves: ReportedLeafRow[],
    deadline: Deadline,
  ): Promise<OpenedEvent[]> {
    const events: OpenedEvent[] = [];
    for (let ids = leaves.map(({ id }) => id); ids.length > 0;) {
      const answer = await this.bus.call(openAccessEvents, { institutionId, ids }, { deadlineMs: deadline.next() });
      events.push(...answer.events);
      if (answer.left.length >= ids.length) break;
      ids = answer.left;
    }
    return events;
  }
}

function inBatches(leaves: readonly ReportedLeafRow[]): ReportedLeafRow[][] {
  const batches: ReportedLeafRow[][] = [];
  for (let from = 0; from < leaves.length; from += mostOpened) batches.push(leaves.slice(from, from + mostOpened));
  return batches;
}
