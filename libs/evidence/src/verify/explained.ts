import { type Explanation } from './explain.js';
import { type Finding } from './findings.js';
import * as says from './of-events.js';
import { type Segment } from './segment.js';

/** Names what was done to lines that fit only in some way. The leaf with which they begin is `first`. */
export function nameExplained(lines: Segment, how: Explanation, first: number): Finding[] {
  const order = how.order ?? [];
  switch (how.kind) {
    case 'AS_IT_STANDS': {
      if (lines.regular) return [];
      const wrong = lines.indexes.find((index, at) => index !== lines.base + at);
      return [says.eventsReordered(wrong!)];
    }
    case 'REORDERED':
      return [says.eventsReordered(first + order.findIndex((place, at) => place !== at))];
    case 'SURPLUS': {
      const kept = new Set(order);
      const surplus = Array.from(lines.indexes.keys()).filter((place) => !kept.has(place));
      // copies are told as such; one may stand before what it was made of
      if (surplus.length <= lines.twice.size) return [];
      return surplus
        .filter((place) => !lines.twice.has(place))
        .map((place) => says.eventInserted(lines.indexes[place]!));
    }
    // by the events themselves, and with the next checkpoint
    case 'HASHES_CHANGED':
    case 'FIRST_ONLY':
      return [];
  }
}
