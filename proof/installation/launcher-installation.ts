import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { InstitutionFile, LogLevel } from '#contracts';
import type { Child } from '../../apps/launcher/src/child.js';
import { setUpDemo } from '../../apps/launcher/src/demo-stack.js';
import { EmbeddedPostgres } from '../../apps/launcher/src/embedded-postgres.js';
import { LogFile } from '../../apps/launcher/src/log-file.js';
import { provisionInstitutions, type SeedAccount } from '../../apps/launcher/src/provisioning.js';
import { Stack, type Replica } from '../../apps/launcher/src/stack.js';
import type { Place } from '../search/place-search.js';
import { coreLimitOf } from '../cores/core-limit.js';
import { corePlaces } from '../cores/core-places.js';
import type { Installation, Part } from './installation.js';
import { temporaryFolders } from './temporary-folders.js';

const database = 'gerbang';
const apps = ['nik-verification', 'data-balikan', 'reporting', 'gateway'] as const;
/** The short-time limit for people, which is told in the statement. */
const hasty = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };
const levelVariable = {
  gateway: 'GATEWAY_LOG_LEVEL',
  'nik-verification': 'NIK_VERIFICATION_LOG_LEVEL',
  'data-balikan': 'DATA_BALIKAN_LOG_LEVEL',
  reporting: 'REPORTING_LOG_LEVEL',
} as const;

/** `npm start` in a folder of its own: the same parts, started by the same code, with nothing set that is not set there. */
export class LauncherInstallation implements Installation {
  readonly kind = 'launcher';
  readonly made: Record<string, string> = {
    node: process.versions.node,
    'GATEWAY_BURST_PER_SECOND, GATEWAY_BURST_SIZE': '100000, but at the log level that is shipped',
  };
  private readonly services = {} as Record<(typeof apps)[number], Replica>;
  private readonly stack: Stack;
  private level: LogLevel = 'info';

  /** @param folder the state folder lies in it, and what the proof itself needs beside */
  constructor(
    private readonly folder: string,
    private readonly begun: Date,
  ) {
    this.stack = Stack.open({ stateDir: join(folder, 'state') });
  }

  async start(): Promise<void> {
    await this.stack.start();
    for (const app of apps) {
      const [replica] = this.stack.replicas[app];
      if (replica) this.services[app] = replica;
    }
    await setUpDemo(this.stack);
    const client = await this.stack.postgres.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    await client.end();
    this.made.postgresql = rows[0]?.server_version ?? '';
  }

  get gatewayUrl(): string {
    return this.services.gateway.url ?? '';
  }

  get managementUrls(): string[] {
    return apps.map((app) => `http://127.0.0.1:${this.services[app].managementPort}`);
  }

  get sandbox(): Installation['sandbox'] {
    const { url } = this.stack.sandbox;
    return { controlUrl: `${url}/_control`, ministryUrl: url };
  }

  get stateFolder(): string {
    return this.stack.state.path;
  }

  /** For a service that is started beside, without the launcher's limits. */
  environmentOf(app: (typeof apps)[number]): Record<string, string> {
    return this.stack.environmentOf(app);
  }

  provision(files: InstitutionFile[], accounts: SeedAccount[]): Promise<void> {
    return provisionInstitutions(this.stack, files, accounts);
  }

  connect(name = database): Promise<pg.Client> {
    return this.stack.postgres.connect(name);
  }

  async useLogLevel(level: LogLevel): Promise<void> {
    if (level === this.level) return;
    this.level = level;
    const former = apps.map((app) => this.services[app].child);
    await Promise.all(apps.map((app) => this.add(app)));
    await Promise.all(former.map((child) => child.stop()));
  }

  async end(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = this.childOf(part);
    if (part === 'postgres' && signal !== 'SIGKILL') return this.endBackends(signal);
    child.kill(signal);
    await child.exited;
  }

  async revive(part: Part): Promise<void> {
    if (part === 'nats') await this.stack.nats.launch();
    else if (part === 'postgres') await this.revivePostgres();
    else await this.add(part);
  }

