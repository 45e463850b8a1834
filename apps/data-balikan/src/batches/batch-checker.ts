import { counter, histogram, type Log } from '#service';
import type { Worker } from '../feature.js';
import { FileFault } from '../files/table.js';
import { BatchCheck, type BatchParts } from './batch-check.js';
import { mostFailures, type Checked, type HeldBatch } from './batch-queue.js';
import { isAway, isForGood } from './failures.js';
import { GivenUp, Hold } from './hold.js';
import { makeResult } from './result-maker.js';

export interface CheckerOptions {
  /** Files at once. */
  checkers: number;
  /** How often one that has nothing to do looks for work. */
  pollMs: number;
  /** After so long a batch is tried again whose check needs something that is away. */
  retryMs: number;
  /** How long a shutdown lets a check go on, before it gives the batch back. */
  graceMs: number;
}

export const checkerDefaults = { pollMs: 500, retryMs: 5_000, graceMs: 5_000 } as const;

const batchesTotal = counter('gerbang_balikan_batches_total', 'Uploaded files by how their check ended', ['state']);
const rowsTotal = counter('gerbang_balikan_batch_rows_total', 'Rows of uploaded files', ['outcome']);
const checkSeconds = histogram('gerbang_balikan_batch_seconds', 'Time to check one file', []);

/** Checks uploaded files in the background, oldest first; any number of replicas side by side. */
export class BatchChecker implements Worker {
  private loops: Promise<void>[] = [];
  private stopping = false;
  private failing = false;
  private readonly holds = new Set<Hold>();
  private readonly wakes = new Set<() => void>();

  constructor(
    private readonly parts: BatchParts,
    private readonly log: Log,
    private readonly options: CheckerOptions,
  ) {}

  start(): void {
    this.loops = Array.from({ length: this.options.checkers }, () => this.loop());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const wake of this.wakes) wake();
    const late = setTimeout(() => this.giveUp(), this.options.graceMs);
    await Promise.all(this.loops);
    clearTimeout(late);
  }

  /** Gives back what is in hand, for another worker to go on with. */
  giveUp(): void {
    for (const hold of this.holds) hold.giveUp(true);
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const worked = await this.next().then(
        (found) => this.told(undefined, found),
        (error: unknown) => this.told(error, false),
      );
      if (!worked) await this.pause();
    }
  }

  /** A database that is away is told once, and so is its coming back. */
  private told(error: unknown, found: boolean): boolean {
    if (error !== undefined && !this.failing) this.log.failure('checking of files fails', error, {}, 'warn');
    if (error === undefined && this.failing) this.log.event('info', 'checking of files works again');
    this.failing = error !== undefined;
    return found;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, this.options.pollMs);
      this.wakes.add(wake);
    });
  }

  /** Takes one batch as far as it goes. Returns whether there was one. */
  async next(): Promise<boolean> {
    const batch = await this.parts.queue.claim();
    if (!batch) return false;
    if (batch.task === 'CHECK' && batch.failures >= mostFailures) {
      await this.fail(batch, new Error('left by its holder too often'), true);
      return true;
    }
    if (batch.task === 'MARK' && batch.failures > mostFailures) {
      await this.failMarking(batch, new Error('left by its holder too often'));
      return true;
    }
    const check = new BatchCheck(this.parts, batch);
    const hold = new Hold(this.parts.queue, batch, () => (batch.task === 'CHECK' ? check.beat() : undefined));
    this.holds.add(hold);
    hold.start();
    try {
      if (batch.task === 'CHECK') await this.check(batch, check, hold);
      else await this.mark(batch, batch.format ?? 'CSV', hold);
    } finally {
      await hold.stop();
      this.holds.delete(hold);
    }
    return true;
  }

  private async check(batch: HeldBatch, check: BatchCheck, hold: Hold): Promise<void> {
    const began = performance.now();
    let result: Checked;
    try {
      result = await check.run(hold);
    } catch (error) {
      await hold.stop();
      await this.ended(batch, error);
      return;
    }
    this.tell(batch, result, performance.now() - began);
    if (result.faults === 0) return;
    batch.task = 'MARK';
    hold.start();
    await this.mark(batch, result.format, hold);
  }

  private async mark(batch: HeldBatch, format: 'XLSX' | 'CSV', hold: Hold): Promise<void> {
    try {
      await makeResult(this.parts, batch, format, hold);
    } catch (error) {
      await hold.stop();
      if (error instanceof GivenUp) {
        if (error.stopping) await this.parts.queue.release(batch, 0);
      } else if (isAway(error)) {
        await this.parts.queue.release(batch, this.options.retryMs);
        this.log.failure('marking of a file is put off', error, { institutionId: batch.institution_id }, 'info');
      } else {
        await this.failMarking(batch, error);
      }
    }
  }

  /** Of a file that cannot be marked today nothing changes tomorrow. */
  private async failMarking(batch: HeldBatch, error: unknown): Promise<void> {
    const ofFile = error instanceof FileFault;
    const final = ofFile || isForGood(error) || batch.failures > mostFailures;
    const over = await this.parts.queue.failMarking(batch, { afterMs: this.options.retryMs, final });
    const fields = { institutionId: batch.institution_id, attempt: batch.attempt, state: over ? 'FAILED' : 'QUEUED' };
    this.log.failure('marking of a file failed', error, fields, over && !ofFile ? 'error' : 'warn');
  }

  private async ended(batch: HeldBatch, error: unknown): Promise<void> {
    const { queue } = this.parts;
    if (error instanceof GivenUp) {
      if (error.stopping) await queue.release(batch, 0);
    } else if (error instanceof FileFault) {
      await queue.refuse(batch, error.code, error.column);
      batchesTotal.inc({ state: 'REFUSED' });
      this.log.event('info', 'file refused', { institutionId: batch.institution_id, code: error.code });
    } else if (isAway(error)) {
      await queue.release(batch, this.options.retryMs);
      this.log.failure('check of a file is put off', error, { institutionId: batch.institution_id }, 'info');
    } else {
      await this.fail(batch, error, isForGood(error));
    }
  }

  private async fail(batch: HeldBatch, error: unknown, final: boolean): Promise<void> {
    const afterMs = this.options.retryMs * (batch.failures + 1);
    const failed = await this.parts.queue.fail(batch, { afterMs, final });
    if (failed) batchesTotal.inc({ state: 'FAILED' });
    const fields = { institutionId: batch.institution_id, attempt: batch.attempt, state: failed ? 'FAILED' : 'QUEUED' };
    this.log.failure('check of a file failed', error, fields, failed ? 'error' : 'warn');
  }

  private tell(batch: HeldBatch, result: Checked, durationMs: number): void {
    batchesTotal.inc({ state: result.state });
    rowsTotal.inc({ outcome: 'accepted' }, result.accepted);
    rowsTotal.inc({ outcome: 'already-there' }, result.alreadyThere);
    rowsTotal.inc({ outcome: 'refused' }, result.refused);
    checkSeconds.observe(durationMs / 1_000);
    this.log.event('info', 'file checked', {
      institutionId: batch.institution_id,
      state: result.state,
      count: result.checked,
      attempt: batch.attempt,
      durationMs: Math.round(durationMs),
    });
  }
}
