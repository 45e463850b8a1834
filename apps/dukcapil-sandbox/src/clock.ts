const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Western Indonesian time (WIB, Asia/Jakarta) is UTC+7 all year round: it has no summer time. */
const WIB_OFFSET = 7 * HOUR;

/** The time of day by which quota and opening hours are judged. A test may move it; it then runs on from there. */
export class Clock {
  #offset = 0;

  constructor(private readonly source: () => number = Date.now) {}

  /** Milliseconds since the epoch. */
  now(): number {
    return this.source() + this.#offset;
  }

  setTo(time: number): void {
    this.#offset = time - this.source();
  }

  reset(): void {
    this.#offset = 0;
  }
}

/** The calendar day in Jakarta as a plain number, cheap enough to compare on every request. */
export function jakartaDayNumber(time: number): number {
  return Math.floor((time + WIB_OFFSET) / DAY);
}

/** `2026-11-23` for a number from {@link jakartaDayNumber}. */
export function jakartaDayText(dayNumber: number): string {
  return new Date(dayNumber * DAY).toISOString().slice(0, 10);
}

/** Minutes since midnight in Jakarta, 0..1439. */
export function jakartaMinutes(time: number): number {
  return Math.floor(((time + WIB_OFFSET) % DAY) / 60_000);
}
