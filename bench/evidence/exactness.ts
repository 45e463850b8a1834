import { differing, findLedgerFaults, findWrongAnswers } from '../exactness.js';
import type { LedgerCounts } from '../full-look-up/full-look-up.js';
import type { Tally } from '../rounds.js';

export type Side = 'on' | 'off';

/** What the database of one stack holds at the end. */
export interface LogCounts {
  accessEvents: number;
  reportedEvents: number;
  leaves: number;
  /** Access events that stand in the log with the hash that they have now. */
  inLog: number;
  pending: number;
  checkpoints: number;
}

export interface SideCounts {
  hits: number;
  ledger: LedgerCounts;
  log: LogCounts;
}

/**
 * Proves that one stack did sequence all of its evidence while it was measured and that the other one did not, and that both did
 * everything else.
 */
export function findSequencingFaults(tallies: Record<Side, Tally>, counts: Record<Side, SideCounts>): string[] {
  const { on, off } = counts;
  return [
    ...findWrongAnswers(tallies),
    ...findLedgerFaults('sequencing on', tallies.on.answered, on.hits, on.ledger),
    ...findLedgerFaults('sequencing off', tallies.off.answered, off.hits, off.ledger),
    ...differing([
      ['sequencing on: events of look-ups in the log', on.log.inLog, 2 * tallies.on.answered],
      ['sequencing on: leaves of the log', on.log.leaves, on.log.accessEvents + on.log.reportedEvents],
      ['sequencing on: events that wait', on.log.pending, 0],
      ['sequencing off: leaves of the log', off.log.leaves, 0],
      ['sequencing off: events that wait', off.log.pending, off.log.accessEvents + off.log.reportedEvents],
    ]),
    ...(on.log.checkpoints > 0 ? [] : ['sequencing on: nothing was signed']),
  ];
}
