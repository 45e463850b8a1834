import { loggedTime, type Leaf } from '../leaf.js';
import { microseconds } from '../times.js';

/** Counts what was read. */
export class Tally {
  leaves = 0;
  readonly byType: Record<string, number> = {};
  firstAt: string | null = null;
  lastAt: string | null = null;
  private latest = -Infinity;

  /** Gives the logged time, microseconds since 1970; NaN when the event cannot be read. */
  count(leaf: Leaf | undefined): number {
    this.leaves += 1;
    const type = leaf?.type ?? 'UNKNOWN';
    this.byType[type] = (this.byType[type] ?? 0) + 1;
    if (leaf === undefined) return NaN;
    const at = loggedTime(leaf);
    const time = microseconds(at)!;
    this.firstAt ??= at;
    if (time > this.latest) {
      this.latest = time;
      this.lastAt = at;
    }
    return time;
  }

  get latestTime(): number {
    return this.latest;
  }
}
