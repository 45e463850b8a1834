import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consistencyProofs, inclusionProofs, leaves, roots } from '../test/reference-tree.js';
import { fromHex, toHex, utf8 } from './bytes.js';
import { verifyConsistency, verifyInclusion } from './proof-check.js';
import {
  consistencyNodes,
  consistencyProof,
  inclusionNodes,
  inclusionProof,
  rootNodes,
  rootOf,
  type NodeRef,
  type ReadNode,
} from './proof.js';
import { Frontier, leafHash, nodeHash } from './tree.js';

const hex = (hashes: Uint8Array[]) => hashes.map(toHex);
const bytes = (text: string) => fromHex(text)!;

describe('the reference tree', () => {
  const read = treeOf(leaves.map(leafHash));

  test.each(inclusionProofs)('leaf $index of $size is included', ({ index, size, proof }) => {
    expect(hex(inclusionProof(index, size, read))).toEqual(proof);
    const claim = {
      index,
      size,
      leafHash: leafHash(leaves[index]!),
      proof: proof.map(bytes),
      root: bytes(roots[size]!),
    };
    expect(verifyInclusion(claim)).toBe(true);
  });

  test.each(consistencyProofs)('$from leaves are the beginning of $to', ({ from, to, proof }) => {
    expect(hex(consistencyProof(from, to, read))).toEqual(proof);
    const [fromRoot, toRoot] = [bytes(roots[from]!), bytes(roots[to]!)];
    expect(verifyConsistency({ from, to, fromRoot, toRoot, proof: proof.map(bytes) })).toBe(true);
  });

  test('has its roots', () => {
    roots.forEach((root, size) => expect(toHex(rootOf(size, read))).toBe(root));
  });

  test('every leaf and every beginning of every size is proven', () => {
    for (let size = 1; size <= 8; size++) {
      const root = bytes(roots[size]!);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read);
        expect(verifyInclusion({ index, size, leafHash: read(0, index), proof, root })).toBe(true);
      }
      for (let from = 0; from <= size; from++) {
        const proof = consistencyProof(from, size, read);
        expect(verifyConsistency({ from, to: size, fromRoot: bytes(roots[from]!), toRoot: root, proof })).toBe(true);
      }
    }
  });
});

