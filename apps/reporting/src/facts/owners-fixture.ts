import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
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
  openAccessEvents,
  openBalikanEvents,
  type AsOf,
  type CountedContent,
  type ErrorCode,
  type Period,
  type OpenedEvent,
  type Register,
  type ReportedLeafRow,
  type Rpc,
  type RpcInput,
  type RpcOutput,
  type UndeliveredRecord,
} from '#contracts';
import { contentHash, toBase64, toHex } from '#evidence';
import { deliveredAct, DeliveryTally, isIn, jakartaDay, monthOf, monthsOf, ReaderTally, sortedBy } from '#report';
import { AppError } from '#service';
import { emptyFigures, makeRegister } from '../forms/report-content-fixture.js';
import { isCounted } from './counted-leaves.js';

type Entry =
  | { kind: 'LOOK_UP'; id: string; at: string; covered: boolean }
  | { kind: 'REFUSAL'; at: string }
  | { kind: 'REPORTED'; leaf: ReportedLeafRow };

interface OfficeOfTest {
  register: Register;
  validFrom: string;
  validUntil: string;
  log: Entry[];
  /** Particulars, as their keepers have them. */
  opened: Map<string, OpenedEvent>;
  /** What was handed in of them, as the log's keeper has it. */
  kept: Map<string, CountedContent>;
  undelivered: UndeliveredRecord[];
  /** Delivered more than an hour ago; the log has not been told. */
  untold: UndeliveredRecord[];
}

/** Stands in for the owners of the facts: logs that only grow, registers, and what they answer about them. */
export class OwnersOfTest {
  readonly offices = new Map<string, OfficeOfTest>();
  readonly asked: string[] = [];
  /** Time at which checkpoints are signed. */
  now = '2026-06-01T02:00:00.000Z';
  pageSize = 2;
  /** Offices whose figures cannot be had. */
  readonly failing = new Map<string, ErrorCode>();
  /** What happens before a question of this subject is answered. */
  readonly before = new Map<string, () => Promise<void>>();

  addOffice(overrides: Partial<OfficeOfTest> = {}, id: string = randomUUID()): string {
    const { register = makeRegister() } = overrides;
    this.offices.set(id, {
      validFrom: '2024-12-07',
      validUntil: '2026-12-06',
      log: [],
      opened: new Map(),
      kept: new Map(),
      undelivered: [],
      untold: [],
      ...overrides,
      register: { ...register, institution: { ...register.institution, id } },
    });
    return id;
  }

  office(id: string): OfficeOfTest {
    const office = this.offices.get(id);
    if (!office) throw new AppError('RESOURCE_NOT_FOUND');
    return office;
  }

  addLookUp(office: string, at: string, id: string = randomUUID(), covered = true): string {
    this.office(office).log.push({ kind: 'LOOK_UP', id, at, covered });
    return id;
  }

  addRefusal(office: string, at: string): void {
    this.office(office).log.push({ kind: 'REFUSAL', at });
  }

  addRead(
    office: string,
    at: string,
    content: Record<string, unknown> = {},
    ids: { id?: string; reader?: string } = {},
  ): string {
    const { id, reader = randomUUID() } = ids;
    const said = { outcome: 'MATCHED', tries: 1, service: 'SKU', reference: null, verificationId: null, ...content };
    return this.report(office, { type: 'READER_READ', act: 'reader.read', at, subject: reader, id }, said);
  }

  addDelivery(office: string, at: string, verificationId: string, subject: string = randomUUID(), id?: string): string {
    const of = { type: 'DATA_BALIKAN', act: 'data-balikan.delivered', at, subject, id } as const;
    return this.report(office, of, { namaUsaha: 'Warung CONTOH', receipt: 'SUCCESS', verificationId });
  }

  report(
    office: string,
    leaf: Omit<ReportedLeafRow, 'id' | 'contentHash'> & { id?: string | undefined },
    content: Record<string, unknown>,
  ): string {
    const { log, opened } = this.office(office);
    const salt = randomBytes(32);
    const id = leaf.id ?? randomUUID();
    log.push({ kind: 'REPORTED', leaf: { ...leaf, id, contentHash: toHex(contentHash(salt, content)) } });
    opened.set(id, { id, salt: toBase64(salt), content });
    return id;
  }

  /** In place of the bus. */
  readonly bus = {
    call: async <R extends Rpc>(rpc: R, input: RpcInput<R>): Promise<RpcOutput<R>> =>
      rpc.output.parse(await this.answer(rpc.subject, rpc.input.parse(input))) as RpcOutput<R>,
  };

