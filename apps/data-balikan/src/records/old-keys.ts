import { Injectable } from '@nestjs/common';
import { Log } from '#service';
import type { Worker } from '../feature.js';
import { IdempotencyKeys } from './idempotency-keys.js';

const everyMs = 600_000;
const atOnce = 5_000;
/** Statements in one round; what is left goes with the next. */
const mostStatements = 100;

/** Forgets Idempotency-Keys that are older than two days. */
@Injectable()
export class OldKeys implements Worker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round()
        .catch((error: unknown) => this.log.failure('old Idempotency-Keys stay', error, {}, 'warn'))
        .finally(() => (this.running = undefined));
    }, everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  async round(): Promise<void> {
    for (let n = 0; n < mostStatements && !this.stopping; n += 1)
      if ((await this.keys.deleteOld(atOnce)) < atOnce) return;
  }
}
