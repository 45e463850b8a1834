import { expect, test } from '@jest/globals';
import type { OpenedLeaf } from '../opened-event.js';
import { ReaderTally } from './readers.js';

const period = { from: '2026-06-15', until: '2026-06-15' };
const [one, two] = ['0198c1d2-0000-7000-8000-00000000000a', '0198c1d2-0000-7000-8000-00000000000b'];
let made = 0;

function read(content: Record<string, unknown>, leaf: Partial<OpenedLeaf['leaf']> = {}): OpenedLeaf {
  return {
    leaf: {
      ...{ id: `0198c1d2-0000-7000-9000-${String(++made).padStart(12, '0')}`, at: '2026-06-15T02:00:00.000000Z' },
      ...{ type: 'READER_READ', act: 'reader.read', subject: one, contentHash: null },
      ...leaf,
    },
    content: { service: 'SKU', outcome: 'MATCHED', tries: 0, verificationId: null, ...content },
  };
}

function figuresOf(events: readonly OpenedLeaf[]) {
  const tally = new ReaderTally(period);
  for (const event of events) tally.add(event);
  return tally.figures();
}

test('reads and checks without a line', () => {
  const offline = { act: 'reader.offline-check', subject: two };
  const events = [
    read({}),
    read({ tries: 2, verificationId: 'x', service: 'NIB' }),
    read({ outcome: 'NOT_MATCHED', tries: 4 }, { subject: two }),
    read({ outcome: 'CANCELLED', tries: 1, service: 'NIB' }),
    read({ outcome: 'MATCHED', tries: 1, service: undefined }, offline),
    read({}, { at: '2026-06-14T16:59:59.999999Z' }),
    read({}, { at: '2026-06-15T17:00:00.000000Z' }),
    read({}, { type: 'DATA_BALIKAN' }),
  ];
  expect(figuresOf(events)).toEqual({
    ...{ reads: 4, offline: 1, withLookUp: 1 },
    byOutcome: [
      { outcome: 'CANCELLED', count: 1 },
      { outcome: 'MATCHED', count: 3 },
      { outcome: 'NOT_MATCHED', count: 1 },
    ],
    byTries: [0, 1, 2, 4].map((tries) => ({ tries, count: 1 })),
    byService: [
      { service: 'NIB', reads: 2 },
      { service: 'SKU', reads: 2 },
    ],
    byReader: [
      { readerId: one, reads: 3, matched: 2, withLookUp: 1, offline: 0 },
      { readerId: two, reads: 1, matched: 0, withLookUp: 0, offline: 1 },
    ],
  });
});

test('of nothing', () => {
  const empty = { byOutcome: [], byTries: [], byService: [], byReader: [] };
  expect(figuresOf([])).toEqual({ reads: 0, offline: 0, withLookUp: 0, ...empty });
});
