import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { listReportedEvents, RpcInput, RpcOutput } from '#contracts';
import { AppError, takeFitting } from '#service';
import type { Counted } from './as-of.js';
import { countedLogs, countedValues } from './counted-leaf.js';

type ReportedPage = RpcOutput<typeof listReportedEvents>;

/** Reads what a checkpoint covers, page by page. */
@Injectable()
export class LeafPages {
  constructor(private readonly pool: Pool) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND when `after` is no event of this institution's log */
  async listReported(
    counted: Counted,
    { from, until, types, after, limit }: Omit<RpcInput<typeof listReportedEvents>, 'institutionId' | 'asOf'>,
  ): Promise<ReportedPage> {
    const last = after === null ? { logId: 0, index: -1 } : await this.findPosition(counted.institutionId, after);
    const { rows } = await this.pool.query<ReportedPage['events'][number]>(
      `SELECT page.id, page.at, page.type, page.act, page.subject, page."contentHash"
       FROM ${countedLogs}
       CROSS JOIN LATERAL (
         SELECT leaf.index, event.id, verification.micros(event.at) AS at, event.type, event.act, event.subject,
           encode(event.content_hash, 'hex') AS "contentHash"
         FROM verification.log_leaf AS leaf JOIN verification.reported_event AS event ON event.id = leaf.event_id
         WHERE leaf.verification_id IS NULL AND leaf.log_id = counted.log_id AND leaf.index < counted.size
           AND leaf.index > CASE WHEN counted.log_id = $7 THEN $8::bigint ELSE -1 END
           AND event.institution_id = $1 AND event.type = ANY ($6)
           AND event.at >= verification.jakarta_midnight($4) AND event.at < verification.jakarta_midnight($5::date + 1)
         ORDER BY leaf.index LIMIT $9
       ) AS page
       WHERE counted.log_id >= $7
       ORDER BY counted.log_id, page.index LIMIT $9`,
      [counted.institutionId, ...countedValues(counted), from, until, types, last.logId, last.index, limit + 1],
    );
    const events = takeFitting(rows.slice(0, limit));
    return { events, next: events.length < rows.length ? (events.at(-1)?.id ?? null) : null };
  }

  private async findPosition(institutionId: string, eventId: string): Promise<{ logId: number; index: number }> {
    const { rows } = await this.pool.query<{ logId: number; index: string }>(
      `SELECT leaf.log_id AS "logId", leaf.index FROM verification.log_leaf AS leaf
       JOIN verification.log ON log.id = leaf.log_id
       WHERE leaf.event_id = $2 AND leaf.verification_id IS NULL AND log.institution_id = $1`,
      [institutionId, eventId],
    );
    const [row] = rows;
    if (!row) throw new AppError('RESOURCE_NOT_FOUND');
    return { logId: row.logId, index: Number(row.index) };
  }
}
