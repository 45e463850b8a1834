import type { LedgerCounts } from './full-look-up/full-look-up.js';
import type { Tally } from './rounds.js';
import type { VariantName } from './variant.js';

export interface Counted {
  tallies: Record<VariantName, Tally>;
  /** What the sandbox counted for each variant. */
  hits: Record<VariantName, number>;
  ledger: LedgerCounts;
}

/**
 * Proves that the gates were on while they were measured: each answer of the full look-up has its one hit at the sandbox,
 * in the ledger and in the evidence. Returns every fault, in words; none means that the figures may be believed.
 */
export function findFaults({ tallies, hits, ledger }: Counted): string[] {
  const faults: string[] = [];
  for (const [name, { sent, answered, wrong }] of Object.entries(tallies)) {
    for (const [what, count] of Object.entries(wrong)) faults.push(`${name}: ${count} answers were not right: ${what}`);
    if (sent !== answered) faults.push(`${name}: ${sent} requests, ${answered} right answers`);
  }
  const { answered } = tallies.full;
  const expected: [string, number, number][] = [
    ['hits at the sandbox, pass-through', hits.passThrough, tallies.passThrough.answered],
    ['hits at the sandbox, full', hits.full, answered],
    ['hits of the day in the ledger', ledger.used, answered],
    ['confirmed hits in the ledger', ledger.confirmed, answered],
    ['other hits in the ledger', ledger.otherHits, 0],
    ['REQUESTED in the evidence', ledger.requested, answered],
    ['ANSWERED in the evidence', ledger.answered, answered],
    ['REFUSED in the evidence', ledger.refused, 0],
  ];
  for (const [what, found, right] of expected)
    if (found !== right) faults.push(`${what}: ${found} instead of ${right}`);
  return faults;
}
