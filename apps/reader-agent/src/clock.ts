/** The gateway's clock, as well as this PC can tell: the clock of an office PC may be off by years, so it is never asked twice. */
export class Clock {
  private offsetMs: number | undefined;

  constructor(
    private readonly wall: () => number = Date.now,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Milliseconds since 1970: what the gateway last told plus the time since then; before that, the PC's own clock. */
  now(): number {
    return this.offsetMs === undefined ? this.wall() : this.monotonic() + this.offsetMs;
  }

  /** @param askedAt `monotonicNow()` when the question left; the answer is taken to be half the way old */
  sync(gatewayNow: number, askedAt: number): void {
    const received = this.monotonic();
    this.offsetMs = gatewayNow + (received - askedAt) / 2 - received;
  }

  monotonicNow(): number {
    return this.monotonic();
  }

  get synced(): boolean {
    return this.offsetMs !== undefined;
  }

  /** How far the PC's own clock is ahead of the gateway's, milliseconds; 0 as long as that is not known. */
  skewMs(): number {
    return this.offsetMs === undefined ? 0 : this.wall() - this.now();
  }
}
