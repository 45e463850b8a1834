/** How much each part of a run does. */
export interface BalikanPlan {
  quick: boolean;
  /** Who was looked up; the rows are about them in turn. */
  people: number;
  csv: { rows: number; warmUpRows: number; rounds: number };
  xlsx: { rows: number; rounds: number };
  /** Records of one turn, for each number of requests at once. */
  deliveries: { parallel: number[]; records: number; rounds: number };
}

/** About ten minutes; with BENCH_QUICK=1 one, to see that everything works rather than how fast it is. */
export function readBalikanPlan(environment: NodeJS.ProcessEnv): BalikanPlan {
  const quick = environment.BENCH_QUICK === '1';
  if (quick) {
    return {
      quick,
      people: 1_000,
      csv: { rows: 10_000, warmUpRows: 2_000, rounds: 2 },
      xlsx: { rows: 1_000, rounds: 1 },
      deliveries: { parallel: [1, 4], records: 300, rounds: 2 },
    };
  }
  return {
    quick,
    people: 10_000,
    csv: { rows: 100_000, warmUpRows: 20_000, rounds: 5 },
    xlsx: { rows: 10_000, rounds: 3 },
    deliveries: { parallel: [1, 4], records: 2_000, rounds: 4 },
  };
}
