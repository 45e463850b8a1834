import { AppError } from '#service';

/** Seconds until somebody who was turned away may well be let in. */
const retryAfter = 2;

/** Lets a few work at a time and a bounded number wait, first come, first served. */
export class Turnstile {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly longestQueue: number,
  ) {}

  /** @throws {AppError} OVERLOADED when the queue is full; the work has not begun then */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside < this.atOnce) this.inside += 1;
    else {
      if (this.queue.length >= this.longestQueue) throw new AppError('OVERLOADED', { retryAfter });
      // whoever leaves hands over the place, so nobody slips in between
      await new Promise<void>((enter) => this.queue.push(enter));
    }
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
