import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeKey } from '../../../apps/reader-agent/src/state/identity.js';
import { Heard } from './heard.js';

const program = join(process.cwd(), 'dist/apps/reader-agent/src/main.js');

/** An agent as it runs at a counter: its own process, its own state folder, the counter played over standard input. */
export class AgentProcess {
  readonly log = new Heard<Record<string, unknown>>();
  readonly state = mkdtempSync(join(tmpdir(), 'reader-agent-'));
  private child: ChildProcess | undefined;

  constructor(joined: unknown, config: unknown) {
    writeFileSync(join(this.state, 'identity.json'), JSON.stringify(joined), { mode: 0o600 });
    writeFileSync(join(this.state, 'key.jwk'), JSON.stringify(makeKey().privateJwk), { mode: 0o600 });
    this.configure(config);
  }

  configure(config: unknown): void {
    this.write('agent.json', config);
  }

  write(name: string, value: unknown): void {
    writeFileSync(join(this.state, name), JSON.stringify(value));
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, 'run', '--state', this.state], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child = child;
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.log.add(JSON.parse(line) as Record<string, unknown>),
    );
    await this.log.next(({ msg }) => msg === 'ready');
  }

  /** Its parent is gone before it is ready. @returns the exit status */
  async startOrphaned(): Promise<number | null> {
    const args = [program, 'run', '--state', this.state];
    const child = (this.child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] }));
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.disconnect();
    return (await ended)[0];
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Resident memory, bytes. */
  rss(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) * 1024;
  }

  openFiles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** A line for the simulator's control channel. */
  tell(order: Record<string, unknown>): void {
    this.child?.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** The same, followed when it returns: an order by the bus may otherwise be quicker. */
  async told(order: Record<string, unknown>): Promise<void> {
    const from = this.log.all.length;
    this.tell(order);
    await this.log.find(({ msg }) => msg === 'the counter is played', from);
  }

  /** @returns the exit status */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.state, { recursive: true, force: true });
  }
}
