import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from './bytes.js';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** Hashes of a Merkle tree as of RFC 6962 2.1: SHA-256, 32 bytes. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concat(leafPrefix, leaf));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(nodePrefix, left, right));
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

/** Root over what stands side by side, largest first: the smaller ones are hashed together first. */
export function foldRoots(roots: readonly Uint8Array[]): Uint8Array {
  const last = roots.at(-1);
  if (last === undefined) return emptyRoot;
  return roots.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/**
 * What has to be kept of a tree to go on growing it: the roots of the perfect subtrees that make up its leaves, largest
 * first (the *compact range* of [0, size)). There is one for each bit that is set in `size`, at most 53.
 */
export class Frontier {
  size: number;
  roots: Uint8Array[];

  /** Throws when the number of roots is not the one that belongs to `size`, or when one of them is not 32 bytes. */
  constructor(size = 0, roots: readonly Uint8Array[] = []) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`Not a tree size: ${size}`);
    if (roots.length !== bitsSet(size)) {
      throw new RangeError(`A tree of ${size} leaves has ${bitsSet(size)} roots, not ${roots.length}`);
    }
    if (roots.some((root) => root.length !== 32)) throw new RangeError('A root is 32 bytes');
    this.size = size;
    this.roots = [...roots];
  }

  append(hash: Uint8Array): void {
    let merged = hash;
    for (let size = this.size; size % 2 === 1; size = (size - 1) / 2) merged = nodeHash(this.roots.pop()!, merged);
    this.roots.push(merged);
    this.size += 1;
  }

  root(): Uint8Array {
    return foldRoots(this.roots);
  }

  clone(): Frontier {
    return new Frontier(this.size, this.roots);
  }
}

function bitsSet(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
