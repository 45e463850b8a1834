import { Injectable } from '@nestjs/common';
import type { getFigures, RpcInput, RpcOutput } from '#contracts';
import type { AsOfFinder } from './as-of.js';
import type { FiguresRepository } from './figures.repository.js';
import { incidentFigures } from './incident-figures.js';
import { lookUpFigures } from './look-up-figures.js';

/** Midnight in Asia/Jakarta (UTC+7, no summer time) with which a day begins, microseconds since 1970. */
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+07:00`) * 1_000;
const microsecondsOfDay = 86_400_000_000;

/** Figures of a period as of a checkpoint (O-20): the same for ever, whatever is tallied by then. */
@Injectable()
export class Figures {
  constructor(
    private readonly asOf: AsOfFinder,
    private readonly repository: FiguresRepository,
  ) {}

  /** @param deadlineAt `performance.now()` at which the caller stops waiting. @throws {AppError} EVIDENCE_UNAVAILABLE then */
  async get(
    { institutionId, from, until, asOf }: RpcInput<typeof getFigures>,
    deadlineAt = Infinity,
  ): Promise<RpcOutput<typeof getFigures>> {
    const counted = await this.asOf.find(institutionId, asOf);
    const days = { from, until };
    const counts = await this.repository.count(counted, days, deadlineAt);
    const upstream = await this.repository.listUpstream(counted, days);
    const period = { begin: midnight(from), end: midnight(until) + microsecondsOfDay };
    return {
      at: counted.at.toISOString(),
      checkpoints: counted.logs.map(({ origin, size, root, note }) => ({ origin, size, root, note })),
      lookUps: lookUpFigures(counts, days),
      incidents: incidentFigures(upstream, period, counted.at.getTime() * 1_000),
    };
  }
}
