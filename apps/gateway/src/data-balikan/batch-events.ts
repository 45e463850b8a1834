import { Readable } from 'node:stream';
import type { Batch, BatchState } from '#contracts';

export interface Pace {
  /** How often the batch is looked at. */
  pollMs: number;
  /** Without news, a comment keeps proxies from hanging up. */
  heartbeatMs: number;
  /** The longest that one stream may last. */
  mostMs: number;
}

const lastStates: ReadonlySet<BatchState> = new Set(['DONE', 'REFUSED', 'CANCELLED', 'FAILED']);

const eventOf = (batch: Batch): string => `event: batch\ndata: ${JSON.stringify(batch)}\n\n`;

/**
 * Server-sent events (WHATWG HTML 9.2): the batch whenever it changes, until it has ended. Whoever reads slowly misses what was
 * in between, never the newest. However it ends, it ends like a stream that is over: a browser comes back by itself.
 */
export class BatchEvents extends Readable {
  private readonly began = performance.now();
  private told = '';
  private toldAt = 0;
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param look reads the batch; rejects also when whoever reads may not any more, which ends the stream */
  constructor(
    first: Batch,
    private readonly look: () => Promise<Batch>,
    private readonly pace: Pace,
  ) {
    // of bytes: what is not taken yet holds off what follows
    super({ highWaterMark: 1 });
    this.tell(first);
    this.plan();
  }

  override _read(): void {
    this.wanted = true;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }

  /** For a shutdown. */
  end(): void {
    clearTimeout(this.timer);
    if (!this.readableEnded && !this.destroyed) this.push(null);
  }

  private plan(): void {
    this.timer = setTimeout(() => {
      this.look().then(
        (batch) => this.follow(batch),
        () => this.end(),
      );
    }, this.pace.pollMs);
  }

  private follow(batch: Batch): void {
    if (this.destroyed) return;
    const now = performance.now();
    if (now - this.began > this.pace.mostMs) return this.end();
    if (this.wanted) {
      if (eventOf(batch) !== this.told) this.tell(batch);
      else if (now - this.toldAt > this.pace.heartbeatMs) this.say(':\n\n');
    }
    // what was not taken yet goes first: the end is told only after the last event
    if (lastStates.has(batch.state) && this.told === eventOf(batch)) return this.end();
    this.plan();
  }

  private tell(batch: Batch): void {
    this.told = eventOf(batch);
    this.say(this.told);
  }

  private say(text: string): void {
    this.toldAt = performance.now();
    this.wanted = false;
    this.push(text);
  }
}
