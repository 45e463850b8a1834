import type pg from 'pg';
import type { ReportContent } from '#contracts';
import { AppError, type Log } from '#service';
import { pointOf } from '../facts/counted-leaves.js';
import type { Deadline } from '../facts/deadline.js';
import type { Facts } from '../facts/facts.js';
import * as db from './report.repository.js';

type Reported = NonNullable<ReportContent['reported']>;

/** What a report had counted, for the supplement that completes it: as it says, and as the log still says. */
export class EarlierFigures {
  constructor(
    private readonly pool: pg.Pool,
    private readonly facts: Facts,
    private readonly log: Log,
  ) {}

  /** @throws {AppError} EVIDENCE_MISMATCH when the log, as of the report's checkpoint, says something else by now */
  async find(institutionId: string, reportId: string, deadline: Deadline): Promise<Reported> {
    const { figures, period, asOf } = await db.getContent(this.pool, reportId);
    const { total } = figures.lookUps;
    const point = pointOf(asOf);
    const of = { institutionId, from: period.from, until: period.until };
    const again = await this.facts.figures(of, point, deadline).catch((error: unknown) => {
      // of a generation that was rolled back: its report is all that is left of it
      if (!(error instanceof AppError) || error.code !== 'NOT_IN_CHECKPOINT') throw error;
      this.log.event('warn', 'the checkpoint of an earlier report is not in the log', {
        institutionId,
        subject: reportId,
      });
      return undefined;
    });
    const now = again?.lookUps.total;
    if (now !== undefined && (now.hits !== total.hits || now.refused !== total.refused)) {
      this.log.event('error', 'an approved report does not fit the evidence log', { institutionId, subject: reportId });
      throw new AppError('EVIDENCE_MISMATCH');
    }
    return {
      asOf: point,
      hits: total.hits,
      refused: total.refused,
      reads: figures.readers.reads,
      delivered: figures.dataBalikan.delivered,
    };
  }
}
