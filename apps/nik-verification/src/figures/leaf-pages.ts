import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import {
  businessServices,
  type listCoveredLookUps,
  type listReportedEvents,
  mostOfCase,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { AppError, takeFitting } from '#service';
import type { Counted } from './as-of.js';
import { countedLogs, countedValues, isCounted } from './counted-leaf.js';

type ReportedPage = RpcOutput<typeof listReportedEvents>;
type CoveredPage = RpcOutput<typeof listCoveredLookUps>;

/** Services as SQL writes them: word for word as in the partial index access_event_business. */
const services = businessServices.map((service) => `'${service}'`).join(', ');

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

  /** Oldest first. Both leaves of a look-up are counted, and those of the others of its case that it names. */
  async listCovered(
    counted: Counted,
    { from, until, after, limit }: Omit<RpcInput<typeof listCoveredLookUps>, 'institutionId' | 'asOf'>,
  ): Promise<CoveredPage> {
    const { rows } = await this.pool.query<Omit<CoveredPage['lookUps'][number], 'at'> & { at: Date }>(
      `SELECT asked.verification_id AS "verificationId", asked.at,
         ARRAY(
           SELECT other.verification_id FROM verification.access_event AS other
           WHERE other.kind = 'REQUESTED' AND other.nik_hmac IS NOT NULL
             AND other.institution_id = asked.institution_id AND other.nik_hmac = asked.nik_hmac
             AND other.reference_hmac = asked.reference_hmac AND other.verification_id <> asked.verification_id
             AND ${isCounted('other')}
           ORDER BY other.verification_id DESC LIMIT ${mostOfCase}
         ) AS "sameCase"
       FROM verification.access_event AS asked
       WHERE asked.kind = 'REQUESTED' AND asked.service IN (${services}) AND asked.institution_id = $1
         AND asked.at >= verification.jakarta_midnight($4) AND asked.at < verification.jakarta_midnight($5::date + 1)
         AND ($6::uuid IS NULL OR (asked.at, asked.verification_id) > (
           (SELECT last.at FROM verification.access_event AS last
            WHERE last.verification_id = $6 AND last.institution_id = $1 AND last.kind = 'REQUESTED'), $6::uuid))
         AND ${isCounted('asked')}
         AND EXISTS (
           SELECT 1 FROM (SELECT * FROM verification.access_event
             WHERE verification_id = asked.verification_id OFFSET 0) AS answered
           WHERE answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed' AND answered.outcome = 'FOUND'
             AND ${isCounted('answered')})
       ORDER BY asked.at, asked.verification_id
       LIMIT $7`,
      [counted.institutionId, ...countedValues(counted), from, until, after, limit + 1],
    );
    const found = rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
    const lookUps = takeFitting(found.slice(0, limit));
    return { lookUps, next: lookUps.length < found.length ? (lookUps.at(-1)?.verificationId ?? null) : null };
  }
}
