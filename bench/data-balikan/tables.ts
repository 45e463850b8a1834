import { median } from '../report/statistics.js';
import { table } from '../report/table.js';
import { csvRatio, deliveryRatio, type Measurements } from './aims.js';
import type { CsvRound } from './csv-rounds.js';
import type { DeliveryRound } from './delivery-rounds.js';

type Column<Round> = [head: string, pick: (round: Round) => number, digits: number];

function roundsTable<Round>(rounds: Round[], columns: Column<Round>[]): string {
  return table([
    ['round', ...columns.map(([head]) => head)],
    ...rounds.map((round, n) => [`${n + 1}`, ...columns.map(([, pick, digits]) => pick(round).toFixed(digits))]),
    ['median', ...columns.map(([, pick, digits]) => median(rounds.map(pick)).toFixed(digits))],
  ]);
}

export const csvTable = ({ rounds }: Measurements['csv']): string =>
  roundsTable(rounds, [
    ['service/s', ({ service }) => service.perSecond, 0],
    ['plain/s', ({ plain }) => plain.perSecond, 0],
    ['ratio', csvRatio, 2],
    ['service s', ({ service }) => service.seconds, 2],
    ['plain s', ({ plain }) => plain.seconds, 2],
    ['upload s', ({ uploadSeconds }) => uploadSeconds, 2],
    ['same records/s', ({ sameRecordsPerSecond }) => sameRecordsPerSecond, 0],
  ]);

/** Where the processor time of a row goes, microseconds. */
export function csvProcessTable({ rows, rounds }: Measurements['csv'], watched: readonly string[]): string {
  const cpu = (name: string, side: 'service' | 'plain') =>
    (median(rounds.map((round: CsvRound) => round[side].cpuMs[name] ?? 0)) * 1_000) / rows;
  const total = (side: 'service' | 'plain') => watched.reduce((sum, name) => sum + cpu(name, side), 0);
  return table([
    ['process', 'service', 'plain'],
    ...watched.map((name) => [name, cpu(name, 'service').toFixed(1), cpu(name, 'plain').toFixed(1)]),
    ['all', total('service').toFixed(1), total('plain').toFixed(1)],
  ]);
}

const megabytes = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(0)} MB`);

export function workbookTable({ rounds, startMb, rightMb, peakMb }: Measurements['xlsx']): string {
  const figures = roundsTable(rounds, [
    ['KB', ({ bytes }) => bytes / 1_000, 0],
    ['all right, s', ({ seconds }) => seconds, 2],
    ['1 % wrong, s', ({ faultySeconds }) => faultySeconds, 2],
    ['marked up, s', ({ markedSeconds }) => markedSeconds, 2],
  ]);
  const memory = [
    ['before the first', megabytes(startMb)],
    ['after the first, all right', megabytes(rightMb)],
    ['at the end, marked-up copies made', megabytes(peakMb)],
  ];
  return `${figures}\n${table([['peak memory', ''], ...memory])}`;
}

export const deliveryTable = (rounds: DeliveryRound[]): string =>
  roundsTable(rounds, [
    ['service/s', ({ service }) => service, 0],
    ['loop/s', ({ plain }) => plain, 0],
    ['ratio', deliveryRatio, 2],
  ]);
