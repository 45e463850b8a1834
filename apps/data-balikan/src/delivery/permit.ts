import type { Hold, Outbox } from './outbox.repository.js';

/** How long an answer may be relied on: with the time of a request it is far below the 5 s that the kill switch promises. */
const trustMs = 1_000;

/** Whether this worker may send one more now, asked before every request: of the database, or of an answer of at most a second ago. */
export class Permit {
  private asked: { at: number; may: Promise<boolean> } | undefined;

  constructor(
    private readonly outbox: Pick<Outbox, 'maySend'>,
    private readonly hold: Hold,
    private readonly leaseMs: number,
    private readonly unsent: () => string[],
  ) {}

  async given(): Promise<boolean> {
    const now = performance.now();
    if (!this.asked || now - this.asked.at > trustMs)
      this.asked = { at: now, may: this.outbox.maySend(this.hold, this.unsent(), this.leaseMs) };
    return this.asked.may;
  }
}
