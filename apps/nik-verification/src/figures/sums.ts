type Numbers<Names extends readonly string[]> = Record<Names[number], number>;

/** Numbers that belong to a key, which may be null. */
export class Sums<const Names extends readonly string[], Key extends string | number | null = string | null> {
  private readonly sums = new Map<Key, Numbers<Names>>();

  constructor(private readonly names: Names) {}

  add(key: Key, numbers: Numbers<Names>): void {
    const sum = this.sums.get(key);
    if (!sum) return void this.sums.set(key, { ...numbers });
    for (const name of this.names as readonly Names[number][]) sum[name] += numbers[name];
  }

  /** In the order of the keys (UTF-16 code units or numbers, null last), without those of which every number is 0. */
  list<T>(make: (key: Key, numbers: Numbers<Names>) => T): T[] {
    const kept = [...this.sums].filter(([, numbers]) =>
      (this.names as readonly Names[number][]).some((name) => numbers[name] !== 0),
    );
    kept.sort(([a], [b]) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
    return kept.map(([key, numbers]) => make(key, numbers));
  }
}
