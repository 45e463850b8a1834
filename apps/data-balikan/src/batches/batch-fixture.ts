import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsContext } from '@nestjs/microservices';
import type { Pool } from 'pg';
import type { BalikanActor, Batch, findLookUps, RowFaultPage, RpcInput, RpcOutput, UploadPolicy } from '#contracts';
import { AgreementKeys, KeyFolder, Log } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { AccessedPeople } from '../people/accessed-people.js';
import { agreementRows } from '../people/agreement-rows.js';
import { PersonVault } from '../people/person-vault.js';
import { BatchChecker } from './batch-checker.js';
import { BatchHousekeeping } from './batch-housekeeping.js';
import { BatchQueue } from './batch-queue.js';
import { BatchesController } from './batches.controller.js';
import { Batches } from './batches.service.js';
import { ChunkStore } from './chunk-store.js';
import { Uploads } from './uploads.js';

/** A fake person's NIK: serials from 9900 up, so that it meets nobody. */
export function makeNik(n: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(n / 100);
  const date = two(1 + (days % 28)) + two(1 + (Math.floor(days / 28) % 12)) + two(40 + (Math.floor(days / 336) % 60));
  return `331304${date}${9900 + (n % 100)}`;
}

export interface FileRow {
  nik: string;
  register: string;
  name: string;
  type: string;
  date: string;
}

export const makeRow = (n: number, overrides: Partial<FileRow> = {}): FileRow => ({
  nik: makeNik(n),
  register: `500/${String(n).padStart(6, '0')}/SKU/I/2026`,
  name: `Warung ${n}`,
  type: 'Perdagangan eceran',
  date: '2026-01-31',
  ...overrides,
});

export const makeCsv = (rows: readonly FileRow[]): Buffer =>
  Buffer.from(
    [
      'NIK;Nomor Register;Nama Usaha;Jenis Usaha;Tanggal',
      ...rows.map(({ nik, register, name, type, date }) => [nik, register, name, type, date].join(';')),
    ].join('\r\n') + '\r\n',
  );

export const makeActor = (overrides: Partial<BalikanActor> = {}): BalikanActor => ({
  institutionId: randomUUID(),
  agreementId: randomUUID(),
  agreementVersionId: randomUUID(),
  validFrom: '2025-01-01',
  clientId: 'uji',
  operatorId: randomUUID(),
  institutionName: 'Kecamatan Contoh',
  ...overrides,
});

/** Stands in for nik-verification, and for nothing else. */
export class FakeVerification {
  /** Who was never looked up. */
  readonly unknown = new Set<string>();
  /** Of some persons, also under one agreement alone: `agreement nik`. */
  readonly lookUps = new Map<string, string[]>();
  calls = 0;
  /** What an answer waits for, or is replaced by. */
  before: (call: number) => Promise<void> = () => Promise.resolve();

  async call(_rpc: unknown, input: unknown): Promise<never> {
    const { agreementId, people } = input as RpcInput<typeof findLookUps>;
    await this.before((this.calls += 1));
    const lookUps = people.map(({ nik }) =>
      this.unknown.has(nik)
        ? []
        : (this.lookUps.get(`${agreementId} ${nik}`) ?? this.lookUps.get(nik) ?? [randomUUID()]),
    );
    return { lookUps } satisfies RpcOutput<typeof findLookUps> as never;
  }
}

type Method = Exclude<keyof BatchesController, 'constructor'>;

/** What of one process of data-balikan has to do with files. */
export class FileReplica {
  readonly bus = new FakeVerification();
  readonly queue: BatchQueue;
  readonly store: ChunkStore;
  readonly checker: BatchChecker;
  readonly housekeeping: BatchHousekeeping;
  readonly controller: BatchesController;
  readonly destinations: Destinations;
  readonly keys: AgreementKeys;
  readonly vault: PersonVault;

