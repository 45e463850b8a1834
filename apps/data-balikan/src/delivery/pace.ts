/** Slots in which requests may leave, evenly apart: what an outage piled up leaves as a stream and not as a storm. */
export class Pace {
  private readonly everyMs: number;
  private nextAt: number;

  /** @param now milliseconds of a clock that only goes on; the first slot is there at once */
  constructor(perSecond: number, now: number) {
    this.everyMs = 1_000 / perSecond;
    this.nextAt = now;
  }

  /** Until the next slot, 0 if it is there. */
  waitMs(now: number): number {
    return Math.max(0, this.nextAt - now);
  }

  /** Uses a slot. One that nobody used is lost: it is not made good later. */
  take(now: number): void {
    this.nextAt = Math.max(now, this.nextAt) + this.everyMs;
  }
}
