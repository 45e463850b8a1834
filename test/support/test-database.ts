import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ServicePool, type DatabaseRole } from '#service';

interface TestServer {
  host: string;
  port: number;
  superuserPassword: string;
  passwords: Record<DatabaseRole, string>;
}

export type TestClock = { offsetMs: number } | { at: string };

/** A fresh, migrated database of the real PostgreSQL that the run started. */
export class TestDatabase {
  private readonly pools: pg.Pool[] = [];

  private constructor(
    readonly server: TestServer,
    readonly name: string,
  ) {}

  static async create(): Promise<TestDatabase> {
    const server = JSON.parse(process.env.GERBANG_TEST_POSTGRES ?? '{}') as TestServer;
    const database = new TestDatabase(server, `test_${randomBytes(6).toString('hex')}`);
    await database.asSuperuser('postgres', (admin) =>
      admin.query(`CREATE DATABASE ${database.name} TEMPLATE template_gerbang`),
    );
    return database;
  }

  /** As a service connects: with its own role. */
  pool(role: DatabaseRole, options: pg.PoolConfig = {}): pg.Pool {
    const pool = new ServicePool({
      host: this.server.host,
      port: this.server.port,
      database: this.name,
      user: role,
      password: this.server.passwords[role],
      max: 5,
      ...options,
    });
    pool.on('error', () => undefined);
    this.pools.push(pool);
    return pool;
  }

  async asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      host: this.server.host,
      port: this.server.port,
      database,
      user: 'postgres',
      password: this.server.superuserPassword,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Sets the ledger's clock `offset` away from the real one, or lets it stand still at a moment. */
  async setLedgerClock(clock: TestClock): Promise<void> {
    await this.setClock('verification.ledger_now', clock);
  }

  /** The same for the clock of the access decision, of sessions and of administration. */
  async setAccessClock(clock: TestClock): Promise<void> {
    await this.setClock('access.clock', clock);
  }

  /** The same for the clock of data balikan. */
  async setBalikanClock(clock: TestClock): Promise<void> {
    await this.setClock('balikan.clock', clock);
  }

  /** The same for the clock of reports and obligations. */
  async setReportingClock(clock: TestClock): Promise<void> {
    await this.setClock('reporting.clock', clock);
  }

  private async setClock(name: string, clock: TestClock): Promise<void> {
    const body =
      'at' in clock ? `'${clock.at}'::timestamptz` : `clock_timestamp() + interval '${clock.offsetMs} milliseconds'`;
    await this.asSuperuser(this.name, (client) =>
      client.query(
        `CREATE OR REPLACE FUNCTION ${name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT ${body} $$`,
      ),
    );
  }

  async drop(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
    await this.asSuperuser('postgres', (admin) => admin.query(`DROP DATABASE ${this.name} WITH (FORCE)`));
  }
}