  async coreLimits(): Promise<{ process: string; limit: string }[]> {
    const children = [
      ...apps.map((app) => [app, this.services[app].child.pid] as const),
      ['nats', this.stack.nats.process.pid] as const,
      ['sandbox', this.stack.sandbox.child.pid] as const,
      ...family(this.stack.postgres.process.pid).map((pid) => ['postgres', pid] as const),
    ];
    return children.map(([name, pid]) => ({ process: name, limit: coreLimitOf(pid ?? 0) }));
  }

  stop(): Promise<void> {
    return this.stack.stop();
  }

  async places(): Promise<Place[]> {
    const state = this.stack.state.path;
    const data = join(state, 'postgres', 'data');
    const own = [
      { name: 'PostgreSQL: basis data', folder: data, except: [join(data, 'pg_wal')] },
      { name: 'PostgreSQL: WAL', folder: join(data, 'pg_wal') },
      { name: 'NATS', folder: join(state, 'nats') },
      { name: 'log', folder: join(state, 'logs') },
      { name: 'kunci', folder: join(state, 'keys') },
    ];
    return [
      ...own,
      { name: 'folder keadaan, selebihnya', folder: state, except: own.map(({ folder }) => folder) },
      ...temporaryFolders(this.begun, this.folder),
      ...corePlaces(this.begun),
    ];
  }

  async readDatabase<T>(read: (connect: (name?: string) => Promise<pg.Client>) => Promise<T>): Promise<T> {
    await mkdir(join(this.folder, 'own'), { recursive: true });
    const postgres = await EmbeddedPostgres.start({
      folder: this.stack.state.file('postgres'),
      password: this.stack.state.secret('database-superuser'),
      openLog: () => new LogFile(join(this.folder, 'own', 'postgres.log')),
    });
    try {
      return await read((name) => postgres.connect(name));
    } finally {
      await postgres.stop();
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async add(app: (typeof apps)[number]): Promise<void> {
    this.services[app] = await this.stack.add(app, {
      [levelVariable[app]]: this.level,
      // the gateway's own default is 8080, which may be taken; and the proof asks faster than a person at the counter
      ...(app === 'gateway' ? { GATEWAY_PORT: '0', ...hasty } : {}),
    });
  }

  private childOf(part: Part): Child {
    if (part === 'nats') return this.stack.nats.process;
    return part === 'postgres' ? this.stack.postgres.process : this.services[part].child;
  }

  /** A server process that crashes takes all connections with it; the postmaster starts anew by itself. */
  private async endBackends(signal: NodeJS.Signals): Promise<void> {
    const client = await this.connect();
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE usename = 'nik_verification' ORDER BY query_start DESC LIMIT 1",
    );
    const gone = new Promise<void>((resolve) => client.once('end', () => resolve()));
    for (const { pid } of rows) process.kill(pid, signal);
    if (rows.length > 0) await gone;
    else await client.end();
  }

  /** What was served when the postmaster was killed may still be going down. */
  private async launchPostgres(): Promise<void> {
    for (let tries = 5; ; tries -= 1) {
      try {
        return await this.stack.postgres.launch();
      } catch (error) {
        if (tries === 0) throw error;
        await new Promise((retry) => setTimeout(retry, 300));
      }
    }
  }

  /** After kill -9 it has to be started; after the crash of one server process it comes back by itself. */
  private async revivePostgres(): Promise<void> {
    const { exited } = this.stack.postgres.process;
    const over = await Promise.race([
      exited.then(() => true),
      new Promise<boolean>((resolve) => setImmediate(resolve, false)),
    ]);
    if (over) return this.launchPostgres();
    else
      for (;;) {
        try {
          await (await this.connect()).end();
          return;
        } catch {
          await new Promise((retry) => setTimeout(retry, 50));
        }
      }
  }
}

const readProc = (path: string): string => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
};

function family(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => / \((?:.*)\) \S (\d+) /.exec(readProc(`${name}/stat`))?.[1] === String(pid));
  return [pid, ...children.map(Number)];
}
