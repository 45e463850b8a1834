import { describe, expect, test } from '@jest/globals';
import { leaves, roots } from '../test/reference-tree.js';
import { toHex } from './bytes.js';
import { emptyRoot, Frontier, leafHash } from './tree.js';

describe('a tree that grows', () => {
  test('has the roots of the reference tree', () => {
    const frontier = new Frontier();
    expect(toHex(frontier.root())).toBe(roots[0]);
    leaves.forEach((leaf, at) => {
      frontier.append(leafHash(leaf));
      expect(frontier.size).toBe(at + 1);
      expect(toHex(frontier.root())).toBe(roots[at + 1]);
    });
  });

  test('goes on from its perfect subtrees', () => {
    const whole = new Frontier();
    leaves.slice(0, 5).forEach((leaf) => whole.append(leafHash(leaf)));
    const again = new Frontier(whole.size, whole.roots);
    leaves.slice(5).forEach((leaf) => again.append(leafHash(leaf)));
    expect(toHex(again.root())).toBe(roots[8]);
    expect(toHex(whole.root())).toBe(roots[5]);
  });

  test('is not changed through its copy', () => {
    const one = new Frontier(1, [leafHash(leaves[0]!)]);
    one.clone().append(leafHash(leaves[1]!));
    expect(one.size).toBe(1);
    expect(toHex(one.root())).toBe(roots[1]);
  });

  test('refuses roots that do not fit its size', () => {
    expect(() => new Frontier(3, [emptyRoot])).toThrow('3 leaves has 2 roots, not 1');
    expect(() => new Frontier(-1)).toThrow(RangeError);
    expect(() => new Frontier(1.5, [emptyRoot])).toThrow(RangeError);
    expect(() => new Frontier(2 ** 53, [emptyRoot])).toThrow(RangeError);
    expect(() => new Frontier(1, [new Uint8Array(31)])).toThrow('32 bytes');
    expect(new Frontier(2 ** 40, [emptyRoot]).root()).toEqual(emptyRoot);
  });
});