  /** @throws {AppError} */
  async answer(subject: string, input: unknown): Promise<unknown> {
    this.asked.push(subject);
    await this.before.get(subject)?.();
    const answers = this.answers[subject];
    if (!answers) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    return answers(input as never);
  }

  get subjects(): string[] {
    return Object.keys(this.answers);
  }

  private readonly answers: Record<string, (input: never) => unknown> = {
    [getFigures.subject]: ({ institutionId, from, until, asOf }: RpcInput<typeof getFigures>) => {
      const fault = this.failing.get(institutionId);
      if (fault) throw new AppError(fault);
      return this.figures(institutionId, { from, until }, asOf?.size);
    },
    [listReportedEvents.subject]: (input: RpcInput<typeof listReportedEvents>) => {
      const leaves = this.entries(input.institutionId, input.asOf.size)
        .flatMap((entry) => (entry.kind === 'REPORTED' ? [entry.leaf] : []))
        .filter(({ type, at }) => input.types.includes(type) && isIn(input, jakartaDay(at)));
      const { items, next } = this.page(leaves, ({ id }) => id, input.after);
      return { events: items, next };
    },
    [listUnopenedEvents.subject]: ({ institutionId, asOf, limit }: RpcInput<typeof listUnopenedEvents>) => ({
      events: this.unopened(institutionId, asOf?.size).slice(0, Math.min(limit, this.pageSize)),
    }),
    [keepOpenedEvents.subject]: ({ institutionId, events }: RpcInput<typeof keepOpenedEvents>) => {
      const { kept } = this.office(institutionId);
      const counted = new Set(this.countedLeaves(institutionId).map(({ id }) => id));
      const own = events.filter(({ id }) => counted.has(id));
      const differing = own.filter(({ id, said }) => kept.has(id) && !isDeepStrictEqual(kept.get(id), said)).length;
      for (const { id, said } of own) kept.set(id, said);
      return { kept: own.length, differing };
    },
    [getOpenedFigures.subject]: ({ institutionId, asOf, ...period }: RpcInput<typeof getOpenedFigures>) => {
      if (this.unopened(institutionId, asOf.size).length > 0) throw new AppError('EVIDENCE_UNAVAILABLE');
      const [readers, deliveries] = [new ReaderTally(period), new DeliveryTally(period)];
      for (const leaf of this.countedLeaves(institutionId, asOf.size)) {
        const content = { ...this.office(institutionId).kept.get(leaf.id)! };
        readers.add({ leaf, content });
        deliveries.add({ leaf, content });
      }
      const lookUps = this.coveredLookUps(institutionId, asOf, period);
      const covered = sortedBy(new Set(lookUps.map(({ day }) => day)), (day) => day).map((day) => {
        const ofDay = lookUps.filter((one) => one.day === day);
        return { day, lookUps: ofDay.length, sent: ofDay.filter(({ isSent }) => isSent).length };
      });
      return { readers: readers.figures(), dataBalikan: deliveries.figures(), covered };
    },
    [listAcceptedLookUps.subject]: (input: RpcInput<typeof listAcceptedLookUps>) => {
      const lookUps = this.coveredLookUps(input.institutionId, input.asOf, input)
        .filter(({ isSent, verificationId }) => !isSent && input.named.includes(verificationId))
        .map(({ verificationId, day }) => ({ verificationId, day }));
      const { items, next } = this.page(lookUps, ({ verificationId }) => verificationId, input.after);
      return { lookUps: items, next };
    },
    [listDeliveredRecords.subject]: ({ institutionId, asOf, records }: RpcInput<typeof listDeliveredRecords>) => {
      const delivered = this.countedLeaves(institutionId, asOf.size)
        .filter(({ act }) => act === deliveredAct)
        .map(({ subject }) => subject);
      return { records: records.filter((id) => delivered.includes(id)) };
    },
    [openAccessEvents.subject]: ({ institutionId, ids }: RpcInput<typeof openAccessEvents>) => ({
      // an answer that was full
      events: this.open(institutionId, ids.slice(0, 2)),
      left: ids.slice(2),
    }),
    [openBalikanEvents.subject]: ({ institutionId, events }: RpcInput<typeof openBalikanEvents>) => ({
      events: this.open(
        institutionId,
        events.map(({ id }) => id),
      ),
    }),
    [listOffices.subject]: ({ after }: RpcInput<typeof listOffices>) => {
      const offices = [...this.offices].map(([id, { register, validFrom, validUntil }]) => {
        const { name, regionCode } = register.institution;
        return { id, name, regionCode, validFrom, validUntil, closed: false };
      });
      const { items, next } = this.page(offices, ({ id }) => id, after);
      return { offices: items, next };
    },
    [getRegister.subject]: ({ institutionId }: RpcInput<typeof getRegister>) => {
      const { people: _people, exceptions: _exceptions, ...register } = this.office(institutionId).register;
      return register;
    },
    [listPeople.subject]: ({ institutionId, after }: RpcInput<typeof listPeople>) => {
      const { items, next } = this.page(this.office(institutionId).register.people, ({ id }) => id, after);
      return { people: items, next };
    },
    [listExceptions.subject]: ({ institutionId }: RpcInput<typeof listExceptions>) => ({
      exceptions: this.office(institutionId).register.exceptions,
      next: null,
    }),
    [listUndelivered.subject]: ({ institutionId, after, untold }: RpcInput<typeof listUndelivered>) => {
      const office = this.office(institutionId);
      const records = untold ? [...office.undelivered, ...office.untold] : office.undelivered;
      const { items, next } = this.page(records, ({ id }) => id, after);
      return { records: items, next, overdueAfterDays: 14 };
    },
  };

