import type { Period, ReaderFigures } from '#contracts';
import { isIn, jakartaDay } from '../calendar.js';
import type { OpenedLeaf } from '../opened-event.js';
import { Counter, sortedBy } from '../order.js';

/** Outcomes of which the number of tries is told: the finger was tried. */
const tried = ['MATCHED', 'NOT_MATCHED'];

type OfReader = ReaderFigures['byReader'][number];

/** Adds up reads of cards, leaf by leaf; other leaves, and days outside of the period, are passed over. */
export class ReaderTally {
  private readonly total = { reads: 0, offline: 0, withLookUp: 0 };
  private readonly outcomes = new Counter<string>();
  private readonly tries = new Counter<number>();
  private readonly services = new Counter<string>();
  private readonly readers = new Map<string, OfReader>();

  constructor(private readonly period: Period) {}

  add({ leaf, content }: OpenedLeaf): void {
    if (leaf.type !== 'READER_READ' || !isIn(this.period, jakartaDay(leaf.at))) return;
    const isRead = leaf.act === 'reader.read';
    if (!isRead && leaf.act !== 'reader.offline-check') return;
    const { outcome, tries, service, verificationId } = content;
    const hasLookUp = isRead && verificationId != null;
    this.outcomes.add(String(outcome));
    if (tried.includes(outcome as string) && typeof tries === 'number') this.tries.add(tries);
    if (isRead) this.services.add(String(service));
    count(this.total, isRead, hasLookUp);
    if (leaf.subject === null) return;
    const reader = this.reader(leaf.subject);
    count(reader, isRead, hasLookUp);
    if (isRead && outcome === 'MATCHED') reader.matched += 1;
  }

  figures(): ReaderFigures {
    return {
      ...this.total,
      byOutcome: this.outcomes.rows().map(([outcome, count]) => ({ outcome, count })),
      byTries: this.tries.rows().map(([count, times]) => ({ tries: count, count: times })),
      byService: this.services.rows().map(([service, count]) => ({ service, reads: count })),
      byReader: sortedBy(this.readers.values(), ({ readerId }) => readerId),
    };
  }

  private reader(readerId: string): OfReader {
    let found = this.readers.get(readerId);
    if (!found) this.readers.set(readerId, (found = { readerId, reads: 0, matched: 0, withLookUp: 0, offline: 0 }));
    return found;
  }
}

function count(to: { reads: number; offline: number; withLookUp: number }, isRead: boolean, hasLookUp: boolean): void {
  if (isRead) to.reads += 1;
  else to.offline += 1;
  if (hasLookUp) to.withLookUp += 1;
}
