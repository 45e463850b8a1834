import type { Aim } from '../report/aims.js';
import { median } from '../report/statistics.js';
import type { RoundOf } from '../rounds.js';
import type { Side } from './exactness.js';
import type { OfflineRound, ProgramRun } from './offline.js';
import type { ProofRound } from './proof-rounds.js';
import { sequencingRatio, type Sequencing } from './sequencing.js';

export interface Measurements {
  lookUps: RoundOf<Side>[];
  /** The log, and the smaller one. */
  sequencing: Sequencing;
  fewer: Sequencing;
  proofs: ProofRound[];
  offline: OfflineRound[];
  /** The verifier over the smaller log. */
  offlineFewer: ProgramRun | undefined;
}

const leastRatio = 0.95;
const mostGrowth = 1.2;
const mostProofMs = 10;
const mostVerifierMb = 200;

export const lookUpRatio = (round: RoundOf<Side>): number => round.on.perSecond / round.off.perSecond;

/** Each by the median of its rounds; what is only told has no verdict. */
export function judgeEvidence({ lookUps, sequencing, fewer, proofs, offline }: Measurements): Aim[] {
  const ratio = median(lookUps.map(lookUpRatio));
  const proof = (kind: 'inclusion' | 'consistency'): Aim => {
    const ms = median(proofs.map((round) => round[kind].median));
    const select = median(proofs.map((round) => round.select.median));
    return {
      what: `${kind} proof, median (one SELECT: ${select.toFixed(2)} ms)`,
      aim: `< ${mostProofMs} ms`,
      measured: `${ms.toFixed(2)} ms`,
      met: ms < mostProofMs,
    };
  };
  return [
    {
      what: 'look-ups, sequencing on / off',
      aim: `>= ${leastRatio.toFixed(2)}`,
      measured: ratio.toFixed(2),
      met: ratio >= leastRatio,
    },
    {
      what: 'sequencing / plain copy of the same rows',
      aim: '-',
      measured: sequencingRatio(sequencing).toFixed(2),
      met: undefined,
    },
    judgeGrowth(sequencing, fewer),
    proof('inclusion'),
    proof('consistency'),
    judgeVerifier(offline),
  ];
}

function judgeGrowth({ size, peakMb }: Sequencing, fewer: Sequencing): Aim {
  const growth = peakMb && fewer.peakMb && peakMb / fewer.peakMb;
  return {
    what: `peak memory of sequencing ${size} / ${fewer.size} events`,
    aim: `<= ${mostGrowth.toFixed(2)}`,
    measured: growth ? growth.toFixed(2) : 'not measured',
    met: growth ? growth <= mostGrowth : undefined,
  };
}

function judgeVerifier(offline: OfflineRound[]): Aim {
  const peaks = offline.flatMap(({ verifier }) => verifier.peakMb ?? []);
  const peak = median(peaks);
  return {
    what: 'peak memory of the offline verifier',
    aim: `<= ${mostVerifierMb} MB`,
    measured: peaks.length > 0 ? `${peak.toFixed(0)} MB` : 'not measured',
    met: peaks.length > 0 ? peak <= mostVerifierMb : undefined,
  };
}
