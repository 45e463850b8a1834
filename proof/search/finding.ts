import type { Pattern } from './pattern.js';
import type { Finds } from './stream-search.js';

/** Something of a canary that was found; never the value itself. */
export interface Finding {
  canary: string;
  element: string;
  encoding: string;
  /** The place as the statement lists it. */
  place: string;
  /** File, table or answer within the place. */
  where: string;
  count: number;
  /** Of the first one, in bytes. */
  offset: number;
}

/** What was found in one thing that was searched, summed by value and encoding. */
export function findingsOf(
  found: ReadonlyMap<number, Finds>,
  patterns: readonly Pattern[],
  place: string,
  where: string,
): Finding[] {
  const sums = new Map<string, Finding>();
  for (const [index, { count, first }] of found) {
    const pattern = patterns[index];
    if (!pattern) continue;
    const { canary, element } = pattern.secret;
    const key = `${canary} ${element} ${pattern.encoding}`;
    const known = sums.get(key);
    if (known) {
      known.count += count;
      known.offset = Math.min(known.offset, first);
    } else sums.set(key, { canary, element, encoding: pattern.encoding, place, where, count, offset: first });
  }
  return [...sums.values()];
}
