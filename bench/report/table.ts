import type { ProcessWatch } from '../processes.js';
import type { Round, RoundOf } from '../rounds.js';
import { overheadOf, ratioOf, type Aim } from './aims.js';
import { median } from './statistics.js';

/** Columns wide enough for their content, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => `  ${line(row).join('  ').trimEnd()}`).join('\n');
}

const ms = (value: number): string => value.toFixed(1);
const latencyKeys = ['p50', 'p95', 'p99'] as const;

export function saturationTable(rounds: Round[]): string {
  const row = (label: string, round: Round) => [
    label,
    round.full.perSecond.toFixed(0),
    round.passThrough.perSecond.toFixed(0),
    ratioOf(round).toFixed(2),
    ...latencyKeys.map((key) => ms(round.full[key])),
    ...latencyKeys.map((key) => ms(round.passThrough[key])),
  ];
  return table([
    ['round', 'full/s', 'pass/s', 'ratio', 'full p50', 'p95', 'p99 ms', 'pass p50', 'p95', 'p99 ms'],
    ...rounds.map((round, index) => row(String(index + 1), round)),
    [
      'median',
      median(rounds.map((round) => round.full.perSecond)).toFixed(0),
      median(rounds.map((round) => round.passThrough.perSecond)).toFixed(0),
      median(rounds.map(ratioOf)).toFixed(2),
      ...latencyKeys.map((key) => ms(median(rounds.map((round) => round.full[key])))),
      ...latencyKeys.map((key) => ms(median(rounds.map((round) => round.passThrough[key])))),
    ],
  ]);
}

export function fixedRateTable(rounds: Round[]): string {
  const cells = (pick: (round: Round) => number) => [
    ...rounds.map((round) => ms(pick(round))),
    ms(median(rounds.map(pick))),
  ];
  return table([
    ['ms', ...rounds.map((_, index) => `round ${index + 1}`), 'median'],
    ...latencyKeys.map((key) => [`full ${key}`, ...cells((round) => round.full[key])]),
    ...latencyKeys.map((key) => [`pass-through ${key}`, ...cells((round) => round.passThrough[key])]),
    ...latencyKeys.map((key) => [`own overhead ${key}`, ...cells((round) => overheadOf(round, key))]),
  ]);
}

/** Where the processor time of one look-up goes, at saturation; `heads` are the names of the variants in the table. */
export function processTable<Name extends string>(
  watch: ProcessWatch,
  rounds: RoundOf<Name>[],
  heads: Record<Name, string>,
): string {
  const variants = Object.keys(heads) as Name[];
  const cpu = (process: string, variant: Name) => median(rounds.map((round) => round[variant].cpuMs[process] ?? 0));
  const names = watch.watched.map(({ name }) => name);
  const total = (variant: Name) => names.reduce((sum, name) => sum + cpu(name, variant), 0);
  return table([
    ['process', ...variants.map((variant) => heads[variant]), 'peak memory'],
    ...names.map((name) => [
      name,
      ...variants.map((variant) => cpu(name, variant).toFixed(3)),
      `${(watch.peakMb(name) ?? NaN).toFixed(0)} MB`,
    ]),
    ['all', ...variants.map((variant) => total(variant).toFixed(3)), ''],
  ]);
}

export function aimsTable(aims: Aim[]): string {
  const verdict = (met: boolean | undefined) => (met === undefined ? '-' : met ? 'PASS' : 'MISS');
  return table([
    ['aim', 'wanted', 'measured', ''],
    ...aims.map(({ what, aim, measured, met }) => [what, aim, measured, verdict(met)]),
  ]);
}
