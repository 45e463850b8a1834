import { expect, test } from '@jest/globals';
import { findSequencingFaults, type Side, type SideCounts } from './exactness.js';
import type { Tally } from '../rounds.js';

const counts = (answered: number, isOn: boolean): SideCounts => {
  const accessEvents = 2 * answered;
  return {
    hits: answered,
    ledger: { used: answered, confirmed: answered, otherHits: 0, requested: answered, answered, refused: 0 },
    log: {
      accessEvents,
      reportedEvents: 1,
      leaves: isOn ? accessEvents + 1 : 0,
      inLog: isOn ? accessEvents : 0,
      pending: isOn ? 0 : accessEvents + 1,
      checkpoints: isOn ? 3 : 0,
    },
  };
};

const right = (): { tallies: Record<Side, Tally>; counts: Record<Side, SideCounts> } => ({
  tallies: { on: { sent: 7, answered: 7, wrong: {} }, off: { sent: 9, answered: 9, wrong: {} } },
  counts: { on: counts(7, true), off: counts(9, false) },
});

test('a log that has everything, beside one that has nothing, is no fault', () => {
  const { tallies, counts } = right();
  expect(findSequencingFaults(tallies, counts)).toEqual([]);
});

test.each<[string, (all: ReturnType<typeof right>) => void]>([
  ['a refusal', ({ tallies }) => void (tallies.on.wrong['429'] = 1)],
  ['a hit that the ledger did not count', ({ counts }) => void (counts.off.hits = 10)],
  ['an event that is not in the log', ({ counts }) => void (counts.on.log.inLog = 13)],
  ['an event that is in the log twice', ({ counts }) => void (counts.on.log.leaves = 16)],
  ['an event that waits still', ({ counts }) => void (counts.on.log.pending = 1)],
  ['a log that was never signed', ({ counts }) => void (counts.on.log.checkpoints = 0)],
  ['a baseline that sequenced', ({ counts }) => void (counts.off.log.leaves = 2)],
  ['a baseline that queued nothing', ({ counts }) => void (counts.off.log.pending = 0)],
])('%s is a fault', (_what, spoil) => {
  const all = right();
  spoil(all);
  expect(findSequencingFaults(all.tallies, all.counts)).not.toEqual([]);
});
