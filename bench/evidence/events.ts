import type pg from 'pg';
import { elementNames } from '#contracts';

/** Events of one statement. */
const batch = 10_000;
/** From one look-up to the next. */
const stepMs = 100;
/** From the question to the answer. */
const latencyMs = 40;

/**
 * Writes `count` events (two of each look-up, all of one office) as they stand in the database after so many look-ups; the
 * triggers queue them for the log. Returns events a second.
 */
export async function writeEvents(client: pg.Client, institutionId: string, count: number): Promise<number> {
  const startedAt = performance.now();
  for (let written = 0; written < count; written += batch) {
    const events = Math.min(batch, count - written);
    await client.query(
      `WITH look_up AS MATERIALIZED (
         SELECT n, asked, uuidv7(asked - clock_timestamp()) AS id
         FROM generate_series($2::integer, $2 + $3::integer - 1) AS n,
           LATERAL (SELECT clock_timestamp() - ($4::integer - n) * interval '${stepMs} milliseconds' AS asked)
       )
       INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
         operator_id, service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
       SELECT uuidv7(at - clock_timestamp()), at, kind, look_up.id, $1::uuid, md5($1::uuid::text || 'version')::uuid, 'bench',
         md5($1::uuid::text || 'operator')::uuid, 'SKU', '500/' || n || '/SKU/I/2026', sha256(int8send(n)), 'LOOKUP', $5,
         sha256(int8send(n % 10000)), hit, outcome, latency
       FROM look_up, LATERAL (VALUES
         ('REQUESTED', asked, 'reserved', NULL, NULL),
         ('ANSWERED', asked + interval '${latencyMs} milliseconds', 'confirmed', 'FOUND', ${latencyMs})
       ) AS event(kind, at, hit, outcome, latency)`,
      [institutionId, written / 2, events / 2, count / 2, [...elementNames]],
    );
  }
  return count / ((performance.now() - startedAt) / 1_000);
}
