import { expect, test } from '@jest/globals';
import { findDeliveryFaults, findFileFaults, type DeliveryCounts, type FileCounts } from './exactness.js';

const file = (): FileCounts => ({
  rows: 100,
  spoilt: 3,
  checked: 100,
  accepted: 97,
  refused: 3,
  faults: 3,
  records: 97,
  distinct: 97,
  proven: 97,
});

test('a file of which every right row is a record, and every other one refused, is no fault', () => {
  expect(findFileFaults('a file', file())).toEqual([]);
});

test.each<[string, (counts: FileCounts) => void]>([
  ['a row that nobody looked at', (counts) => void (counts.checked = 99)],
  ['a right row that was refused', (counts) => void ((counts.accepted = 96), (counts.refused = 4))],
  ['a row with two faults', (counts) => void (counts.faults = 4)],
  ['a record that was not committed', (counts) => void (counts.records = 96)],
  ['a record that is there twice', (counts) => void (counts.distinct = 96)],
  ['a record of somebody who was never looked up', (counts) => void (counts.proven = 96)],
])('%s is a fault', (_what, spoil) => {
  const counts = file();
  spoil(counts);
  expect(findFileFaults('a file', counts)).not.toEqual([]);
});

const turn = (): DeliveryCounts => ({
  sent: 7,
  requests: 7,
  accepted: 7,
  distinct: 7,
  looked: { for: 5, found: 5 },
  delivered: 7,
});

test('each record sent once and accepted is no fault, with and without a word of the service', () => {
  expect(findDeliveryFaults('a turn', turn())).toEqual([]);
  const { delivered: _, ...plain } = turn();
  expect(findDeliveryFaults('a turn', plain)).toEqual([]);
});

test.each<[string, (counts: DeliveryCounts) => void]>([
  ['one that was sent twice', (counts) => void (counts.requests = 8)],
  ['one that was not accepted', (counts) => void (counts.accepted = 6)],
  ['one that never arrived', (counts) => void (counts.distinct = 6)],
  ['one that arrived with another person', (counts) => void (counts.looked.found = 4)],
  ['one that the service does not know to be delivered', (counts) => void (counts.delivered = 6)],
])('%s is a fault', (_what, spoil) => {
  const counts = turn();
  spoil(counts);
  expect(findDeliveryFaults('a turn', counts)).not.toEqual([]);
});
