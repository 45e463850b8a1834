import type { ReadOrder } from '#contracts/readers/agent';
import type { ReaderPermit } from '#contracts/readers/permit';
import { mostFingerTries, type ReadProgress, type ReadResult } from '#contracts/readers/result';
import { ReadFailure, type CardReader, type FailedOutcome, type ReadStep } from '../port.js';
import { lateOutcome, type Deadlines } from './deadlines.js';
import { minimise } from './minimise.js';

type Told = { kind: 'progress'; progress: ReadProgress } | { kind: 'result'; result: ReadResult };

/** One read, from the order to its one result. */
export class Session {
  private readonly stopping = new AbortController();
  private stepTimer: NodeJS.Timeout | undefined;
  private tries = 0;
  private over = false;
  private end!: (result: ReadResult) => void;
  /** The one result. */
  readonly result = new Promise<ReadResult>((resolve) => (this.end = resolve));
  /** The device is at rest again, also after a result that did not wait for it. */
  atRest: Promise<void> = Promise.resolve();

  constructor(
    readonly order: ReadOrder,
    private readonly permit: ReaderPermit,
    private readonly deadlines: Deadlines,
    private readonly tell: (told: Told) => void,
  ) {}

  /** @param permittedMs until the permit ends */
  run(reader: CardReader, permittedMs: number): void {
    const timer = setTimeout(() => this.stop('CANCELLED'), Math.min(this.order.deadlineMs, permittedMs));
    void this.result.finally(() => clearTimeout(timer));
    this.atRest = this.read(reader);
  }

  /** Ends the read with this outcome, unless it has ended. */
  stop(outcome: FailedOutcome): void {
    this.finish({ outcome, tries: this.tries });
    this.stopping.abort(outcome);
  }

  private async read(reader: CardReader): Promise<void> {
    try {
      const { tries, elements } = await reader.read({
        elements: this.order.elements.filter((name) => this.permit.elements.includes(name)),
        mostTries: mostFingerTries,
        signal: this.stopping.signal,
        onProgress: (step, failed) => this.step(step, failed),
      });
      this.tries = this.bounded(tries);
      this.finish({
        outcome: 'MATCHED',
        tries: this.tries,
        elements: minimise(elements, this.order.elements, this.permit.elements),
      });
    } catch (thrown) {
      // whatever else an adapter throws is a fault of the device; its text may quote data, so it goes nowhere
      const failure = thrown instanceof ReadFailure ? thrown : new ReadFailure('READER_FAULT', this.tries);
      this.finish({ outcome: failure.outcome, tries: this.bounded(Math.max(failure.tries, this.tries)) });
    }
  }

  private step(step: ReadStep, failed: number): void {
    if (this.over) return;
    this.tries = this.bounded(failed);
    clearTimeout(this.stepTimer);
    this.stepTimer = setTimeout(() => this.stop(lateOutcome[step]), this.deadlines[step]);
    this.tell({ kind: 'progress', progress: { step, tries: this.tries, mostTries: mostFingerTries } });
  }

  private finish(result: ReadResult): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.stepTimer);
    this.tell({ kind: 'result', result });
    this.end(result);
  }

  private bounded(tries: number): number {
    return Number.isInteger(tries) ? Math.min(Math.max(tries, 0), mostFingerTries) : 0;
  }
}
