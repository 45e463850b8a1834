type Key = string | number | null;

/** Order of keys: UTF-16 code units, or numbers; null last. */
export function compareKeys(one: Key, other: Key): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}

/** The rows in the order of their keys, the first key first. Does not change the list that is given. */
export function sortedBy<T>(rows: Iterable<T>, ...keys: ((row: T) => Key)[]): T[] {
  return [...rows].sort((one, other) => {
    for (const key of keys) {
      const order = compareKeys(key(one), key(other));
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Counts by a key. */
export class Counter<K extends Key> {
  private readonly counts = new Map<K, number>();

  add(key: K, by = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  get(key: K): number {
    return this.counts.get(key) ?? 0;
  }

  /** Without those that are 0, in the order of their key. */
  rows(): [K, number][] {
    return sortedBy(
      [...this.counts].filter(([, count]) => count !== 0),
      ([key]) => key,
    );
  }
}
