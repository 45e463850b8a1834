import { sameBytes } from '../bytes.js';
import { type Frontier } from '../tree.js';
import { type Lines } from './segment.js';

/**
 * In which way lines fit a checkpoint: as they stand; with the hashes of the events instead of those that are told; in another
 * order; without some of them; or only the first of them, because the checkpoint stands too late or because the rest was put in.
 */
export interface Explanation {
  kind: 'AS_IT_STANDS' | 'HASHES_CHANGED' | 'REORDERED' | 'SURPLUS' | 'FIRST_ONLY';
  /** Places of the lines, in the order in which they fit; nothing when it is that in which they stand. */
  order?: readonly number[];
  /** The tree with them. */
  frontier: Frontier;
}

type Hypothesis = Omit<Explanation, 'frontier'>;

// how many lines a search goes over: each stays below a second
const longestForOne = 512;
const longestForPairs = 64;

/**
 * Looks for what was done to `lines`, of which `need` should lead from the tree `start` to `root`. An explanation is proof: the
 * signed root comes out. Nothing when there is none among the simple ones; `thorough` searches for a single event that was put in,
 * moved or exchanged as well.
 */
export function explain(
  start: Frontier,
  lines: Lines,
  need: number,
  root: Uint8Array,
  thorough: boolean,
): Explanation | undefined {
  for (const hypothesis of hypotheses(lines, need, thorough)) {
    const frontier = grow(start, lines, hypothesis);
    if (sameBytes(frontier.root(), root)) return { ...hypothesis, frontier };
  }
  return undefined;
}

/** Roots at the sizes asked for (rising, above that of `start`) while the lines are put in as explained. */
export function rootsAt(start: Frontier, lines: Lines, how: Hypothesis, sizes: readonly number[]): Uint8Array[] {
  const roots: Uint8Array[] = [];
  grow(start, lines, how, (frontier) => {
    while (frontier.size === sizes[roots.length]) roots.push(frontier.root());
  });
  return roots;
}

function grow(start: Frontier, lines: Lines, how: Hypothesis, visit?: (frontier: Frontier) => void): Frontier {
  const frontier = start.clone();
  const count = how.order?.length ?? lines.count;
  for (let at = 0; at < count; at++) {
    const place = how.order?.[at] ?? at;
    const recomputed = how.kind === 'HASHES_CHANGED' ? lines.recomputed.get(place) : undefined;
    frontier.append(recomputed ?? lines.hash(place));
    visit?.(frontier);
  }
  return frontier;
}

function* hypotheses(lines: Lines, need: number, thorough: boolean): Generator<Hypothesis> {
  const { count } = lines;
  if (count === need) yield { kind: 'AS_IT_STANDS' };
  if (count === need && lines.recomputed.size > 0) yield { kind: 'HASHES_CHANGED' };
  if (count < need) return;

  const kind = count === need ? 'REORDERED' : 'SURPLUS';
  if (!lines.regular) {
    for (const keep of ['first', 'last'] as const) {
      const order = byIndex(lines, keep);
      if (order.length === need) yield { kind, order };
    }
  }
  if (count > need) yield* surplus(lines, need, thorough);
  else yield* otherOrders(lines, thorough);
}

function* surplus(lines: Lines, need: number, thorough: boolean): Generator<Hypothesis> {
  const all = places(lines);
  yield { kind: 'FIRST_ONLY', order: all.slice(0, need) };
  yield { kind: 'SURPLUS', order: all.slice(-need) };
  const once = all.filter((place) => !lines.twice.has(place));
  if (once.length === need) yield { kind: 'SURPLUS', order: once };
  if (thorough && all.length === need + 1 && all.length <= longestForOne) {
    for (const left of all) yield { kind: 'SURPLUS', order: all.filter((place) => place !== left) };
  }
}

function* otherOrders(lines: Lines, thorough: boolean): Generator<Hypothesis> {
  const all = places(lines);
  yield { kind: 'REORDERED', order: [...all].sort((a, b) => lines.times[a]! - lines.times[b]! || a - b) };
  if (!thorough || all.length > longestForOne) return;
  for (let at = 1; at < all.length; at++) yield { kind: 'REORDERED', order: moved(all, at, at - 1) };
  if (all.length > longestForPairs) return;
  for (const from of all) {
    for (const to of all) {
      if (Math.abs(from - to) < 2) continue;
      yield { kind: 'REORDERED', order: moved(all, from, to) };
      if (from < to) yield { kind: 'REORDERED', order: exchanged(all, from, to) };
    }
  }
}

function places(lines: Lines): number[] {
  return Array.from({ length: lines.count }, (_, place) => place);
}

function moved(order: readonly number[], from: number, to: number): number[] {
  const rest = order.filter((_, at) => at !== from);
  return [...rest.slice(0, to), order[from]!, ...rest.slice(to)];
}

function exchanged(order: readonly number[], one: number, other: number): number[] {
  return order.map((place, at) => (at === one ? order[other]! : at === other ? order[one]! : place));
}

/** By the numbers that the lines tell; of those with the same number, one. */
function byIndex(lines: Lines, keep: 'first' | 'last'): number[] {
  const step = keep === 'first' ? 1 : -1;
  const sorted = places(lines).sort((a, b) => lines.indexes[a]! - lines.indexes[b]! || (a - b) * step);
  return sorted.filter((place, at) => at === 0 || lines.indexes[sorted[at - 1]!] !== lines.indexes[place]);
}
