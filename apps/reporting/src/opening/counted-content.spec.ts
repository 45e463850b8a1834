import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CountedContent, type ReportedLeafRow } from '#contracts';
import { DeliveryTally, ReaderTally } from '#report';
import { countedContent } from './counted-content.js';

const period = { from: '2026-06-01', until: '2026-06-30' };
const uuid = '0198c1d2-0000-7000-9000-00000000000a';
const leafOf = (type: ReportedLeafRow['type'], act: string): ReportedLeafRow => ({
  ...{ id: uuid, at: '2026-06-15T02:00:00.000000Z', type, act, subject: uuid, contentHash: null },
});
const leaves = [
  leafOf('READER_READ', 'reader.read'),
  leafOf('READER_READ', 'reader.offline-check'),
  leafOf('DATA_BALIKAN', 'data-balikan.delivered'),
];

const word = fc.oneof(
  fc.constantFrom('MATCHED', 'NOT_MATCHED', 'SUCCESS', 'MEDIA', 'SKU', null, undefined, 7, true),
  fc.string({ maxLength: 80 }),
);
const particulars = fc.record(
  {
    outcome: word,
    service: word,
    receipt: word,
    tries: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constantFrom(null, undefined, '3')),
    verificationId: fc.constantFrom(uuid, null, undefined),
    namaUsaha: fc.constant('Warung CONTOH'),
  },
  { requiredKeys: [] },
);

test('the tallies count of it what they count of all particulars', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...leaves), particulars), { maxLength: 12 }), (opened) => {
      const tally = (make: (n: number) => Record<string, unknown>) => {
        const [readers, deliveries] = [new ReaderTally(period), new DeliveryTally(period)];
        for (const [n, [leaf]] of opened.entries()) {
          readers.add({ leaf, content: make(n) });
          deliveries.add({ leaf, content: make(n) });
        }
        return [readers.figures(), deliveries.figures()];
      };
      const counted = opened.map(([leaf, content]) => CountedContent.parse(countedContent({ leaf, content })));
      expect(tally((n) => counted[n]!)).toEqual(tally((n) => opened[n]![1]));
    }),
  );
});

test('only what is counted, by the kind of the leaf', () => {
  const content = { outcome: 'MATCHED', tries: 0, service: 'SKU', receipt: 'MEDIA', verificationId: uuid, nik: 'x' };
  const [read, check, delivery] = leaves.map((leaf) => countedContent({ leaf, content }));
  expect(read).toEqual({ outcome: 'MATCHED', tries: 0, service: 'SKU', receipt: null, verificationId: uuid });
  expect(check).toEqual({ outcome: 'MATCHED', tries: 0, service: null, receipt: null, verificationId: uuid });
  expect(delivery).toEqual({ outcome: null, tries: null, service: null, receipt: 'MEDIA', verificationId: uuid });
});

test.each([
  ['outcome', 'x'.repeat(81)],
  ['tries', 1.5],
  ['tries', -1],
  ['tries', 1_001],
  ['tries', '2'],
  ['verificationId', 'x'],
  ['verificationId', [uuid]],
])('%s that no figure has room for: null', (name, value) => {
  expect(countedContent({ leaf: leaves[0]!, content: { [name]: value } })).toMatchObject({ [name]: null });
});
