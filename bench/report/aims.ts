import type { ProcessWatch } from '../processes.js';
import type { Round } from '../rounds.js';
import { median } from './statistics.js';

export interface Aim {
  what: string;
  aim: string;
  measured: string;
  /** Undefined where it could not be measured. */
  met: boolean | undefined;
}

const leastRatio = 0.7;
const mostOverheadMs = 10;
const mostMb = 200;

export const ratioOf = (round: Round): number => round.full.perSecond / round.passThrough.perSecond;
export const overheadOf = (round: Round, which: 'p50' | 'p95' | 'p99'): number =>
  round.full[which] - round.passThrough[which];

/** The aims of the project, judged by the median of the rounds: one round that was disturbed decides nothing. */
export function judge(saturation: Round[], fixedRate: Round[], watch: ProcessWatch): Aim[] {
  const ratio = median(saturation.map(ratioOf));
  const overhead = median(fixedRate.map((round) => overheadOf(round, 'p95')));
  const judged = watch.watched.filter((one) => one.judged);
  const peaks = judged.map(({ name }) => watch.peakMb(name) ?? NaN);
  const mb = Math.max(...peaks);
  return [
    {
      what: 'throughput at saturation, full / pass-through',
      aim: `>= ${leastRatio.toFixed(2)}`,
      measured: ratio.toFixed(2),
      met: ratio >= leastRatio,
    },
    {
      what: 'own overhead at the fixed rate, p95',
      aim: `< ${mostOverheadMs} ms`,
      measured: `${overhead.toFixed(1)} ms`,
      met: overhead < mostOverheadMs,
    },
    {
      what: `peak memory of ${judged.map(({ name }) => name).join(' and ')}`,
      aim: `<= ${mostMb} MB`,
      measured: Number.isNaN(mb) ? 'not measured' : `${mb.toFixed(0)} MB`,
      met: Number.isNaN(mb) ? undefined : mb <= mostMb,
    },
  ];
}
