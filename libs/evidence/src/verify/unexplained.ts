import { type Finding } from './findings.js';
import * as says from './of-events.js';
import { logRewritten } from './of-log.js';
import { type Segment } from './segment.js';

/** The leaves `from` ≤ index < `to` should stand here: `to` is the size of a signed checkpoint. */
interface Expected {
  from: number;
  to: number;
  /** Whether the tree could still be compared: if so, it did not fit. */
  compared: boolean;
  /** Number that the next line tells, if it is known: one that is not below `to` shows that none was set right. */
  following?: number | undefined;
}

/**
 * Names what can be known of lines for which no explanation leads to the signed root: by the numbers that they tell, by how
 * many they are, and if both are right, that something was written anew.
 */
export function nameUnexplained(lines: Segment, { from, to, compared, following }: Expected): Finding[] {
  const { missing, repeated, late } = lines.regular ? nothingOdd : oddNumbers(lines);
  const gone = missing.reduce((sum, range) => sum + range.to - range.from, 0);
  const left = to - from - (lines.count + gone - repeated.length);

  const findings: Finding[] = [];
  // a line that could not be read is told as such: its event is not missing
  if (gone + Math.max(left, 0) > lines.unreadable) {
    findings.push(...missing.map((range) => says.eventsRemoved(range.from, range.to)));
    const isTail = following !== undefined && following >= to && lines.highestIndex + 1 + left === to;
    if (left > 0 && isTail) findings.push(says.eventsRemoved(to - left, to));
    else if (left > 0) findings.push(says.eventsRemovedBetween(left, from, to));
  }
  // an event that stands there twice is told as such
  if (repeated.length + Math.max(-left, 0) > lines.twice.size) {
    findings.push(...repeated.map((index) => says.eventInserted(index)));
    if (left < 0) findings.push(says.eventsInsertedBetween(-left, from, to));
  }
  if (late !== undefined) findings.push(says.eventsReordered(late));
  const sameCount = gone === 0 && repeated.length === 0 && left === 0;
  if (sameCount && compared) findings.push(logRewritten(from, to));
  return findings;
}

/** The same for lines behind the last checkpoint, of which nobody knows how many there should be. */
export function nameUncovered(lines: Segment): { findings: Finding[]; next: number } {
  const { missing, repeated, late } = lines.regular ? nothingOdd : oddNumbers(lines);
  const findings = missing.map((range) => says.eventsRemoved(range.from, range.to));
  findings.push(...repeated.map((index) => says.eventInserted(index)));
  if (late !== undefined) findings.push(says.eventsReordered(late));
  return { findings, next: lines.highestIndex + 1 };
}

interface Odd {
  missing: { from: number; to: number }[];
  repeated: number[];
  /** A number that comes after a higher one. */
  late: number | undefined;
}

const nothingOdd: Odd = { missing: [], repeated: [], late: undefined };

function oddNumbers({ indexes, base }: Segment): Odd {
  const odd: Odd = { missing: [], repeated: [], late: undefined };
  let next = base;
  for (const index of Float64Array.from(indexes).sort()) {
    if (index < next) odd.repeated.push(index);
    else {
      if (index > next) odd.missing.push({ from: next, to: index });
      next = index + 1;
    }
  }
  const repeated = new Set(odd.repeated);
  let highest = base - 1;
  for (const index of indexes) {
    if (index < highest && !repeated.has(index)) odd.late ??= index;
    highest = Math.max(highest, index);
  }
  return odd;
}
