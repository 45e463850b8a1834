import { foldRoots } from './tree.js';

/** The perfect subtree of 2^level leaves number `index` (0 is the leftmost of its level). */
export interface NodeRef {
  level: number;
  index: number;
}

export type ReadNode = (level: number, index: number) => Uint8Array;

/** Leaves `from` ≤ number < `to`; `from` is a multiple of a power of two that is not smaller than the length. */
interface Range {
  from: number;
  to: number;
}

/**
 * Audit path of leaf `index` in the tree of the first `size` leaves, from the leaf upwards (RFC 6962 2.1.1). Throws a RangeError
 * when there is no such leaf. Every node that it reads is in `inclusionNodes`.
 */
export function inclusionProof(index: number, size: number, read: ReadNode): Uint8Array[] {
  return inclusionRanges(index, size).map((range) => rangeRoot(range, read));
}

export function inclusionNodes(index: number, size: number): NodeRef[] {
  return inclusionRanges(index, size).flatMap(perfectSubtrees);
}

/**
 * Proof that the tree of the first `from` leaves is the beginning of the tree of the first `to` (RFC 6962 2.1.2). Nothing is
 * needed when `from` is 0 or `to`. Throws a RangeError when `from` is above `to`.
 */
export function consistencyProof(from: number, to: number, read: ReadNode): Uint8Array[] {
  return consistencyRanges(from, to).map((range) => rangeRoot(range, read));
}

export function consistencyNodes(from: number, to: number): NodeRef[] {
  return consistencyRanges(from, to).flatMap(perfectSubtrees);
}

/** Root of the tree of the first `size` leaves. */
export function rootOf(size: number, read: ReadNode): Uint8Array {
  return rangeRoot({ from: 0, to: sizeOf(size) }, read);
}

/** What `rootOf` reads: the perfect subtrees, largest first, as a `Frontier` keeps them. */
export function rootNodes(size: number): NodeRef[] {
  return perfectSubtrees({ from: 0, to: sizeOf(size) });
}

function inclusionRanges(index: number, size: number): Range[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= sizeOf(size)) {
    throw new RangeError(`No leaf ${index} in a tree of ${size}`);
  }
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + powerBelow(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

function consistencyRanges(first: number, second: number): Range[] {
  if (sizeOf(first) > sizeOf(second)) throw new RangeError(`${first} leaves are not the beginning of ${second}`);
  if (first === 0 || first === second) return [];
  const ranges: Range[] = [];
  let [from, to] = [0, second];
  while (to !== first) {
    const middle = from + powerBelow(to - from);
    if (first <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // the old tree itself, when it is one perfect subtree, is known to who asks
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

function rangeRoot(range: Range, read: ReadNode): Uint8Array {
  return foldRoots(perfectSubtrees(range).map(({ level, index }) => read(level, index)));
}

function perfectSubtrees({ from, to }: Range): NodeRef[] {
  const nodes: NodeRef[] = [];
  let at = from;
  while (at < to) {
    const width = powerUpTo(to - at);
    nodes.push({ level: Math.log2(width), index: at / width });
    at += width;
  }
  return nodes;
}

/** Largest power of two that is not above `count`. */
function powerUpTo(count: number): number {
  let power = 1;
  while (power * 2 <= count) power *= 2;
  return power;
}

/** Largest power of two below `count`, which is 2 or more. */
function powerBelow(count: number): number {
  return powerUpTo(count - 1);
}

function sizeOf(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`Not a tree size: ${size}`);
  return size;
}
