import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex } from '#evidence';

/** Draws look-ups to ask the office about: those with the smallest SHA-256(seed || id), in this order (docs/report-format.md). */
export class SampleDraw {
  /** Look-ups that it was drawn from. */
  population = 0;
  private readonly seed: Uint8Array;
  private readonly drawn: { id: string; rank: string }[] = [];

  /** @param seed 16 bytes in hex @throws RangeError */
  constructor(
    seed: string,
    private readonly size: number,
  ) {
    const bytes = fromHex(seed);
    if (bytes?.length !== 16) throw new RangeError('A seed is 16 bytes in hex');
    this.seed = bytes;
  }

  /** @param id UUID of a look-up, lower case with dashes */
  add(id: string): void {
    this.population += 1;
    const rank = toHex(sha256.create().update(this.seed).update(new TextEncoder().encode(id)).digest());
    const last = this.drawn.at(-1);
    if (this.drawn.length >= this.size && last !== undefined && rank >= last.rank) return;
    const at = this.drawn.findIndex((one) => one.rank > rank);
    this.drawn.splice(at < 0 ? this.drawn.length : at, 0, { id, rank });
    if (this.drawn.length > this.size) this.drawn.pop();
  }

  get ids(): string[] {
    return this.drawn.map(({ id }) => id);
  }
}
