import { spawn, type ChildProcess } from 'node:child_process';
import type { Log } from '#service/log';
import { Lines } from './lines.js';
import type { VendorLink, VendorListener, VendorOrder } from './link.js';
import { parseMessage } from './parse-message.js';

const firstRestartMs = 250;
const mostRestartMs = 30_000;
const killAfterMs = 2_000;

/** A vendor's program as a child: orders on its standard input, JSON lines on its output; its error output is dropped. */
export class StdioLink implements VendorLink {
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waitMs = firstRestartMs;
  private closed = false;

  constructor(
    private readonly command: readonly string[],
    private readonly listener: VendorListener,
    private readonly log: Log,
  ) {
    this.launch();
  }

  send(order: VendorOrder): boolean {
    // a program that does not read its orders is not fed any more
    if (!this.child?.stdin?.writable || this.child.stdin.writableLength > 64 * 1024) return false;
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    return true;
  }

  restart(why: string): void {
    this.log.event('error', 'vendor program is ended', { reason: why });
    this.child?.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await ended;
    clearTimeout(timer);
  }

  private launch(): void {
    const [program = '', ...args] = this.command;
    let child: ChildProcess;
    try {
      child = this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    } catch {
      // Windows refuses some commands (.cmd) at once
      return this.ended();
    }
    const lines = new Lines(
      (line) => {
        const message = parseMessage(line);
        if (!message) return this.log.event('warn', 'vendor program said nonsense', { bytes: line.length });
        // it works: the next fault is a new one
        this.waitMs = firstRestartMs;
        this.listener.message(message);
      },
      () => this.restart('line without an end'),
    );
    child.stdout?.on('data', (bytes: Buffer) => lines.take(bytes));
    child.stdin?.on('error', () => undefined);
    let over = false;
    const gone = () => {
      if (over) return;
      over = true;
      this.ended();
    };
    child.once('exit', gone);
    child.once('error', gone);
  }

  private ended(): void {
    this.child = undefined;
    this.listener.gone();
    if (this.closed) return;
    this.log.event('warn', 'vendor program ended', { durationMs: this.waitMs });
    this.timer = setTimeout(() => this.launch(), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, mostRestartMs);
  }
}