  constructor(
    readonly pool: Pool,
    keyDir: string,
  ) {
    const folder = new KeyFolder(keyDir);
    this.keys = new AgreementKeys(folder);
    const vault = (this.vault = new PersonVault(folder, this.keys, agreementRows(pool)));
    const log = Log.create('test', 'error');
    this.store = new ChunkStore(pool, vault);
    this.queue = new BatchQueue(pool);
    this.destinations = new Destinations(pool, vault, this.keys);
    const parts = {
      pool,
      vault,
      store: this.store,
      queue: this.queue,
      accessed: new AccessedPeople(this.bus as never),
      destinations: this.destinations,
    };
    this.checker = new BatchChecker(parts, log, { checkers: 1, pollMs: 20, retryMs: 1, graceMs: 10 });
    this.housekeeping = new BatchHousekeeping(pool, log);
    const uploads = new Uploads(pool, vault, this.store, { keepHours: 72 });
    this.controller = new BatchesController(uploads, new Batches(pool, this.store), this.destinations);
  }

  /** As it comes from the bus: checked against the contract, answered in an envelope. */
  async ask(method: Method, input: object): Promise<unknown> {
    const handler = this.controller[method].bind(this.controller) as unknown as (
      input: object,
      context: NatsContext,
    ) => Promise<unknown>;
    return handler(input, { getHeaders: () => undefined } as unknown as NatsContext);
  }

  async value<T>(method: Method, input: object): Promise<T> {
    const answer = (await this.ask(method, input)) as { value?: T; error?: { code: string } };
    if (answer.value === undefined) throw new Error(answer.error?.code ?? 'no answer');
    return answer.value;
  }

  async upload(actor: BalikanActor, bytes: Buffer, policy: UploadPolicy, pieceBytes = 100_000): Promise<string> {
    const { id } = await this.value<{ id: string }>('begin', { actor, policy });
    const { institutionId } = actor;
    let n = 0;
    for (let at = 0; at < bytes.length; at += pieceBytes, n += 1)
      await this.value('put', { institutionId, id, n, bytes: bytes.subarray(at, at + pieceBytes).toString('base64') });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await this.value('finish', { institutionId, id, chunks: n, bytes: bytes.length, sha256 });
    return id;
  }

  /** Everything that waits. */
  async checkAll(): Promise<void> {
    while (await this.checker.next());
  }

  get({ institutionId }: BalikanActor, id: string): Promise<Batch> {
    return this.value<Batch>('get', { institutionId, id });
  }

  decide({ institutionId }: BalikanActor, id: string, decision: 'CANCEL' | 'TAKE_GOOD_ROWS'): Promise<Batch> {
    return this.value<Batch>('decide', { institutionId, id, decision });
  }

  async faults({ institutionId }: BalikanActor, id: string): Promise<RowFaultPage['faults']> {
    const faults: RowFaultPage['faults'] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: RowFaultPage = await this.value('faults', { institutionId, id, query: { limit: 100, after } });
      faults.push(...page.faults);
      after = page.next;
    }
    return faults;
  }

  async result({ institutionId }: BalikanActor, id: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let last = false; !last;) {
      const piece: { bytes: string; last: boolean } = await this.value('result', {
        institutionId,
        id,
        n: pieces.length,
      });
      pieces.push(Buffer.from(piece.bytes, 'base64'));
      last = piece.last;
    }
    return Buffer.concat(pieces);
  }

  async recordsOf({ institutionId }: BalikanActor): Promise<{ register: string; batch: string; state: string }[]> {
    const { rows } = await this.pool.query<{ register: string; batch: string; state: string }>(
      `SELECT register_number AS register, batch_id AS batch, state FROM balikan.record
       WHERE institution_id = $1 ORDER BY register_number`,
      [institutionId],
    );
    return rows;
  }

  async chunksOf(id: string): Promise<number> {
    const { rows } = await this.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM balikan.batch_chunk WHERE batch_id = $1',
      [id],
    );
    return rows[0]?.n ?? -1;
  }
}

/** A folder of keys, and as many replicas on it as a test wants. */
export class FileReplicas {
  private constructor(
    private readonly pool: () => Pool,
    readonly keyDir: string,
  ) {}

  static async create(pool: () => Pool): Promise<FileReplicas> {
    return new FileReplicas(pool, await mkdtemp(join(tmpdir(), 'gerbang-keys-')));
  }

  start(): FileReplica {
    return new FileReplica(this.pool(), this.keyDir);
  }

  close(): Promise<void> {
    return rm(this.keyDir, { recursive: true });
  }
}

/** The limits that a service's own pool has (libs/service). */
export const poolLimits = {
  max: 8,
  statement_timeout: 10_000,
  query_timeout: 11_000,
  idle_in_transaction_session_timeout: 15_000,
};
