import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { Role } from '#contracts';
import { dataSourceOptions } from '#service';
import type { Act } from '../administration/act.js';
import type { AdminActor } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { databaseEntities, databaseSchema } from '../app.module.js';
import { SealingKey } from '#service/keys/sealing-key';

export interface Row {
  role?: Role;
  from?: string;
  until?: string | null;
  revoked?: boolean;
  institutionId?: string;
}

/** What is needed of a test's database; the build takes nothing in from outside of the apps. */
interface Database {
  readonly name: string;
  readonly server: { host: string; port: number; passwords: { gateway: string } };
  asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
  setAccessClock(clock: { at: string }): Promise<void>;
  drop(): Promise<void>;
}

/** A database with two kecamatan of one kabupaten and its Disdukcapil, whose clock stands still on 2026-06-15. */
export class ActsFixture {
  private made = 0;

  private constructor(
    readonly database: Database,
    readonly source: DataSource,
    readonly sealing: SealingKey,
    private readonly keyDir: string,
    readonly kecamatan: string,
    readonly neighbour: string,
    readonly disdukcapil: string,
  ) {}

  static async create(database: Database): Promise<ActsFixture> {
    await database.setAccessClock({ at: '2026-06-15T02:00:00Z' });
    const ids = await database.asSuperuser(database.name, async (admin) => {
      const { rows } = await admin.query<{ id: string }>(
        `INSERT INTO access.institution (name, region_code, kind) VALUES ('Kecamatan Uji', '33.98.01', 'kecamatan'),
           ('Kecamatan Lain', '33.98.02', 'kecamatan'), ('Disdukcapil Uji', '33.98', 'disdukcapil') RETURNING id`,
      );
      return rows.map(({ id }) => id);
    });
    const { host, port, passwords } = database.server;
    const config = { host, port, name: database.name, user: 'gateway', password: passwords.gateway, poolSize: 3 };
    const source = await new DataSource(
      dataSourceOptions('test', databaseSchema, config, databaseEntities),
    ).initialize();
    const keyDir = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
    const [kecamatan = '', neighbour = '', disdukcapil = ''] = ids;
    return new ActsFixture(database, source, new SealingKey(keyDir), keyDir, kecamatan, neighbour, disdukcapil);
  }

  async drop(): Promise<void> {
    await this.source.destroy();
    await this.database.drop();
    await rm(this.keyDir, { recursive: true, force: true });
  }

  /** Rows as the superuser sees them. */
  async sql<T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.database.asSuperuser(
      this.database.name,
      async (admin) => (await admin.query(text, values)).rows as T[],
    );
  }

  name(): string {
    this.made += 1;
    return `orang${this.made}`;
  }

  /** Somebody with an account that has been activated, an NDA and a session. */
  async person(row: Row = {}): Promise<string> {
    const {
      role = 'operator',
      from = '2026-01-01',
      until = null,
      revoked = false,
      institutionId = this.home(role),
    } = row;
    const name = this.name();
    const [made] = await this.sql<{ id: string }>(
      `INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from, active_until, revoked_at)
       VALUES ($1, $2, 'Orang Uji', $3, $4, $5, CASE WHEN $6 THEN access.clock() END) RETURNING id`,
      [institutionId, name, role, from, until, revoked],
    );
    const id = made?.id ?? '';
    await this.sql(
      `INSERT INTO access.account (operator_id, username, password_hash, totp_sealed, totp_confirmed_at)
       VALUES ($1, $2, 'x', 'x', access.clock())`,
      [id, name],
    );
    await this.sql(
      "INSERT INTO access.nda (operator_id, number, signed_on, document_sha256) VALUES ($1, 'NDA/1', '2026-01-01', $2)",
      [id, sha256],
    );
    await this.sql(
      `INSERT INTO access.session (token_sha256, operator_id, address, created_at, last_seen_at, expires_at)
       SELECT decode(md5($1::text), 'hex'), $1::uuid, '10.0.0.1', now, now, now + interval '1 hour'
       FROM access.clock() AS now`,
      [id],
    );
    return id;
  }

  private home(role: Role): string {
    return role === 'evaluator' ? this.disdukcapil : this.kecamatan;
  }

  async actor(role: Role): Promise<AdminActor & { kind: 'person' }> {
    return { kind: 'person', operatorId: await this.person({ role }), role, institutionId: this.home(role) };
  }

  /** Does it in the kecamatan, as an admin of it, where nobody else is named. */
  async perform<I, R>(
    act: Act<I, R>,
    input: I,
    { actor, at = this.kecamatan }: { actor?: AdminActor; at?: string } = {},
  ): Promise<R> {
    const by = actor ?? (await this.actor('admin'));
    return new Administration(this.source).perform(act, by, at, input, 'uji');
  }

  async openSessions(id: string): Promise<number> {
    return (await this.sql('SELECT FROM access.session WHERE operator_id = $1 AND ended_at IS NULL', [id])).length;
  }

  /** The latest event about something. */
  async event(subjectId: string) {
    const [row] = await this.sql<{ act: string; before: unknown; after: unknown }>(
      'SELECT act, before, after FROM access.admin_event WHERE subject_id = $1 ORDER BY id DESC LIMIT 1',
      [subjectId],
    );
    return row;
  }
}

export const atTheMachine: AdminActor = { kind: 'command-line' };
export const today = '2026-06-15';
export const sha256 = 'ab'.repeat(32);

/** What a refusal looks like from outside: its code, and the fields it names. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'done';
  } catch (error) {
    const { code, extras } = error as { code?: string; extras?: { issues?: { path: string }[] } };
    if (!code || !extras) throw error;
    return [code, ...(extras.issues ?? []).map(({ path }) => path)].join(' ');
  }
}
