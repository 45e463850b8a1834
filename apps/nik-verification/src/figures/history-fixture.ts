import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Checkpoint, CountedContent, LookUpFigures } from '#contracts';
import { KeyFolder, Log } from '#service';
import { plainFigures } from '../../../../bench/reporting/plain-figures.js';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { CheckpointFolder } from '../evidence/checkpoint-folder.js';
import { Leadership } from '../evidence/leadership.js';
import { LogKey } from '../evidence/log-key.js';
import { findLog } from '../evidence/log.repository.js';
import { Sequencer } from '../evidence/sequencer.js';
import { AsOfFinder } from './as-of.js';
import { Figures } from './figures.js';
import { FiguresRepository } from './figures.repository.js';
import { LeafPages } from './leaf-pages.js';
import { OpenedEvents } from './opened-events.js';
import { LookUpSample } from './sample.js';
import { Tally } from './tally.js';

export interface MadeEvent {
  id?: string;
  at: string;
  kind: 'REQUESTED' | 'ANSWERED' | 'REFUSED';
  verificationId: string;
  version?: string | null;
  client?: string;
  operator?: string | null;
  service?: string | null;
  reference?: string | null;
  mode?: string | null;
  nikHmac?: string | null;
  referenceHmac?: string | null;
  hit?: string | null;
  outcome?: string | null;
}

/** What particulars say nothing of. */
export const nothingSaid: CountedContent = {
  outcome: null,
  tries: null,
  service: null,
  receipt: null,
  verificationId: null,
};

/** A database with logs as they grow, and everything that counts them; no timer runs. */
export class History {
  private constructor(
    readonly database: TestDatabase,
    readonly pool: pg.Pool,
    private readonly folder: string,
  ) {}

  static async begin(): Promise<History> {
    const database = await TestDatabase.create();
    return new History(
      database,
      database.pool('nik_verification', { max: 8 }),
      await mkdtemp(join(tmpdir(), 'gerbang-history-')),
    );
  }

  async end(): Promise<void> {
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }

  readonly log = Log.create('uji', 'error');

  get checkpointDir(): string {
    return join(this.folder, 'checkpoints');
  }

  sequencer(): Sequencer {
    return new Sequencer(
      this.pool,
      new Leadership(this.pool, { holder: randomUUID(), silenceMs: 20_000 }),
      new CheckpointFolder(this.checkpointDir),
      new LogKey(new KeyFolder(this.folder)),
      this.log,
      { installation: 'uji', enabled: true, everyMs: 50, signEveryMs: 0 },
    );
  }

  asOf = (): AsOfFinder => new AsOfFinder(this.pool, this.sequencer());
  figures = (): Figures => new Figures(this.asOf(), new FiguresRepository(this.pool));
  pages = (): LeafPages => new LeafPages(this.pool);
  opened = (pool = this.pool): OpenedEvents => new OpenedEvents(pool);
  sample = (): LookUpSample => new LookUpSample(this.pool, this.asOf());
  tally = (width = 64, most = 1_000, pool = this.pool, log = this.log): Tally =>
    new Tally(pool, log, { everyMs: 1_000, width, most });

  sign = (institutionId: string): Promise<Checkpoint> => this.sequencer().signNow(institutionId);

  /** In the order given, each statement a transaction: as the service role writes them, and queued by the trigger. */
  async write(institutionId: string, events: readonly MadeEvent[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
         operator_id, service, case_reference, mode, fields, nik_hmac, reference_hmac, hit_state, outcome)
       SELECT coalesce(id, uuidv7()), at, kind, "verificationId", $1, version, coalesce(client, 'uji'), operator, service, reference,
         mode, '{}', decode("nikHmac", 'hex'), decode("referenceHmac", 'hex'), hit, outcome
       FROM jsonb_to_recordset($2::jsonb) AS made (id uuid, at timestamptz, kind text, "verificationId" uuid, version uuid,
         client text, operator uuid, service text, reference text, mode text, "nikHmac" text, "referenceHmac" text, hit text, outcome text)`,
      [institutionId, JSON.stringify(events)],
    );
  }

  async report(
    institutionId: string,
    at: string,
    type: string,
    act: string,
    subject: string | null = null,
    id?: string,
  ): Promise<string> {
    const { rows } = await this.pool.query<{ id: string }>(
      `INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, subject, content_hash)
       VALUES (coalesce($6, uuidv7()), $2, $2, $3, $1, $4, $5, sha256('uji')) RETURNING id`,
      [institutionId, at, type, act, subject, id],
    );
    return rows[0]!.id;
  }

  /** As reporting hands in what it opened. */
  open = (
    institutionId: string,
    said: ReadonlyMap<string, Partial<CountedContent>>,
  ): ReturnType<OpenedEvents['keep']> =>
    this.opened().keep(
      institutionId,
      [...said].map(([id, one]) => ({ id, said: { ...nothingSaid, ...one } })),
    );

  /** A record that was delivered and opened; `verificationId` is the look-up that it names. */
  async deliver(institutionId: string, at: string, said: Partial<CountedContent> = {}): Promise<string> {
    const id = await this.report(institutionId, at, 'DATA_BALIKAN', 'data-balikan.delivered', randomUUID());
    await this.sign(institutionId);
    await this.open(institutionId, new Map([[id, { receipt: 'SUCCESS', ...said }]]));
    return id;
  }

  asSuperuser = (sql: string, values: unknown[] = []): Promise<pg.QueryResult> =>
    this.database.asSuperuser(this.database.name, (client) => client.query(sql, values));

  /** As a restore from a backup leaves it: everything from an index on is gone. */
  async setBack(institutionId: string, size: number): Promise<void> {
    const own = `log_id = (SELECT id FROM verification.log WHERE institution_id = $1 ORDER BY generation DESC LIMIT 1)`;
    await this.asSuperuser(
      `WITH gone AS (DELETE FROM verification.log_leaf WHERE index >= $2 AND ${own} RETURNING event_id),
         forgotten AS (DELETE FROM verification.reported_event WHERE id IN (SELECT event_id FROM gone))
       DELETE FROM verification.access_event WHERE id IN (SELECT event_id FROM gone)`,
      [institutionId, size],
    );
    await this.asSuperuser(`UPDATE verification.opened_until SET index = least(index, $2) WHERE ${own}`, [
      institutionId,
      size,
    ]);
    for (const gone of [
      'log_checkpoint WHERE size > $2',
      'opened_event WHERE index >= $2',
      'log_node WHERE (index + 1) * (1 << level) > $2',
      'tally_cell WHERE first >= $2 - $2 % 64',
      'tally_chunk WHERE first >= $2 - $2 % 64',
    ])
      await this.asSuperuser(`DELETE FROM verification.${gone} AND ${own}`, [institutionId, size]);
  }

  /** The same figures, counted by one plain statement over the raw rows. */
  async plainFigures(
    institutionId: string,
    { from, until, size, generation }: { from: string; until: string; size: number; generation?: number },
  ): Promise<LookUpFigures> {
    const log = await findLog(this.pool, institutionId, generation);
    const { rows } = await this.pool.query<{ figures: LookUpFigures }>(plainFigures, [
      institutionId,
      from,
      until,
      log?.id,
      size,
    ]);
    return rows[0]!.figures;
  }
}
