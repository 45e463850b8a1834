import { median } from '../report/statistics.js';
import { table } from '../report/table.js';
import type { RoundOf } from '../rounds.js';
import { lookUpRatio, type Measurements } from './aims.js';
import type { Side } from './exactness.js';
import type { OfflineRound, ProgramRun } from './offline.js';
import type { ProofRound, Spread } from './proof-rounds.js';
import type { Sequencing } from './sequencing.js';

const round0 = (value: number): string => value.toFixed(0);
const megabytes = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(0)} MB`);

export function lookUpTable(rounds: RoundOf<Side>[]): string {
  const columns: [string, (round: RoundOf<Side>) => number, number][] = [
    ['on/s', ({ on }) => on.perSecond, 0],
    ['off/s', ({ off }) => off.perSecond, 0],
    ['ratio', lookUpRatio, 3],
    ['on p50', ({ on }) => on.p50, 1],
    ['p95 ms', ({ on }) => on.p95, 1],
    ['off p50', ({ off }) => off.p50, 1],
    ['p95 ms', ({ off }) => off.p95, 1],
  ];
  return table([
    ['round', ...columns.map(([head]) => head)],
    ...rounds.map((round, n) => [`${n + 1}`, ...columns.map(([, pick, digits]) => pick(round).toFixed(digits))]),
    ['median', ...columns.map(([, pick, digits]) => median(rounds.map(pick)).toFixed(digits))],
  ]);
}

/** The rate of the first and the last slice beside the median: whether it falls while the log grows. */
export function sequencingTable({ sequencing, fewer }: Pick<Measurements, 'sequencing' | 'fewer'>): string {
  const all: [string, (one: Sequencing) => string][] = [
    ['written/s, trigger included', ({ writtenPerSecond }) => round0(writtenPerSecond)],
    ['sequenced/s, median of slices', ({ perSecond }) => round0(median(perSecond))],
    ['  first slice', ({ perSecond }) => round0(perSecond[0] ?? NaN)],
    ['  last slice', ({ perSecond }) => round0(perSecond.at(-1) ?? NaN)],
    ['plain copy/s, median of slices', ({ plainPerSecond }) => round0(median(plainPerSecond))],
    ['sequenced in', ({ seconds }) => `${seconds.toFixed(1)} s`],
    ['memory before', ({ startMb }) => megabytes(startMb)],
    ['peak memory', ({ peakMb }) => megabytes(peakMb)],
    ['peak heap', ({ peakHeapMb }) => megabytes(peakHeapMb)],
    ['signing it, median', ({ signMs }) => `${median(signMs).toFixed(1)} ms`],
  ];
  return table([
    ['events', round0(fewer.size), round0(sequencing.size)],
    ...all.map(([what, tell]) => [what, tell(fewer), tell(sequencing)]),
  ]);
}

export function proofTable(rounds: ProofRound[]): string {
  const row = (what: string, pick: (round: ProofRound) => Spread) => [
    what,
    median(rounds.map((round) => pick(round).median)).toFixed(2),
    median(rounds.map((round) => pick(round).p95)).toFixed(2),
  ];
  return table([
    ['ms', 'median', 'p95'],
    row('inclusion', ({ inclusion }) => inclusion),
    row('consistency', ({ consistency }) => consistency),
    row('one SELECT by primary key', ({ select }) => select),
  ]);
}

export function offlineTable(
  events: number,
  rounds: OfflineRound[],
  fewer: { events: number; run: ProgramRun } | undefined,
): string {
  const row = (what: string, count: number, runs: ProgramRun[]) => {
    const seconds = median(runs.map((run) => run.seconds));
    const peaks = runs.flatMap(({ peakMb }) => peakMb ?? []);
    return [what, seconds.toFixed(1), round0(count / seconds), megabytes(peaks.length > 0 ? median(peaks) : undefined)];
  };
  return table([
    ['', 's', 'events/s', 'peak memory'],
    ...(fewer ? [row(`verifier, ${fewer.events} events`, fewer.events, [fewer.run])] : []),
    row(
      `verifier, ${events} events`,
      events,
      rounds.map(({ verifier }) => verifier),
    ),
    row(
      'reading and hashing every line',
      events,
      rounds.map(({ hashing }) => hashing),
    ),
  ]);
}
