import { type Findings } from './findings.js';
import { eventBackdated, eventPostdated } from './of-events.js';
import { type Lines } from './segment.js';

/** Two transactions that ran side by side may stand the other way round: microseconds. */
const tolerance = 60_000_000;

/**
 * Follows the logged times. What is dated after its checkpoint does not count for those that come after it, and what a
 * checkpoint does not cover was not there when it was signed.
 */
export class Timeline {
  private highest = -Infinity;

  constructor(private readonly findings: Findings) {}

  /** `signedAt` is the time of the first checkpoint that covers the lines, seconds since 1970, if there is one. */
  check(lines: Lines, order: readonly number[] | undefined, first: number, signedAt = Infinity): void {
    const latest = signedAt * 1_000_000 + tolerance;
    const count = order?.length ?? lines.count;
    for (let at = 0; at < count; at++) {
      const place = order?.[at] ?? at;
      const time = lines.times[place]!;
      // what a changed event says of itself is told once, as changed
      if (lines.recomputed.has(place)) continue;
      if (time > latest) {
        this.findings.add(eventPostdated(first + at, seconds(time - latest + tolerance)));
        continue;
      }
      if (time < this.highest - tolerance) this.findings.add(eventBackdated(first + at, seconds(this.highest - time)));
      if (time > this.highest) this.highest = time;
    }
    if (signedAt < Infinity) this.highest = Math.max(this.highest, signedAt * 1_000_000);
  }
}

function seconds(microseconds: number): number {
  return Math.floor(microseconds / 1_000_000);
}
