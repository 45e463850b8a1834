import { join } from 'node:path';
import { accountOf, makeAccountSeed } from './account-key.js';
import { setUpDatabase } from './database-setup.js';
import { Child, type Ready } from './child.js';
import { EmbeddedNats } from './embedded-nats.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { projectRoot } from './project-root.js';
import { StartError } from './start-error.js';
import { StateFolder } from './state-folder.js';

export interface StackOptions {
  stateDir: string;
  replicas?: { gateway?: number; nikVerification?: number; dataBalikan?: number; reporting?: number };
  /** Ports that must be these; all others are free ones. */
  ports?: { gateway?: number; management?: number; sandbox?: number; postgres?: number; nats?: number };
  /** Added to every service's environment. */
  env?: Record<string, string>;
}

export interface Replica extends Ready {
  child: Child;
}

const appSettings = {
  gateway: { prefix: 'GATEWAY', role: 'gateway' },
  'nik-verification': { prefix: 'NIK_VERIFICATION', role: 'nik_verification' },
  'data-balikan': { prefix: 'DATA_BALIKAN', role: 'data_balikan' },
  reporting: { prefix: 'REPORTING', role: 'reporting' },
} as const;
type AppName = keyof typeof appSettings;

const none = <T>(): Record<AppName, T[]> => ({
  gateway: [],
  'nik-verification': [],
  'data-balikan': [],
  reporting: [],
});

/** What scripts and tests read while the stack runs. */
export const stackFileName = 'stack.json';

const database = 'gerbang';
const databasePool = '8';
/** A service needs about 60 MB of heap; without a limit V8 lets it grow to several times that before it tidies up. */
const nodeFlags = ['--enable-source-maps', '--max-old-space-size=128'];

/** The whole installation on one machine, as child processes: PostgreSQL, NATS, sandbox, services, gateway. */
export class Stack {
  readonly replicas = none<Replica>();
  // set while `start` runs; before that there is nothing to ask them
  postgres!: EmbeddedPostgres;
  nats!: EmbeddedNats;
  sandbox!: { url: string; child: Child };
  private readonly children = none<Child>();
  private readonly agents: Child[] = [];
  private foundations: Promise<PromiseSettledResult<void>[]> | undefined;
  private stopped: Promise<void> | undefined;
  private onLoss: ((message: string) => void) | undefined;

  private constructor(
    readonly state: StateFolder,
    private readonly options: StackOptions,
  ) {}

  /** Takes the state folder; nothing runs yet. */
  static open(options: StackOptions): Stack {
    return new Stack(StateFolder.open(options.stateDir), options);
  }

  /** Opens and starts; what was started is stopped again when a part fails. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = Stack.open(options);
    try {
      await stack.start();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  get gatewayUrl(): string {
    return this.replicas.gateway[0]?.url ?? '';
  }

  /** Calls back, with the name, when a part ends that was not asked to. Parts that are still starting fail `start` instead. */
  watch(onLoss: (message: string) => void): void {
    this.onLoss = onLoss;
  }

