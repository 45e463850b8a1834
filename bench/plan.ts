/** How long each part of a run takes, milliseconds. */
export interface Plan {
  quick: boolean;
  connections: number;
  warmUpMs: number;
  saturation: { rounds: number; roundMs: number };
  fixedRate: { rounds: number; roundMs: number; perSecond: number };
}

/** About three minutes; with BENCH_QUICK=1 one minute, to see that everything works rather than how fast it is. */
export function readPlan(environment: NodeJS.ProcessEnv): Plan {
  const quick = environment.BENCH_QUICK === '1';
  return {
    quick,
    connections: 50,
    warmUpMs: quick ? 2_000 : 6_000,
    saturation: quick ? { rounds: 2, roundMs: 3_000 } : { rounds: 5, roundMs: 6_000 },
    fixedRate: quick ? { rounds: 2, roundMs: 4_000, perSecond: 200 } : { rounds: 5, roundMs: 6_000, perSecond: 200 },
  };
}
