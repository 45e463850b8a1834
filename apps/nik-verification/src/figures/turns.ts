import { AppError } from '#service';

/** Questions that wait at most; whoever asks another one is told to come again. */
const mostWaiting = 200;

/**
 * Counting shares the connections with look-ups, and a log that is not rolled up yet takes long: so many questions at once, the others
 * wait, and one that nobody waits for any more is not begun.
 */
export class Turns {
  readonly most: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param poolSize connections that all of this process share; a third of them may count */
  constructor(poolSize: number) {
    this.most = Math.max(1, Math.floor(poolSize / 3));
  }

  /**
   * @param deadlineAt `performance.now()` at which the caller stops waiting
   * @throws {AppError} EVIDENCE_UNAVAILABLE when it does before its turn, or too many wait
   */
  async take<T>(deadlineAt: number, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.most) await this.next(deadlineAt);
    else this.running += 1;
    try {
      return await work();
    } finally {
      // handed on, or given back
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private async next(deadlineAt: number): Promise<void> {
    if (this.waiting.length >= mostWaiting) throw busy();
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        reject(busy());
      }, deadlineAt - performance.now());
      this.waiting.push(begin);
    });
  }
}

const busy = (): AppError => new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 5 });

/** @throws {AppError} EVIDENCE_UNAVAILABLE when the caller has stopped waiting */
export function checkWaiting(deadlineAt: number): void {
  if (performance.now() > deadlineAt) throw busy();
}
