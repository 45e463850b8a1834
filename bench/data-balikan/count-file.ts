import type pg from 'pg';
import type { FileCounts } from './exactness.js';

/** Reads from the database, as superuser, what became of an uploaded file. */
export async function countFile(
  database: pg.Client,
  id: string,
  made: Pick<FileCounts, 'rows' | 'spoilt'>,
): Promise<FileCounts> {
  const { rows } = await database.query<Omit<FileCounts, 'rows' | 'spoilt'>>(
    `SELECT batch.checked, batch.accepted, batch.refused, batch.faults, found.*
     FROM balikan.batch, LATERAL (
       SELECT count(*)::int AS records, count(DISTINCT (person_hmac, register_key))::int AS distinct,
         count(*) FILTER (WHERE EXISTS (
           SELECT FROM verification.access_event AS event
           WHERE event.verification_id = record.verification_id AND event.institution_id = batch.institution_id
             AND event.kind = 'ANSWERED' AND event.outcome = 'FOUND'))::int AS proven
       FROM balikan.record WHERE record.batch_id = batch.id) AS found
     WHERE batch.id = $1`,
    [id],
  );
  const [counts] = rows;
  if (!counts) throw new Error('the database knows nothing of the file');
  return { ...made, ...counts };
}
