import type { Aim } from '../report/aims.js';
import { median } from '../report/statistics.js';

/** Seconds of one turn, the one right after the other. */
export interface FigureRound {
  rollUps: number;
  plain: number;
}

export interface Measured {
  events: number;
  rounds: FigureRound[];
  /** Of all full chunks, one after the other. */
  tallySeconds: number;
  /** Of coverage, all ranges one after the other. */
  coverSeconds: number;
  chunks: number;
  cells: number;
}

const mostSeconds = 3;
const leastTimes = 20;

export const timesFaster = ({ rollUps, plain }: FigureRound): number => plain / rollUps;

/** Of the largest log, by the median of the rounds. */
export function judgeReporting(measured: readonly Measured[]): Aim[] {
  return measured.flatMap(({ events, rounds }, n) => {
    const isJudged = n === measured.length - 1;
    const seconds = median(rounds.map(({ rollUps }) => rollUps));
    const times = median(rounds.map(timesFaster));
    return [
      {
        what: `semester figures over ${events} events`,
        aim: isJudged ? `< ${mostSeconds} s` : '-',
        measured: `${seconds.toFixed(2)} s`,
        met: isJudged ? seconds < mostSeconds : undefined,
      },
      {
        what: `the same, times faster than the plain count`,
        aim: isJudged ? `>= ${leastTimes}` : '-',
        measured: times.toFixed(0),
        met: isJudged ? times >= leastTimes : undefined,
      },
    ];
  });
}