  private entries(institutionId: string, size?: number): Entry[] {
    const { log } = this.office(institutionId);
    if (size !== undefined && size > log.length) throw new AppError('NOT_IN_CHECKPOINT');
    return log.slice(0, size);
  }

  private countedLeaves(institutionId: string, size?: number): ReportedLeafRow[] {
    return this.entries(institutionId, size)
      .flatMap((entry) => (entry.kind === 'REPORTED' ? [entry.leaf] : []))
      .filter(isCounted);
  }

  private unopened(institutionId: string, size?: number): ReportedLeafRow[] {
    const { kept } = this.office(institutionId);
    return this.countedLeaves(institutionId, size).filter(({ id }) => !kept.has(id));
  }

  /** Each look-up is a case of its own. */
  private coveredLookUps(institutionId: string, { size }: AsOf, period: Period) {
    const { kept } = this.office(institutionId);
    const named = new Set(
      this.countedLeaves(institutionId, size)
        .filter(({ type }) => type === 'DATA_BALIKAN')
        .map(({ id }) => kept.get(id)?.verificationId),
    );
    return this.entries(institutionId, size).flatMap((entry) => {
      if (entry.kind !== 'LOOK_UP' || !entry.covered || !isIn(period, jakartaDay(entry.at))) return [];
      return [{ verificationId: entry.id, day: jakartaDay(entry.at), isSent: named.has(entry.id) }];
    });
  }

  private open(institutionId: string, ids: readonly string[]): OpenedEvent[] {
    const { opened } = this.office(institutionId);
    return ids.map((id) => opened.get(id)).filter((event) => event !== undefined);
  }

  private page<T>(rows: readonly T[], idOf: (row: T) => string, after: string | null) {
    const begin = after === null ? 0 : rows.findIndex((row) => idOf(row) === after) + 1;
    const items = rows.slice(begin, begin + this.pageSize);
    return { items, next: begin + items.length < rows.length ? idOf(items.at(-1)!) : null };
  }

  private figures(institutionId: string, period: { from: string; until: string }, size?: number) {
    const entries = this.entries(institutionId, size).filter((entry) => {
      const { at } = entry.kind === 'REPORTED' ? entry.leaf : entry;
      return isIn(period, jakartaDay(at));
    });
    const daysOfHits = entries.flatMap((entry) => (entry.kind === 'LOOK_UP' ? [jakartaDay(entry.at)] : []));
    const refused = entries.filter(({ kind }) => kind === 'REFUSAL').length;
    const hits = daysOfHits.length;
    const nothing = emptyFigures({ kind: 'OTHER', ...period }).lookUps;
    const counts = (number: number) => ({ requests: number, hits: number, confirmed: number });
    const origin = `uji.invalid/${institutionId}/1`;
    const root = 'ByT2dzT8CvkJH1nJzzLtBPLZzgCK1qfzJ9lY2vXvQ3A=';
    const at = size ?? this.office(institutionId).log.length;
    return {
      at: this.now,
      checkpoints: [{ origin, size: at, root, note: `${origin}\n${at}\n${root}\n` }],
      lookUps: {
        ...nothing,
        total: { ...nothing.total, ...counts(hits), refused },
        months: monthsOf(period).map((month, number) => {
          const of = daysOfHits.filter((day) => monthOf(day) === month);
          return { ...nothing.months[number]!, ...counts(of.length) };
        }),
        days: sortedBy(new Set(daysOfHits), (day) => day).map((day) => ({
          day,
          hits: daysOfHits.filter((one) => one === day).length,
          refusedByQuota: 0,
        })),
      },
      incidents: emptyFigures({ kind: 'OTHER', ...period }).incidents,
    };
  }
}
