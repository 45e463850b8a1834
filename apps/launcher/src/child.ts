import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { withoutCoreDumps } from './core-limit.js';
import type { LogFile } from './log-file.js';
import { StartError } from './start-error.js';

/** What a service says over its channel when it can be used. */
export interface Ready {
  service: string;
  url?: string;
  managementPort: number;
}

const startDeadlineMs = 60_000;
const stopDeadlineMs = 25_000;

/** One process of the installation, with a name that a person can look up. */
export class Child {
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private stopping = false;

  private constructor(
    readonly name: string,
    private readonly process: ChildProcess,
    private readonly log: LogFile,
  ) {
    this.exited = new Promise((resolve) => {
      process.once('exit', (code, signal) => resolve({ code, signal }));
      process.once('error', () => resolve({ code: null, signal: null }));
    });
  }

  /** A process group of its own: Ctrl-C reaches the launcher alone, which then stops the parts in order. */
  static spawn(
    name: string,
    command: string,
    args: string[],
    log: LogFile,
    options: Omit<SpawnOptions, 'stdio' | 'detached'> = {},
  ): Child {
    const limited = withoutCoreDumps(command, args);
    const process = spawn(limited.command, limited.args, {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    log.take(process.stdout);
    log.take(process.stderr);
    return new Child(name, process, log);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Whether its end is one that we asked for. */
  get expectedToEnd(): boolean {
    return this.stopping;
  }

  /**
   * @param isReady looks at each message of the child
   * @throws {StartError} by name, with the child's last words, when it ends or stays silent
   */
  async ready(): Promise<Ready> {
    const said = new Promise<Ready>((resolve) => {
      this.process.on('message', (message) => {
        if ((message as { msg?: unknown }).msg === 'ready') resolve(message as unknown as Ready);
      });
    });
    return this.orDies(said);
  }

  /** Waits for `event`, unless the child ends first or the deadline passes. */
  async orDies<T>(event: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () =>
          reject(new StartError(`${this.name} was not ready within ${startDeadlineMs / 1000} s. ${this.lastWords()}`)),
        startDeadlineMs,
      );
    });
    const died = this.exited.then(({ code, signal }) => {
      throw new StartError(`${this.name} ended while starting (${signal ?? `status ${code}`}). ${this.lastWords()}`);
    });
    try {
      return await Promise.race([event, late, died]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Kill -9: for tests of what happens then. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.stopping = true;
    this.process.kill(signal);
  }

  /** Asks it to end; when it does not, ends it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.stopping = true;
    if (this.process.exitCode === null && this.process.signalCode === null && this.process.pid !== undefined) {
      this.process.kill(signal);
      const timer = setTimeout(() => this.process.kill('SIGKILL'), stopDeadlineMs);
      await this.exited;
      clearTimeout(timer);
    }
    this.log.close();
  }

  lastWords(): string {
    const words = this.log.lastLines(6);
    return `${words ? `Its last words:\n${words}\n` : ''}Its log: ${this.log.path}`;
  }
}
