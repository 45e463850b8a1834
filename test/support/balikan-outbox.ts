import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { BalikanDestination } from '#contracts';
import { AgreementKeys, KeyFolder } from '#service';
import { Destinations } from '../../apps/data-balikan/src/destinations/destinations.js';
import { agreementRows } from '../../apps/data-balikan/src/people/agreement-rows.js';
import { PersonVault } from '../../apps/data-balikan/src/people/person-vault.js';
import { TestDatabase } from './test-database.js';

/** Fake NIKs in a row: the serial is 9900 or above, the birth date tells them apart. */
export function fakeNik(n: number): string {
  const [days, serial] = [n % 2_000, 9_900 + Math.floor(n / 2_000)];
  const born = new Date(Date.UTC(1970, 0, 1 + days));
  const two = (value: number) => String(value).padStart(2, '0');
  return `331304${two(born.getUTCDate())}${two(born.getUTCMonth() + 1)}${two(born.getUTCFullYear() % 100)}${serial}`;
}

export interface GivenRecord {
  nik: string;
  nomorRegister: string;
  tanggal: string;
}

/** A database with an outbox, a key folder, and a clock that a test moves. */
export class BalikanOutbox {
  readonly pool: pg.Pool;
  private readonly folder: KeyFolder;
  readonly keys: AgreementKeys;
  readonly vault: PersonVault;
  readonly destinations: Destinations;

  private constructor(
    readonly database: TestDatabase,
    private readonly keyFolder: string,
  ) {
    this.pool = database.pool('data_balikan', { max: 8 });
    this.folder = new KeyFolder(keyFolder);
    this.keys = new AgreementKeys(this.folder);
    this.vault = new PersonVault(this.folder, this.keys, agreementRows(this.pool));
    this.destinations = new Destinations(this.pool, this.vault, this.keys);
  }

  static async create(): Promise<BalikanOutbox> {
    const database = await TestDatabase.create();
    await database.asSuperuser(database.name, (admin) =>
      admin.query(`
        CREATE TABLE balikan.test_clock (ahead interval NOT NULL);
        INSERT INTO balikan.test_clock VALUES ('0');
        GRANT SELECT, UPDATE ON balikan.test_clock TO data_balikan;
        CREATE OR REPLACE FUNCTION balikan.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
          AS $$ SELECT clock_timestamp() + (SELECT ahead FROM balikan.test_clock) $$`),
    );
    return new BalikanOutbox(database, await mkdtemp(join(tmpdir(), 'gerbang-keys-')));
  }

  /** The clock of due times and of the breaker; leases are by the machine's. */
  async pass(ms: number): Promise<void> {
    await this.pool.query('UPDATE balikan.test_clock SET ahead = ahead + make_interval(secs => $1)', [ms / 1_000]);
  }

  /** Another replica's parts: nothing is shared but database and keys. */
  replica(): { pool: pg.Pool; vault: PersonVault; destinations: Destinations } {
    const pool = this.database.pool('data_balikan', { max: 8 });
    const folder = new KeyFolder(this.keyFolder);
    const keys = new AgreementKeys(folder);
    const vault = new PersonVault(folder, keys, agreementRows(pool));
    return { pool, vault, destinations: new Destinations(pool, vault, keys) };
  }

  /** The files of an agreement's keys are not where they were, as with a folder that is not mounted. Returns how they come back. */
  async loseKeys(agreementId: string): Promise<() => Promise<void>> {
    const files = [`hmac-${agreementId}.key`, `seal-${agreementId}-1.key`].map((name) => join(this.keyFolder, name));
    for (const file of files) await rename(file, `${file}-away`);
    await this.folder.wipeGone();
    return async () => {
      for (const file of files) await rename(`${file}-away`, file);
    };
  }

  /** A kecamatan with an agreement; with a destination where one is given. */
  async office(destination?: object): Promise<Office> {
    const office = new Office(this, randomUUID(), randomUUID());
    if (destination) await office.configure(destination);
    return office;
  }

  async rows<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.pool.query<T>(sql, values)).rows;
  }

  async drop(): Promise<void> {
    await this.database.drop();
    await rm(this.keyFolder, { recursive: true });
  }
}

export class Office {
  private made = 0;

  constructor(
    private readonly outbox: BalikanOutbox,
    readonly institutionId: string,
    readonly agreementId: string,
  ) {}

  async configure(destination: object): Promise<void> {
    const { institutionId, agreementId } = this;
    await this.outbox.destinations.configure(institutionId, agreementId, BalikanDestination.parse(destination));
  }

  /** Records that wait, one a day from the first day on; the ids are in the order in which they are given. */
  async accept(count: number, dayOf: (n: number) => number = (n) => n): Promise<string[]> {
    const vault = await this.outbox.vault.open(this.agreementId);
    const given = Array.from({ length: count }, (_, n) => {
      const id = randomUUID();
      const nik = fakeNik(this.made + n);
      const date = new Date(Date.UTC(2020, 0, 1 + dayOf(n))).toISOString().slice(0, 10);
      return { id, nik, date, number: `500/${this.made + n}/SKU` };
    });
    this.made += count;
    await this.outbox.pool.query(
      `INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
         register_number, register_key, register_date, business_name, business_type, verification_id, source, client_id,
         accepted_at, salt, due_at)
       SELECT id, $1, $2, $2, hmac, sealed, $3, number, number, date, 'WARUNG CONTOH', 'Dagang', gen_random_uuid(), 'FORM', 'uji',
         balikan.clock(), salt, balikan.clock()
       FROM unnest($4::uuid[], $5::bytea[], $6::bytea[], $7::text[], $8::date[], $9::bytea[]) AS one (id, hmac, sealed, number, date, salt)`,
      [
        this.institutionId,
        this.agreementId,
        vault.keyId,
        given.map(({ id }) => id),
        given.map(({ nik }) => vault.hmac('person', nik)),
        given.map(({ id, nik }) => vault.seal(nik, `nik:${id}`)),
        given.map(({ number }) => number),
        given.map(({ date }) => date),
        given.map(() => randomBytes(32)),
      ],
    );
    return given.map(({ id }) => id);
  }

  async counts(): Promise<Record<string, number>> {
    const rows = await this.outbox.rows<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM balikan.record WHERE institution_id = $1 GROUP BY 1',
      [this.institutionId],
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  async lane(): Promise<{
    gate: string;
    streak: number;
    reopened: number;
    portion: number;
    term: string;
    holder: string | null;
  }> {
    const [lane] = await this.outbox.rows<Awaited<ReturnType<Office['lane']>>>(
      'SELECT gate, streak, reopened, portion, term, holder FROM balikan.lane WHERE institution_id = $1',
      [this.institutionId],
    );
    if (!lane) throw new Error('no lane');
    return lane;
  }

  async record(
    id: string,
  ): Promise<{ state: string; strikes: number; attempts: number; failure: string | null; dueInMs: number }> {
    const [row] = await this.outbox.rows<Awaited<ReturnType<Office['record']>>>(
      `SELECT state, strikes, attempts, failure, (extract(epoch FROM due_at - balikan.clock()) * 1000)::float AS "dueInMs"
       FROM balikan.record WHERE id = $1`,
      [id],
    );
    if (!row) throw new Error('no record');
    return row;
  }
}
