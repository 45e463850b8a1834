import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ReportStanding } from './facts.js';

interface Row {
  id: string;
  type: ReportStanding['type'];
  version: number;
  period_kind: ReportStanding['period']['kind'];
  period_from: string;
  period_until: string;
  state: ReportStanding['state'];
  as_of_at: Date;
  evaluated_at: Date | null;
  verdict: 'ACCEPTED' | 'TO_BE_CORRECTED' | null;
}

/** Where the reports of an office stand; those that were discarded say nothing. */
@Injectable()
export class ReportStandings {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  async list(institutionId: string): Promise<ReportStanding[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT report.id, report.type, report.version, report.period_kind, report.period_from::text, report.period_until::text,
         report.state, counted.as_of_at, evaluation.at AS evaluated_at, evaluation.said ->> 'verdict' AS verdict
       FROM reporting.report AS report
       JOIN reporting.counted AS counted ON counted.id = report.counted_id
       LEFT JOIN reporting.report_step AS evaluation
         ON evaluation.report_id = report.id AND evaluation.act = 'report.evaluate'
       WHERE report.institution_id = $1 AND report.state <> 'DISCARDED'
       ORDER BY report.period_from, report.version`,
      [institutionId],
    );
    return rows.map((row) => ({
      id: row.id,
      type: row.type,
      version: row.version,
      period: { kind: row.period_kind, from: row.period_from, until: row.period_until },
      state: row.state,
      asOfAt: row.as_of_at.toISOString(),
      evaluated:
        row.evaluated_at === null || row.verdict === null
          ? null
          : { at: row.evaluated_at.toISOString(), verdict: row.verdict },
    }));
  }
}
