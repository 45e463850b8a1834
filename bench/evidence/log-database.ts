import pg from 'pg';
import { setUpDatabase } from '../../apps/launcher/src/database-setup.js';
import { EmbeddedPostgres } from '../../apps/launcher/src/embedded-postgres.js';
import { StateFolder } from '../../apps/launcher/src/state-folder.js';

const database = 'gerbang';
const roles = ['migrator', 'gateway', 'nik_verification', 'data_balikan', 'reporting'] as const;

/** The installation's database, set up as the launcher does it, without the services. */
export class LogDatabase {
  private readonly pools: pg.Pool[] = [];

  private constructor(
    private readonly state: StateFolder,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  static async start(folder: string): Promise<LogDatabase> {
    const state = StateFolder.open(folder);
    const superuser = { user: 'postgres', password: state.secret('database-superuser') };
    const postgres = await EmbeddedPostgres.start({
      folder: state.file('postgres'),
      password: superuser.password,
      openLog: () => state.openLog('postgres'),
    });
    const started = new LogDatabase(state, postgres);
    try {
      const admin = await postgres.connect();
      await admin.query(`CREATE DATABASE ${database}`).finally(() => admin.end());
      const passwords = Object.fromEntries(roles.map((role) => [role, state.secret(`database-${role}`)]));
      await setUpDatabase({
        host: postgres.host,
        port: postgres.port,
        database,
        superuser,
        passwords: passwords as Record<(typeof roles)[number], string>,
      });
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** As nik-verification is connected. */
  get settings(): pg.PoolConfig {
    return {
      host: this.postgres.host,
      port: this.postgres.port,
      database,
      user: 'nik_verification',
      password: this.state.secret('database-nik_verification'),
      max: 8,
    };
  }

  /** Folder of the keys of nik-verification. */
  get keyDir(): string {
    return this.state.folder('keys', 'nik-verification');
  }

  pool(): pg.Pool {
    const pool = new pg.Pool(this.settings);
    pool.on('error', () => undefined);
    this.pools.push(pool);
    return pool;
  }

  async asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.postgres.connect(database);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    // connections that are in use end with the server
    for (const pool of this.pools.splice(0)) void pool.end();
    await this.postgres.stop();
    this.state.unlock();
  }
}
