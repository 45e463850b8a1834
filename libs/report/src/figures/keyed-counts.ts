import { sortedBy } from '../order.js';

/** Several counts for each key. */
export class KeyedCounts<N extends string> {
  private readonly counts = new Map<string | null, Record<N, number>>();

  constructor(private readonly names: readonly N[]) {}

  add(key: string | null, name: N, by: number): void {
    let found = this.counts.get(key);
    if (!found) {
      found = Object.fromEntries(this.names.map((one) => [one, 0])) as Record<N, number>;
      this.counts.set(key, found);
    }
    found[name] += by;
  }

  /** Without those of which every count is 0, in the order of their key. */
  rows(): [string | null, Record<N, number>][] {
    return sortedBy(
      [...this.counts].filter(([, counts]) => this.names.some((name) => counts[name] !== 0)),
      ([key]) => key,
    );
  }
}
