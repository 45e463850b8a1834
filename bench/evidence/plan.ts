/** How much each part of a run does; times in milliseconds. */
export interface EvidencePlan {
  quick: boolean;
  lookUps: {
    connections: number;
    warmUpMs: number;
    rounds: number;
    roundMs: number;
    sequenceEveryMs: number;
    checkpointEveryMs: number;
  };
  /** Of the log that is measured, and of the smaller one that its memory is compared with. */
  events: number;
  fewerEvents: number;
  /** Into so many parts the sequencing of the log is cut, each of them a round. */
  slices: number;
  signatures: number;
  /** Leaves from one checkpoint to the next: 1,000 look-ups in eight hours, a checkpoint a minute. */
  checkpointEvery: number;
  proofs: { rounds: number; each: number };
  verifierRounds: number;
  leastFreeBytes: number;
}

/** About 20 minutes; with BENCH_QUICK=1 a minute, to see that everything works rather than how fast it is. */
export function readEvidencePlan(environment: NodeJS.ProcessEnv): EvidencePlan {
  const quick = environment.BENCH_QUICK === '1';
  const lookUps = { connections: 50, sequenceEveryMs: 500 };
  if (quick) {
    return {
      quick,
      lookUps: { ...lookUps, warmUpMs: 2_000, rounds: 2, roundMs: 3_000, checkpointEveryMs: 1_000 },
      events: 20_000,
      fewerEvents: 5_000,
      slices: 4,
      signatures: 5,
      checkpointEvery: 4,
      proofs: { rounds: 2, each: 100 },
      verifierRounds: 1,
      leastFreeBytes: 2e9,
    };
  }
  return {
    quick,
    lookUps: { ...lookUps, warmUpMs: 6_000, rounds: 8, roundMs: 6_000, checkpointEveryMs: 3_000 },
    events: 1_000_000,
    fewerEvents: 100_000,
    slices: 10,
    signatures: 21,
    checkpointEvery: 4,
    proofs: { rounds: 5, each: 400 },
    verifierRounds: 3,
    leastFreeBytes: 8e9,
  };
}
