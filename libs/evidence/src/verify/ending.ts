import { type Finding } from './findings.js';
import { eventsInsertedAfter, eventsRemoved } from './of-events.js';
import { checkpointMissing, malformed } from './of-log.js';

interface Ending {
  /** Size with which the bundle says that it ends. */
  to: number;
  /** Size of the last checkpoint, if there was one, or else where the bundle begins. */
  covered: number;
  hasCheckpoint: boolean;
  /** A checkpoint behind that was told as faulty. */
  isFaulty: boolean;
  /** Lines behind the last checkpoint: how many could be read and could not, and the number that would follow. */
  lines: number;
  unreadable: number;
  next: number;
}

/** What is missing or too much at the end of a bundle that did not break off. */
export function nameEnding({ to, covered, hasCheckpoint, isFaulty, lines, unreadable, next }: Ending): Finding[] {
  const uncovered = isFaulty ? [] : [checkpointMissing(covered, 'end')];
  if (covered > to) {
    return [
      malformed(
        `the first line says that the bundle ends with ${to}, but ${covered} events are signed in it`,
        `baris pertama menyebut akhir ${to}, padahal ada ${covered} peristiwa bertanda tangan di dalamnya`,
      ),
    ];
  }
  if (covered === to) {
    if (lines > 0) return [eventsInsertedAfter(lines, to)];
    return hasCheckpoint ? [] : uncovered;
  }
  const reached = Math.max(next, covered);
  const removed = to - reached > unreadable ? [eventsRemoved(reached, to)] : [];
  return lines > 0 || removed.length === 0 ? [...removed, ...uncovered] : removed;
}
