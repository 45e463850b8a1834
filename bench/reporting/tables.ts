import { median } from '../report/statistics.js';
import { table } from '../report/table.js';
import { timesFaster, type Measured } from './aims.js';

export function figuresTable({ rounds }: Measured): string {
  return table([
    ['round', 'roll-ups s', 'plain s', 'times'],
    ...rounds.map((round, n) => [
      String(n + 1),
      round.rollUps.toFixed(3),
      round.plain.toFixed(2),
      timesFaster(round).toFixed(0),
    ]),
    [
      'median',
      median(rounds.map(({ rollUps }) => rollUps)).toFixed(3),
      median(rounds.map(({ plain }) => plain)).toFixed(2),
      median(rounds.map(timesFaster)).toFixed(0),
    ],
  ]);
}

export const tallyTable = (measured: readonly Measured[]): string =>
  table([
    ['events', 'chunks', 'cells', 'tallied in s', 's for 1,000,000', 'coverage in s', 's for 1,000,000'],
    ...measured.map(({ events, chunks, cells, tallySeconds, coverSeconds }) => [
      String(events),
      String(chunks),
      String(cells),
      tallySeconds.toFixed(1),
      ((tallySeconds / events) * 1e6).toFixed(1),
      coverSeconds.toFixed(1),
      ((coverSeconds / events) * 1e6).toFixed(1),
    ]),
  ]);
