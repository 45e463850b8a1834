import type { BalikanFigures, ReaderFigures } from '#contracts';
import type { Days } from './figures.repository.js';
import { monthsBetween } from './months.js';
import { Sums } from './sums.js';

/** Reads of cards that have all of this in common. */
export interface ReadCount {
  act: string;
  readerId: string | null;
  outcome: string | null;
  tries: number | null;
  service: string | null;
  hasLookUp: boolean;
  events: number;
}

/** Deliveries of one day that have the same receipt. */
export interface DeliveryCount {
  /** Asia/Jakarta, YYYY-MM-DD */
  day: string;
  receipt: string | null;
  events: number;
}

/** Outcomes of which the number of tries is told: the finger was tried. */
const tried: readonly (string | null)[] = ['MATCHED', 'NOT_MATCHED'];

/** Of reads of cards, as docs/report-format.md defines them. */
export function readerFigures(counts: readonly ReadCount[]): ReaderFigures {
  const total = { reads: 0, offline: 0, withLookUp: 0 };
  const outcomes = new Sums<['count'], string>(['count']);
  const tries = new Sums<['count'], number>(['count']);
  const services = new Sums<['reads'], string>(['reads']);
  const readers = new Sums<['reads', 'matched', 'withLookUp', 'offline'], string>([
    'reads',
    'matched',
    'withLookUp',
    'offline',
  ]);
  for (const { act, readerId, outcome, tries: count, service, hasLookUp, events } of counts) {
    const isRead = act === 'reader.read';
    const numbers = {
      reads: isRead ? events : 0,
      matched: isRead && outcome === 'MATCHED' ? events : 0,
      withLookUp: isRead && hasLookUp ? events : 0,
      offline: isRead ? 0 : events,
    };
    for (const name of ['reads', 'offline', 'withLookUp'] as const) total[name] += numbers[name];
    outcomes.add(String(outcome), { count: events });
    if (tried.includes(outcome) && count !== null) tries.add(count, { count: events });
    services.add(String(service), { reads: numbers.reads });
    if (readerId !== null) readers.add(readerId, numbers);
  }
  return {
    ...total,
    byOutcome: outcomes.list((outcome, { count }) => ({ outcome, count })),
    byTries: tries.list((number, { count }) => ({ tries: number, count })),
    byService: services.list((service, { reads }) => ({ service, reads })),
    byReader: readers.list((readerId, numbers) => ({ readerId, ...numbers })),
  };
}

export type DeliveryFigures = Pick<BalikanFigures, 'delivered' | 'byMethod' | 'months'>;

/** Of delivered data balikan, as docs/report-format.md defines them. */
export function deliveryFigures(counts: readonly DeliveryCount[], { from, until }: Days): DeliveryFigures {
  const receipts = new Sums<['count'], string>(['count']);
  const months = new Map<string, number>(monthsBetween(from, until).map((month) => [month, 0]));
  for (const { day, receipt, events } of counts) {
    const month = day.slice(0, 7);
    receipts.add(String(receipt), { count: events });
    months.set(month, (months.get(month) ?? 0) + events);
  }
  const byMethod = receipts.list((receipt, { count }) => ({
    method: receipt === 'MEDIA' ? ('MEDIA' as const) : ('WEB_SERVICE' as const),
    receipt,
    count,
  }));
  return {
    delivered: counts.reduce((sum, { events }) => sum + events, 0),
    // by method first, MEDIA before WEB_SERVICE
    byMethod: [
      ...byMethod.filter(({ method }) => method === 'MEDIA'),
      ...byMethod.filter(({ method }) => method !== 'MEDIA'),
    ],
    months: [...months].map(([month, delivered]) => ({ month, delivered })),
  };
}
