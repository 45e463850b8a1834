import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, utf8 } from '../bytes.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 16 bytes for an id: a UUID itself, of any other text the beginning of its hash. */
export function packedId(id: string): Uint8Array {
  return uuid.test(id) ? fromHex(id.replaceAll('-', ''))! : sha256(utf8(id)).slice(0, 16);
}

/** A set of packed ids in about 24 bytes for each (open addressing). */
export class IdSet {
  size = 0;
  private ids = new Uint32Array(4 * 64);
  /** Number of an id plus one; 0 is free. */
  private table = new Uint32Array(128);
  // who writes a bundle must not be able to choose ids that fall on one place
  private readonly seed = Math.floor(Math.random() * 0x7fffffff) * 2 + 1;

  has(id: Uint8Array): boolean {
    return this.table[this.find(wordsOf(id))] !== 0;
  }

  /** Whether it is new. */
  add(id: Uint8Array): boolean {
    const words = wordsOf(id);
    let slot = this.find(words);
    if (this.table[slot] !== 0) return false;
    if (this.size * 4 === this.ids.length) {
      this.grow();
      slot = this.find(words);
    }
    this.ids.set(words, this.size * 4);
    this.size += 1;
    this.table[slot] = this.size;
    return true;
  }

  private find(words: Uint32Array): number {
    const mask = this.table.length - 1;
    let hash = this.seed;
    for (const word of words) {
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = Math.imul(hash, this.seed) >>> 0;
    for (slot = (slot ^ (slot >>> 16)) & mask; ; slot = (slot + 1) & mask) {
      const number = this.table[slot]!;
      if (number === 0 || this.isAt((number - 1) * 4, words)) return slot;
    }
  }

  private isAt(at: number, words: Uint32Array): boolean {
    return words.every((word, offset) => this.ids[at + offset] === word);
  }

  private grow(): void {
    const ids = new Uint32Array(this.ids.length * 2);
    ids.set(this.ids);
    this.ids = ids;
    this.table = new Uint32Array(this.table.length * 2);
    for (let number = 0; number < this.size; number++) {
      this.table[this.find(ids.subarray(number * 4, number * 4 + 4))] = number + 1;
    }
  }
}

function wordsOf(id: Uint8Array): Uint32Array {
  return new Uint32Array(id.slice().buffer);
}
