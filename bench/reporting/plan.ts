/** How much each part of a run does. */
export interface ReportingPlan {
  quick: boolean;
  /** Events of each log that is counted. */
  sizes: number[];
  rounds: number;
  leastFreeBytes: number;
}

/** About a quarter of an hour; with BENCH_QUICK=1 a minute, to see that everything works rather than how fast it is. */
export function readReportingPlan(environment: NodeJS.ProcessEnv): ReportingPlan {
  if (environment.BENCH_QUICK === '1') return { quick: true, sizes: [50_000, 200_000], rounds: 2, leastFreeBytes: 2e9 };
  return { quick: false, sizes: [1_000_000, 10_000_000], rounds: 3, leastFreeBytes: 20e9 };
}
