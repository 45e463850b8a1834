import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

const largest = 20 * 1024 * 1024;

/** One child's output, in a file that is kept small: at 20 MB it becomes `.1`, and the `.1` before it goes. */
export class LogFile {
  private fd: number;
  private size: number;
  /** The last lines, for a message when the child ends. */
  private tail = '';

  constructor(readonly path: string) {
    this.fd = openSync(path, 'a', 0o600);
    this.size = statSync(path).size;
  }

  take(stream: Readable | null): void {
    stream?.on('data', (chunk: Buffer) => this.write(chunk));
  }

  lastLines(count: number): string {
    return this.tail.trimEnd().split('\n').slice(-count).join('\n');
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
  }

  private write(chunk: Buffer): void {
    if (this.fd < 0) return;
    this.tail = (this.tail + chunk.toString('utf8')).slice(-4_000);
    if (this.size + chunk.length > largest) {
      closeSync(this.fd);
      renameSync(this.path, `${this.path}.1`);
      this.fd = openSync(this.path, 'a', 0o600);
      this.size = 0;
    }
    this.size += chunk.length;
    writeSync(this.fd, chunk);
  }
}
