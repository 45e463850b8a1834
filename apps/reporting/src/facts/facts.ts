import { Injectable } from '@nestjs/common';
import {
  getFigures,
  getOpenedFigures,
  getRegister,
  keepOpenedEvents,
  listAcceptedLookUps,
  listDeliveredRecords,
  listExceptions,
  listOffices,
  listPeople,
  listReportedEvents,
  listUndelivered,
  listUnopenedEvents,
  type AsOf,
  type Period,
  type Register,
  type ReportedLeafRow,
  type RpcInput,
  type RpcOutput,
  type UndeliveredRecord,
} from '#contracts';
import { RpcClient } from '#service';
import type { Deadline } from './deadline.js';
import { allPages } from './pages.js';

/** Whose figures, of which days. */
export interface Counted extends Period {
  institutionId: string;
}
export type LogFigures = RpcOutput<typeof getFigures>;
export type Office = RpcOutput<typeof listOffices>['offices'][number];
export type OpenedFigures = RpcOutput<typeof getOpenedFigures>;
export type AcceptedLookUp = RpcOutput<typeof listAcceptedLookUps>['lookUps'][number];
export interface Undelivered {
  records: UndeliveredRecord[];
  overdueAfterDays: number;
}

/** A checkpoint is signed for it. */
const figuresMs = 30_000;
/** Look-ups that are named, and records, with one question. */
const namedAtOnce = 1_000;
/** An hour before it nothing was delivered. */
const endOfTime = '9999-12-31T00:00:00.000Z';

/** What reporting asks of those who own the facts (DESIGN 3). Every list is whole, or the call fails. */
@Injectable()
export class Facts {
  constructor(private readonly bus: Pick<RpcClient, 'call'>) {}

  /** Look-ups and incidents as of a checkpoint; without one, as of one that is signed now. @throws {AppError} as the contract has it */
  figures({ institutionId, from, until }: Counted, asOf: AsOf | undefined, deadline: Deadline): Promise<LogFigures> {
    const input = { institutionId, from, until, ...(asOf && { asOf }) };
    return this.bus.call(getFigures, input, { deadlineMs: deadline.next(figuresMs) });
  }

  /** A page of what other parts reported, in the order of the log. @throws {AppError} as the contract has it */
  reportedPage(input: RpcInput<typeof listReportedEvents>, deadline: Deadline) {
    return this.bus.call(listReportedEvents, input, { deadlineMs: deadline.next() });
  }

  /** The first leaves that are counted and not opened yet. @throws {AppError} as the contract has it */
  async unopened(input: RpcInput<typeof listUnopenedEvents>, deadline: Deadline): Promise<ReportedLeafRow[]> {
    return (await this.bus.call(listUnopenedEvents, input, { deadlineMs: deadline.next() })).events;
  }

  /** @throws {AppError} as the contract has it */
  keepOpened(input: RpcInput<typeof keepOpenedEvents>, deadline: Deadline) {
    return this.bus.call(keepOpenedEvents, input, { deadlineMs: deadline.next() });
  }

  /** What opened particulars count for. @throws {AppError} as the contract has it */
  openedFigures({ institutionId, from, until }: Counted, asOf: AsOf, deadline: Deadline): Promise<OpenedFigures> {
    return this.bus.call(
      getOpenedFigures,
      { institutionId, from, until, asOf },
      { deadlineMs: deadline.next(figuresMs) },
    );
  }

  /** Look-ups whose case has one of those that are named, and no delivered record; each once. @throws {AppError} as the contract has it */
  async acceptedLookUps(
    of: Counted,
    asOf: AsOf,
    named: readonly string[],
    deadline: Deadline,
  ): Promise<AcceptedLookUp[]> {
    const { institutionId, from, until } = of;
    const found = new Map<string, AcceptedLookUp>();
    for (const batch of inBatches([...new Set(named)])) {
      const lookUps = await allPages(async (after) => {
        const input = { institutionId, from, until, asOf, named: batch, after, limit: 1_000 };
        const page = await this.bus.call(listAcceptedLookUps, input, { deadlineMs: deadline.next() });
        return { items: page.lookUps, next: page.next };
      });
      // those of one case may be named in several batches
      for (const lookUp of lookUps) found.set(lookUp.verificationId, lookUp);
    }
    return [...found.values()];
  }

  /** Which of these records the log has as delivered. @throws {AppError} as the contract has it */
  async deliveredAmong(
    institutionId: string,
    asOf: AsOf,
    records: readonly string[],
    deadline: Deadline,
  ): Promise<Set<string>> {
    const delivered = new Set<string>();
    for (const batch of inBatches(records)) {
      const input = { institutionId, asOf, records: batch };
      const page = await this.bus.call(listDeliveredRecords, input, { deadlineMs: deadline.next() });
      for (const id of page.records) delivered.add(id);
    }
    return delivered;
  }

  /** Records that were accepted up to a moment, and those among them that may have been delivered by then. */
  undelivered(institutionId: string, at: string, deadline: Deadline): Promise<Undelivered> {
    return this.records({ institutionId, at, untold: false }, deadline);
  }

  /** Records that are not delivered now, and those that are without the log having been told: it may have been away for long. */
  async untold(institutionId: string, deadline: Deadline): Promise<UndeliveredRecord[]> {
    return (await this.records({ institutionId, at: endOfTime, untold: true }, deadline)).records;
  }

  private async records(
    of: Pick<RpcInput<typeof listUndelivered>, 'institutionId' | 'at' | 'untold'>,
    deadline: Deadline,
  ): Promise<Undelivered> {
    let overdueAfterDays = 0;
    const records = await allPages(async (after) => {
      const input = { ...of, after, limit: 1_000 };
      const page = await this.bus.call(listUndelivered, input, { deadlineMs: deadline.next() });
      overdueAfterDays = page.overdueAfterDays;
      return { items: page.records, next: page.next };
    });
    return { records, overdueAfterDays };
  }

  /** What the office has on file now; exceptions of the period. @throws {AppError} RESOURCE_NOT_FOUND */
  async register({ institutionId, from, until }: Counted, deadline: Deadline): Promise<Register> {
    const [rest, people, exceptions] = await Promise.all([
      this.bus.call(getRegister, { institutionId }, { deadlineMs: deadline.next() }),
      allPages(async (after) => {
        const page = await this.bus.call(listPeople, { institutionId, after }, { deadlineMs: deadline.next() });
        return { items: page.people, next: page.next };
      }),
      allPages(async (after) => {
        const input = { institutionId, from, until, after };
        const page = await this.bus.call(listExceptions, input, { deadlineMs: deadline.next() });
        return { items: page.exceptions, next: page.next };
      }),
    ]);
    return { ...rest, people, exceptions };
  }

  /** Kecamatan that have, or had, an agreement. */
  offices(deadline: Deadline): Promise<Office[]> {
    return allPages(async (after) => {
      const page = await this.bus.call(listOffices, { after }, { deadlineMs: deadline.next() });
      return { items: page.offices, next: page.next };
    });
  }
}

function inBatches(ids: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let from = 0; from < ids.length; from += namedAtOnce) batches.push(ids.slice(from, from + namedAtOnce));
  return batches;
}