  /** One more replica of a service. */
  async add(app: AppName, environment: Record<string, string> = {}): Promise<Replica> {
    if (this.stopped) throw new StartError('The stack is being stopped.');
    const name = `${app}-${this.children[app].length + 1}`;
    const main = join(projectRoot, 'dist', 'apps', app, 'src', 'main.js');
    const child = Child.spawn(name, process.execPath, [...nodeFlags, main], this.state.openLog(name), {
      cwd: this.state.path,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        ...this.environmentOf(app),
        // whatever is not said takes a free port
        ...(app === 'gateway' ? { GATEWAY_PORT: '0', GATEWAY_MANAGEMENT_PORT: '0' } : {}),
        ...this.options.env,
        ...environment,
      },
    });
    this.children[app].push(child);
    const replica = { ...(await child.ready()), child };
    this.replicas[app].push(replica);
    this.watchOne(child);
    return replica;
  }

  /** The agent of a card reader, beside the installation as on another PC. */
  async addReaderAgent(folder: string): Promise<void> {
    if (this.stopped) throw new StartError('The stack is being stopped.');
    const main = join(projectRoot, 'dist', 'apps', 'reader-agent', 'src', 'main.js');
    const args = [main, 'run', '--state', folder];
    const child = Child.spawn('reader-agent', process.execPath, args, this.state.openLog('reader-agent'), {
      cwd: this.state.path,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production' },
    });
    this.agents.push(child);
    await child.ready();
    this.watchOne(child);
  }

  /** What an app of this installation finds in its environment; also for commands such as provisioning. */
  environmentOf(app: AppName): Record<string, string> {
    const { prefix, role } = appSettings[app];
    return {
      [`${prefix}_NATS_URL`]: this.nats.url,
      [`${prefix}_NATS_USER`]: app,
      [`${prefix}_NATS_PASSWORD`]: this.state.secret(`${prefix}_NATS_PASSWORD`),
      [`${prefix}_DATABASE_HOST`]: this.postgres.host,
      [`${prefix}_DATABASE_PORT`]: String(this.postgres.port),
      [`${prefix}_DATABASE_NAME`]: database,
      [`${prefix}_DATABASE_USER`]: role,
      [`${prefix}_DATABASE_PASSWORD`]: this.state.secret(`database-${role}`),
      [`${prefix}_DATABASE_POOL`]: databasePool,
      [`${prefix}_KEY_DIR`]: this.state.folder('keys', app),
      // plain http on 127.0.0.1: browsers would not send a Secure cookie there
      ...(app === 'gateway'
        ? { GATEWAY_COOKIE_SECURE: 'false', GATEWAY_SIMULATED_READERS: 'true', ...this.busKeys().gateway }
        : {}),
    };
  }

  /** By which the gateway lets agents of readers in at the broker, and throws them out. */
  private busKeys(): { gateway: Record<string, string>; broker: Record<string, string> } {
    const systemPassword = this.state.secret('GATEWAY_SYSTEM_NATS_PASSWORD');
    const seed = this.state.secret('bus-issuer', makeAccountSeed);
    return {
      gateway: { GATEWAY_BUS_ISSUER_SEED: seed, GATEWAY_SYSTEM_NATS_PASSWORD: systemPassword },
      broker: { GATEWAY_SYSTEM_NATS_PASSWORD: systemPassword, BUS_ISSUER: accountOf(seed) },
    };
  }

  /** Last come first: gateways stop taking requests before what they lean on goes. */
  async stop(): Promise<void> {
    this.stopped ??= this.stopParts();
    return this.stopped;
  }

  /** Starts every part; `stop` may be called at any time, also half-way. */
  async start(): Promise<void> {
    const { ports = {}, replicas = {} } = this.options;
    this.foundations = Promise.allSettled([
      this.startPostgres(ports.postgres),
      this.startNats(ports.nats),
      this.startSandbox(ports.sandbox),
    ]);
    for (const result of await this.foundations) if (result.status === 'rejected') throw result.reason;
    for (let i = 0; i < (replicas.nikVerification ?? 1); i += 1) await this.add('nik-verification');
    for (let i = 0; i < (replicas.dataBalikan ?? 1); i += 1) await this.add('data-balikan');
    for (let i = 0; i < (replicas.reporting ?? 1); i += 1) await this.add('reporting');
    for (let i = 0; i < (replicas.gateway ?? 1); i += 1) {
      const first = i === 0;
      await this.add('gateway', {
        ...(first && ports.gateway !== undefined ? { GATEWAY_PORT: String(ports.gateway) } : {}),
        ...(first && ports.management !== undefined ? { GATEWAY_MANAGEMENT_PORT: String(ports.management) } : {}),
      });
    }
  }

  private async startPostgres(port: number | undefined): Promise<void> {
    const postgres = await EmbeddedPostgres.start({
      folder: this.state.file('postgres'),
      password: this.state.secret('database-superuser'),
      openLog: () => this.state.openLog('postgres'),
      ...(port === undefined ? {} : { port }),
    });
    this.postgres = postgres;
    const admin = await postgres.connect();
    try {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      if (!rowCount) await admin.query(`CREATE DATABASE ${database}`);
    } finally {
      await admin.end();
    }
    this.watchOne(postgres.process);
    await setUpDatabase({
      host: postgres.host,
      port: postgres.port,
      database,
      superuser: postgres,
      passwords: {
        migrator: this.state.secret('database-migrator'),
        gateway: this.state.secret('database-gateway'),
        nik_verification: this.state.secret('database-nik_verification'),
        data_balikan: this.state.secret('database-data_balikan'),
        reporting: this.state.secret('database-reporting'),
      },
    });
  }

  private async startNats(port: number | undefined): Promise<void> {
    const names = Object.values(appSettings).map(({ prefix }) => `${prefix}_NATS_PASSWORD`);
    const nats = await EmbeddedNats.start({
      folder: this.state.file('nats'),
      passwords: {
        ...Object.fromEntries(names.map((name) => [name, this.state.secret(name)])),
        ...this.busKeys().broker,
      },
      openLog: () => this.state.openLog('nats'),
      ...(port === undefined ? {} : { port }),
    });
    this.nats = nats;
    this.watchOne(nats.process);
  }

  private async startSandbox(port: number | undefined): Promise<void> {
    const main = join(projectRoot, 'dist', 'apps', 'dukcapil-sandbox', 'src', 'main.js');
    const child = Child.spawn('dukcapil-sandbox', process.execPath, [main], this.state.openLog('dukcapil-sandbox'), {
      cwd: this.state.path,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', SANDBOX_PORT: String(port ?? 0) },
    });
    this.sandbox = { url: '', child };
    const { url } = await child.ready();
    this.sandbox = { url: url ?? '', child };
    this.watchOne(child);
  }

  private watchOne(child: Child): void {
    void child.exited.then(({ code, signal }) => {
      if (child.expectedToEnd || this.stopped) return;
      this.onLoss?.(`${child.name} ended unexpectedly (${signal ?? `status ${code}`}). ${child.lastWords()}`);
    });
  }

  private async stopParts(): Promise<void> {
    await this.foundations;
    await Promise.all(this.agents.map((child) => child.stop()));
    await Promise.all(this.children.gateway.map((child) => child.stop()));
    await Promise.all(this.children.reporting.map((child) => child.stop()));
    await Promise.all(this.children['data-balikan'].map((child) => child.stop()));
    await Promise.all(this.children['nik-verification'].map((child) => child.stop()));
    await Promise.all([this.sandbox?.child.stop(), this.nats?.stop(), this.postgres?.stop()]);
    this.state.remove(stackFileName);
    this.state.unlock();
  }
}
