import { accessSync, constants } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { InstitutionFile, LogLevel } from '#contracts';
import type { SeedAccount } from '../../apps/launcher/src/provisioning.js';
import { CannotRun } from '../cannot-run.js';
import { corePlaces } from '../cores/core-places.js';
import type { Place } from '../search/place-search.js';
import { ComposeProject } from './compose-project.js';
import { docker, endRuns, inspect, run } from './docker.js';
import { parts, type Installation, type Part } from './installation.js';
import { temporaryFolders } from './temporary-folders.js';

const services = ['gateway', 'nik-verification', 'data-balikan', 'reporting'] as const;
const postgresVolume = '/var/lib/postgresql';
/** The short-time limit for people, which is told in the statement. */
const hasty = { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' };

/** docker-compose.yml with the sandbox, under a project name of its own. */
export class ComposeInstallation implements Installation {
  readonly kind = 'compose';
  /** Their port is not open outside of the containers. */
  readonly managementUrls: string[] = [];
  gatewayUrl = '';
  private controlUrl = '';
  private level: LogLevel = 'info';
  private dataFolder = '';
  private stopped: Promise<void> | undefined;

  readonly made: Record<string, string> = { 'GATEWAY_BURST_PER_SECOND, GATEWAY_BURST_SIZE': '100000' };
  private readonly project: ComposeProject;

  /** @throws {CannotRun} without a Docker engine */
  constructor(
    private readonly folder: string,
    private readonly begun: Date,
  ) {
    this.project = new ComposeProject(folder);
  }

  async start(): Promise<void> {
    await this.project.prepare();
    await this.project.override({ gateway: hasty });
    this.made.docker = await docker('version', '-f', '{{.Server.Version}}');
    await this.project.run(['up', '--build', '-d']);
    for (const service of [...parts, 'dukcapil-sandbox']) await this.project.healthy(service);
    await this.lookAround();
  }

  get sandbox(): Installation['sandbox'] {
    return { controlUrl: this.controlUrl, ministryUrl: 'http://dukcapil-sandbox:9000' };
  }

  /** By the container that makes the demo, which has the gateway's environment and keys. */
  async provision(files: InstitutionFile[], accounts: SeedAccount[]): Promise<void> {
    const split =
      "const [files, accounts] = JSON.parse(require('fs').readFileSync(0, 'utf8'));" +
      "files.forEach((file, i) => require('fs').writeFileSync('/tmp/' + i + '.json', JSON.stringify(file)));" +
      "require('fs').writeFileSync('/tmp/accounts', JSON.stringify(accounts));";
    const seed = 'node dist/apps/gateway/src/provisioning/main.js /tmp/*.json --accounts /tmp/accounts';
    await this.project.run(['run', '--rm', '-T', 'demo', 'sh', '-c', `node -e "${split}" && ${seed}`], {
      input: JSON.stringify([files, accounts]),
    });
  }

  async connect(database = 'gerbang'): Promise<pg.Client> {
    const client = new pg.Client({
      host: await this.project.addressOf('postgres', 'data'),
      user: 'postgres',
      password: await this.project.secret('database-superuser-password'),
      database,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** New containers take the place of the old ones, whose logs go with them: those are kept for the search. */
  async useLogLevel(level: LogLevel): Promise<void> {
    if (level === this.level) return;
    this.level = level;
    for (const service of services) await this.keepLogs(service);
    await this.project.run(['up', '-d', ...services], { env: { GERBANG_LOG_LEVEL: level } });
    for (const service of services) await this.project.healthy(service);
    await this.lookAround();
  }

  async end(part: Part, signal: NodeJS.Signals): Promise<void> {
    const container = await this.project.container(part);
    const before = await inspect(container, '{{.State.Pid}}');
    if (part === 'postgres' && signal !== 'SIGKILL') return this.endBackends(container, signal);
    // the first process of a service hands on no signals of crashes
    const within = signal !== 'SIGKILL' && signal !== 'SIGTERM' && part !== 'nats';
    if (within) await docker('exec', container, 'sh', '-c', `kill -${signal.slice(3)} -1`).catch(() => undefined);
    else await docker('kill', '-s', signal, container);
    while ((await inspect(container, '{{.State.Pid}}')) === before) await new Promise((retry) => setTimeout(retry, 50));
  }

  async revive(part: Part): Promise<void> {
    await docker('start', await this.project.container(part));
    await this.project.healthy(part);
    await this.lookAround();
  }

  async coreLimits(): Promise<{ process: string; limit: string }[]> {
    return Promise.all(
      [...parts, 'dukcapil-sandbox'].map(async (service) => {
        const limits = await docker('exec', await this.project.container(service), 'cat', '/proc/1/limits');
        const limit = /^Max core file size\s+(\S+)\s+(\S+)/m.exec(limits);
        return { process: service, limit: limit ? `${limit[1]} ${limit[2]}` : 'unknown' };
      }),
    );
  }

  stop(): Promise<void> {
    endRuns();
    this.stopped ??= this.project.run(['stop']).then(() => undefined);
    return this.stopped;
  }

  async places(): Promise<Place[]> {
    const volumes = await this.project.volumes();
    const places = volumes.flatMap(({ name, folder }): Place[] => {
      if (name !== 'postgres') return [{ name: `volume: ${name}`, folder }];
      const wal = join(folder, this.dataFolder.slice(postgresVolume.length), 'pg_wal');
      return [
        { name: 'PostgreSQL: basis data', folder, except: [wal] },
        { name: 'PostgreSQL: WAL', folder: wal },
      ];
    });
    for (const { id, service } of await this.project.containers()) {
      // json-file logs lie in the container's own folder
      places.push({
        name: `log kontainer: ${service} ${id.slice(0, 6)}`,
        folder: dirname(await inspect(id, '{{.LogPath}}')),
      });
      const layer = await inspect(id, '{{with .GraphDriver.Data}}{{.UpperDir}}{{end}}').catch(() => '');
      if (layer.startsWith('/'))
        places.push({ name: `lapisan kontainer: ${service} ${id.slice(0, 6)}`, folder: layer });
    }
    const unreadable = places.find(({ folder }) => !isReadable(folder));
    if (unreadable) throw new CannotRun(`${unreadable.name} cannot be read by this user: run the proof as root.`);
    return [
      ...places.sort((one, other) => Number(isHome(other)) - Number(isHome(one))),
      { name: 'log', folder: await this.formerLogs() },
      ...temporaryFolders(this.begun, this.folder),
      ...corePlaces(this.begun),
    ];
  }

  async readDatabase<T>(read: (connect: (database?: string) => Promise<pg.Client>) => Promise<T>): Promise<T> {
    const container = await this.project.container('postgres');
    await docker('start', container);
    try {
      await this.project.healthy('postgres');
      return await read((database = 'postgres') => this.connect(database));
    } finally {
      await docker('stop', container);
    }
  }

  async remove(): Promise<void> {
    endRuns();
    await this.project.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ports and addresses are given anew when a container starts. */
  private async lookAround(): Promise<void> {
    this.gatewayUrl = `http://${(await this.project.run(['port', 'gateway', '8080'])).replace('0.0.0.0', '127.0.0.1')}`;
    this.controlUrl = `http://${await this.project.addressOf('dukcapil-sandbox', 'sandbox-control')}:9000/_control`;
    if (this.dataFolder) return;
    const client = await this.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    this.dataFolder = rows[0]?.data_directory ?? '';
    await client.end();
  }

  private async endBackends(container: string, signal: NodeJS.Signals): Promise<void> {
    const client = await this.connect();
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE usename = 'nik_verification' ORDER BY query_start DESC LIMIT 1",
    );
    const gone = new Promise<void>((resolve) => client.once('end', () => resolve()));
    for (const { pid } of rows) await docker('exec', container, 'sh', '-c', `kill -${signal.slice(3)} ${pid}`);
    if (rows.length > 0) await gone;
    else await client.end();
  }

  private async formerLogs(): Promise<string> {
    const folder = join(this.folder, 'former-logs');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  private async keepLogs(service: string): Promise<void> {
    const container = await this.project.container(service);
    // both outputs in one
    const logs = await run('sh', ['-c', `docker logs ${container} 2>&1`]);
    await writeFile(join(await this.formerLogs(), `${service}-${container}.log`), logs);
  }
}

const isHome = ({ name }: Place): boolean => name === 'volume: demo';

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
