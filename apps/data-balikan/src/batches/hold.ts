import type { BatchQueue, HeldBatch } from './batch-queue.js';

/** The batch went to somebody else, was cancelled, or this process ends: what is under way is given up. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  /** @param stopping the process ends: the batch is still held and has to be released */
  constructor(readonly stopping: boolean) {
    super('the batch is given up');
  }
}

const everyMs = 300;

/** One worker's hold on a batch: renewed as long as it lasts, and noticed when it is gone. */
export class Hold {
  private readonly over = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private renewing: Promise<void> | undefined;

  constructor(
    private readonly queue: BatchQueue,
    readonly batch: HeldBatch,
    /** What else is to be done at each beat, such as keeping a connection awake. */
    private readonly beat: () => { rows: number; percent: number } | undefined,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      // a database that does not answer is no reason to give up: the fence decides in the end
      this.renewing ??= this.renew()
        .catch(() => undefined)
        .finally(() => (this.renewing = undefined));
    }, everyMs);
  }

  /** From here on nothing of it is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
  }

  giveUp(stopping: boolean): void {
    if (!this.over.signal.aborted) this.over.abort(new GivenUp(stopping));
  }

  /** @throws {GivenUp} */
  check(): void {
    this.over.signal.throwIfAborted();
  }

  /**
   * Waits no longer than the hold lasts.
   *
   * @throws {GivenUp}
   */
  async during<T>(work: Promise<T>): Promise<T> {
    this.check();
    const { signal } = this.over;
    let listener: (() => void) | undefined;
    const lost = new Promise<never>((_, reject) => {
      listener = () => reject(signal.reason as GivenUp);
      signal.addEventListener('abort', listener, { once: true });
    });
    try {
      return await Promise.race([work, lost]);
    } finally {
      if (listener) signal.removeEventListener('abort', listener);
    }
  }

  private async renew(): Promise<void> {
    if (!(await this.queue.renew(this.batch, this.beat()))) this.giveUp(false);
  }
}