describe('trees of any size', () => {
  const largest = 2 ** 16;
  const hashes = Array.from({ length: largest }, (_, index) => leafHash(utf8(String(index))));
  const read = treeOf(hashes);
  // small trees have the odd shapes
  const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: largest }));
  const leaf = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));
  const beginning = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size)));
  const place = fc.nat(2 ** 31);

  test('the root is that of growing', () => {
    const frontier = new Frontier();
    const grown = [toHex(frontier.root())];
    for (const hash of hashes.slice(0, 300)) {
      frontier.append(hash);
      grown.push(toHex(frontier.root()));
    }
    grown.forEach((root, size) => expect(toHex(rootOf(size, read))).toBe(root));
  });

  test('inclusion is proven, and nothing that was changed is', () => {
    fc.assert(
      fc.property(leaf, place, fc.nat(largest), ([size, index], bit, other) => {
        const good = {
          index,
          size,
          leafHash: hashes[index]!,
          proof: inclusionProof(index, size, read),
          root: rootOf(size, read),
        };
        expect(verifyInclusion(good)).toBe(true);
        expect(verifyInclusion({ ...good, leafHash: flipped(good.leafHash, bit) })).toBe(false);
        expect(verifyInclusion({ ...good, root: flipped(good.root, bit) })).toBe(false);
        expect(verifyInclusion({ ...good, proof: [...good.proof, good.root] })).toBe(false);
        if (good.proof.length > 0) {
          const at = bit % good.proof.length;
          expect(verifyInclusion({ ...good, proof: good.proof.with(at, flipped(good.proof[at]!, bit)) })).toBe(false);
          expect(verifyInclusion({ ...good, proof: good.proof.toSpliced(at, 1) })).toBe(false);
        }
        if (other !== index) expect(verifyInclusion({ ...good, index: other })).toBe(false);
        // a size comes with its root: both from one checkpoint
        const otherSize = other + 1 <= largest && other + 1 !== size ? other + 1 : size === 1 ? 2 : size - 1;
        expect(verifyInclusion({ ...good, size: otherSize, root: rootOf(otherSize, read) })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('consistency is proven, and nothing that was changed is', () => {
    fc.assert(
      fc.property(beginning, place, fc.nat(largest), ([to, from], bit, other) => {
        const proof = consistencyProof(from, to, read);
        const good = { from, to, fromRoot: rootOf(from, read), toRoot: rootOf(to, read), proof };
        expect(verifyConsistency(good)).toBe(true);
        expect(verifyConsistency({ ...good, fromRoot: flipped(good.fromRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...good, proof: [...proof, good.toRoot] })).toBe(false);
        if (from > 0) expect(verifyConsistency({ ...good, toRoot: flipped(good.toRoot, bit) })).toBe(false);
        if (proof.length > 0) {
          const at = bit % proof.length;
          expect(verifyConsistency({ ...good, proof: proof.with(at, flipped(proof[at]!, bit)) })).toBe(false);
          expect(verifyConsistency({ ...good, proof: proof.toSpliced(at, 1) })).toBe(false);
          expect(verifyConsistency({ ...good, from: to, to: from })).toBe(false);
          if (other !== from) expect(verifyConsistency({ ...good, from: other })).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the nodes told beforehand are those that are read', () => {
    fc.assert(
      fc.property(beginning, fc.nat(), ([size, from], number) => {
        const reading = (act: (record: ReadNode) => unknown): NodeRef[] => {
          const refs: NodeRef[] = [];
          act((level, index) => {
            refs.push({ level, index });
            return read(level, index);
          });
          return refs;
        };
        const index = number % size;
        expect(reading((record) => inclusionProof(index, size, record))).toEqual(inclusionNodes(index, size));
        expect(reading((record) => consistencyProof(from, size, record))).toEqual(consistencyNodes(from, size));
        expect(reading((record) => rootOf(size, record))).toEqual(rootNodes(size));
      }),
    );
  });
});

describe('what is no proof', () => {
  const hash = leafHash(utf8('x'));

  test.each([
    { index: 0.5, size: 1 },
    { index: -1, size: 1 },
    { index: 1, size: 1 },
    { index: 0, size: 0 },
    { index: 0, size: 2 ** 53 },
    { index: NaN, size: 1 },
    { leafHash: hash.subarray(1) },
    { root: new Uint8Array(33) },
    { proof: [new Uint8Array(0)] },
    { proof: undefined },
    { proof: 'x' },
    { leafHash: null },
  ])('%j is not included', (changes) => {
    const good = { index: 0, size: 1, leafHash: hash, proof: [], root: hash };
    expect(verifyInclusion(good)).toBe(true);
    expect(verifyInclusion({ ...good, ...changes } as typeof good)).toBe(false);
  });

  test.each([
    { from: 2 },
    { from: -1 },
    { to: 1.5 },
    { to: 2 ** 53 },
    { to: Infinity },
    { from: 0 },
    { fromRoot: hash.subarray(1) },
    { toRoot: [] },
    { proof: [new Uint8Array(31)] },
    { proof: null },
  ])('%j is not consistent', (changes) => {
    const good = { from: 1, to: 1, fromRoot: hash, toRoot: hash, proof: [] };
    expect(verifyConsistency(good)).toBe(true);
    expect(verifyConsistency({ ...good, ...changes } as typeof good)).toBe(false);
  });

  test('there is no proof of what is not there', () => {
    const read = treeOf([hash]);
    expect(() => inclusionProof(1, 1, read)).toThrow(RangeError);
    expect(() => consistencyProof(2, 1, read)).toThrow(RangeError);
    expect(() => rootOf(2 ** 53, read)).toThrow(RangeError);
  });
});

test('sizes beyond 32 bits', () => {
  const size = 2 ** 40 + 5;
  const read: ReadNode = (level, index) => leafHash(utf8(`${level} ${index}`));
  const proof = inclusionProof(size - 1, size, read);
  const claim = { index: size - 1, size, leafHash: read(0, size - 1), proof, root: rootOf(size, read) };
  expect(verifyInclusion(claim)).toBe(true);
  expect(inclusionNodes(0, size).length).toBe(42);
  expect(
    verifyConsistency({
      from: 2 ** 40,
      to: size,
      fromRoot: read(40, 0),
      toRoot: claim.root,
      proof: consistencyProof(2 ** 40, size, read),
    }),
  ).toBe(true);
});

function treeOf(hashes: Uint8Array[]): ReadNode {
  const levels = [hashes];
  for (let below = hashes; below.length > 1; below = levels.at(-1)!) {
    levels.push(
      Array.from({ length: Math.floor(below.length / 2) }, (_, at) => nodeHash(below[2 * at]!, below[2 * at + 1]!)),
    );
  }
  return (level, index) => levels[level]![index]!;
}

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  const changed = hash.slice();
  changed[(bit >> 3) % 32]! ^= 1 << (bit & 7);
  return changed;
}
