import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { ReportedEvent } from '#contracts';
import { AppError } from '#service';

const given = `jsonb_to_recordset($1::jsonb) AS given (id uuid, at timestamptz, type text, "institutionId" uuid, act text,
  "actorId" uuid, subject text, "contentHash" text)`;

/** What other parts of the system did, for the log. */
@Injectable()
export class ReportedEvents {
  constructor(private readonly pool: Pool) {}

  /**
   * Takes those that are new; what is repeated changes nothing.
   *
   * @returns how many were new
   * @throws {AppError} EVIDENCE_CONFLICT when one is known with another content: the others have been taken all the same;
   *   REQUEST_INVALID when one cannot be written, EVIDENCE_UNAVAILABLE
   */
  async take(events: readonly ReportedEvent[]): Promise<number> {
    const json = JSON.stringify(events);
    let conflicts = 0;
    let taken: number;
    try {
      taken = await this.insert(json);
      if (taken < events.length) conflicts = await this.countConflicts(json);
    } catch (error) {
      throw fromDatabase(error);
    }
    if (conflicts > 0) throw new AppError('EVIDENCE_CONFLICT');
    return taken;
  }

  private async insert(json: string): Promise<number> {
    const { rowCount } = await this.pool.query({
      name: 'take_reported_events',
      // in the order of ids, so that two batches with events in common wait for each other and never crosswise
      text: `
        INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, actor_id, subject, content_hash)
        SELECT id, at, (SELECT verification.ledger_now()), type, "institutionId", act, "actorId", subject, decode("contentHash", 'hex')
        FROM ${given} ORDER BY id
        ON CONFLICT (id) DO NOTHING`,
      values: [json],
    });
    return rowCount ?? 0;
  }

  /** A statement of its own: it sees what was committed while the insertion waited for it. */
  private async countConflicts(json: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>({
      name: 'reported_event_conflicts',
      text: `
        SELECT count(*)::int AS count FROM ${given} JOIN verification.reported_event AS known USING (id)
        WHERE (known.at, known.type, known.institution_id, known.act, known.actor_id, known.subject, known.subject_hmac,
            known.content_hash) IS DISTINCT FROM
          (given.at, given.type, "institutionId", given.act, "actorId", given.subject, NULL::bytea, decode("contentHash", 'hex'))`,
      values: [json],
    });
    return rows[0]?.count ?? 0;
  }
}

/** SQLSTATE class 22: a value that there is not, such as the 30th of February; it is no better a minute later. */
function fromDatabase(error: unknown): AppError {
  const { code = '' } = error as { code?: string };
  return code.startsWith('22')
    ? new AppError('REQUEST_INVALID', {}, { cause: error })
    : new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
}
