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
  const passThrough = tallies.passThrough.answered;
  return [
    ...findWrongAnswers(tallies),
    ...differing([['pass-through: hits at the sandbox', hits.passThrough, passThrough]]),
    ...findLedgerFaults('full', tallies.full.answered, hits.full, ledger),
  ];
}

export function findWrongAnswers(tallies: Record<string, Tally>): string[] {
  return Object.entries(tallies).flatMap(([name, { sent, answered, wrong }]) => [
    ...Object.entries(wrong).map(([what, count]) => `${name}: ${count} answers were not right: ${what}`),
    ...(sent === answered ? [] : [`${name}: ${sent} requests, ${answered} right answers`]),
  ]);
}

/** Holds the answers of a full look-up against the sandbox, the ledger and the evidence. */
export function findLedgerFaults(name: string, answered: number, hits: number, ledger: LedgerCounts): string[] {
  return differing([
    [`${name}: hits at the sandbox`, hits, answered],
    [`${name}: hits of the day in the ledger`, ledger.used, answered],
    [`${name}: confirmed hits in the ledger`, ledger.confirmed, answered],
    [`${name}: other hits in the ledger`, ledger.otherHits, 0],
    [`${name}: REQUESTED in the evidence`, ledger.requested, answered],
    [`${name}: ANSWERED in the evidence`, ledger.answered, answered],
    [`${name}: REFUSED in the evidence`, ledger.refused, 0],
  ]);
}

/** What is not as it should be: name, found, right. */
export function differing(counts: readonly (readonly [string, number, number])[]): string[] {
  return counts
    .filter(([, found, right]) => found !== right)
    .map(([what, found, right]) => `${what}: ${found} instead of ${right}`);
}
