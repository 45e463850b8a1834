import { sameBytes } from './bytes.js';
import { emptyRoot, nodeHash } from './tree.js';

export interface InclusionClaim {
  index: number;
  /** Of the tree. It has to come from the signed checkpoint that `root` comes from: a path alone fits several sizes. */
  size: number;
  leafHash: Uint8Array;
  /** From the leaf upwards. */
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

export interface ConsistencyClaim {
  from: number;
  to: number;
  fromRoot: Uint8Array;
  toRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/** RFC 9162 2.1.3.2. Never throws: whatever is not a proof is false. */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, root]) || !areHashes(proof))
    return false;
  const path = new Path(index, size - 1);
  let hash = leafHash;
  for (const sibling of proof) {
    const side = path.next();
    if (side === undefined) return false;
    hash = side === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return path.atTop && sameBytes(hash, root);
}

/** RFC 9162 2.1.4.2. Never throws. From the empty tree (its root is SHA-256 of nothing) everything is consistent. */
export function verifyConsistency({ from, to, fromRoot, toRoot, proof }: ConsistencyClaim): boolean {
  if (!isCount(from) || !isCount(to) || from > to || !areHashes([fromRoot, toRoot]) || !areHashes(proof)) return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && sameBytes(fromRoot, emptyRoot);
  if (proof.length === 0) return false;

  const [start, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  const path = new Path(from - 1, to - 1);
  path.skipRights();
  let [before, after] = [start!, start!];
  for (const sibling of rest) {
    const side = path.next();
    if (side === undefined) return false;
    if (side === 'left') before = nodeHash(sibling, before);
    after = side === 'left' ? nodeHash(sibling, after) : nodeHash(after, sibling);
  }
  return path.atTop && sameBytes(before, fromRoot) && sameBytes(after, toRoot);
}

/** The way up from node `node` of a level whose last node is `last`: on which side each sibling of the path stands. */
class Path {
  constructor(
    private node: number,
    private last: number,
  ) {}

  get atTop(): boolean {
    return this.last === 0;
  }

  next(): 'left' | 'right' | undefined {
    if (this.atTop) return undefined;
    const isLeft = this.node % 2 === 1 || this.node === this.last;
    // the last node of its level may have no sibling there: it is its own parent
    if (isLeft) while (this.node % 2 === 0 && this.node !== 0) this.up();
    this.up();
    return isLeft ? 'left' : 'right';
  }

  skipRights(): void {
    while (this.node % 2 === 1) this.up();
  }

  private up(): void {
    this.node = Math.floor(this.node / 2);
    this.last = Math.floor(this.last / 2);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areHashes(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => value instanceof Uint8Array && value.length === 32);
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size)) && 2 ** Math.log2(size) === size;
}
