import { expect, test } from '@jest/globals';
import { findFaults, type Counted } from './exactness.js';

const right = (): Counted => ({
  tallies: {
    full: { sent: 7, answered: 7, wrong: {} },
    passThrough: { sent: 9, answered: 9, wrong: {} },
  },
  hits: { full: 7, passThrough: 9 },
  ledger: { used: 7, confirmed: 7, otherHits: 0, requested: 7, answered: 7, refused: 0 },
});

test('equal counts everywhere are no fault', () => {
  expect(findFaults(right())).toEqual([]);
});

test.each<[string, (counted: Counted) => void]>([
  ['a refusal', ({ tallies }) => void (tallies.full.wrong['429'] = 1)],
  ['a lost answer', ({ tallies }) => void (tallies.passThrough.answered = 8)],
  ['a hit that the ledger did not count', ({ hits }) => void (hits.full = 8)],
  ['a hit that never reached the sandbox', ({ hits }) => void (hits.full = 6)],
  ['evidence that is not there', ({ ledger }) => void (ledger.requested = 6)],
  ['an outcome that is not on record', ({ ledger }) => void (ledger.answered = 6)],
  ['a hit that was given up', ({ ledger }) => void (ledger.otherHits = 1)],
])('%s is a fault', (_what, spoil) => {
  const counted = right();
  spoil(counted);
  expect(findFaults(counted)).not.toEqual([]);
});
