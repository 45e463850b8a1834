/** Hash bits for each gram that is known, so that few others pass. */
const bitsPerGram = 32;

/** Where in which pattern a gram begins, by the gram's hash; with a bit table in front that turns nearly all others away. */
export class GramTable {
  readonly bits: Uint32Array;
  readonly shift: number;
  /** Pairs of a pattern and how far into it the gram begins. */
  private readonly places = new Map<number, number[]>();

  constructor(grams: readonly { hash: number; pattern: number; offset: number }[]) {
    for (const { hash, pattern, offset } of grams) {
      const places = this.places.get(hash) ?? [];
      places.push(pattern, offset);
      this.places.set(hash, places);
    }
    const size = Math.min(26, Math.max(16, Math.ceil(Math.log2(this.places.size * bitsPerGram + 1))));
    this.bits = new Uint32Array(2 ** (size - 5));
    this.shift = 32 - size;
    for (const hash of this.places.keys()) {
      const slot = hash >>> this.shift;
      this.bits[slot >>> 5] = (this.bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
    }
  }

  placesOf(hash: number): readonly number[] | undefined {
    return this.places.get(hash);
  }
}
