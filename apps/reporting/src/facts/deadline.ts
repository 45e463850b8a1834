import { AppError } from '#service';

/** What a piece of work with many calls may take, all of them together. */
export class Deadline {
  private readonly at: number;
  private ended = false;

  /** @param ms from now */
  constructor(ms: number) {
    this.at = performance.now() + ms;
  }

  /**
   * Milliseconds that the next call may take.
   *
   * @throws {AppError} SERVICE_TIMEOUT when none are left, or somebody ended the work
   */
  next(most = 10_000): number {
    const left = this.at - performance.now();
    if (this.ended || left <= 0) throw new AppError('SERVICE_TIMEOUT');
    return Math.min(Math.ceil(left), most);
  }

  /** No call begins any more. */
  end(): void {
    this.ended = true;
  }
}
