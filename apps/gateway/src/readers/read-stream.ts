import { Readable } from 'node:stream';
import type { ReadAnswer, ReadProgress } from '#contracts';
import { toAppError } from '#service';
import { toProblem } from '../http/problem.filter.js';
import type { Reading } from './reads.js';

/** Without news, a comment keeps proxies from hanging up. */
const heartbeatMs = 10_000;

/** Server-sent events (WHATWG HTML 9.2): begun, progress, and result or problem. Whoever hangs up has cancelled the read. */
export class ReadStream extends Readable {
  private readonly heartbeat = setInterval(() => this.push(':\n\n'), heartbeatMs);

  constructor(private readonly reading: Reading) {
    super();
    this.tell('begun', { id: reading.id, deadlineMs: reading.deadlineMs });
    reading.watch((progress: ReadProgress) => this.tell('progress', progress));
    reading.answer.then(
      (answer: ReadAnswer) => this.finish('result', answer),
      (error: unknown) => this.finish('problem', toProblem(toAppError(error))),
    );
  }

  override _read(): void {
    // a read has a bounded number of events, so whoever reads slowly holds up nothing
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.heartbeat);
    this.reading.cancel();
    done(error);
  }

  private tell(event: string, data: unknown): void {
    if (!this.destroyed && !this.readableEnded) this.push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private finish(event: string, data: unknown): void {
    clearInterval(this.heartbeat);
    if (this.destroyed) return;
    this.tell(event, data);
    this.push(null);
  }
}
