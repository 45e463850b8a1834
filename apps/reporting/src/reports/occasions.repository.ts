import type { Pool } from 'pg';
import type { ReportPeriod } from './semesters.js';
import { approvedStates } from './state-rules.js';

/** A report or supplement that the calendar owes an office. */
export type Due = { institutionId: string; period: ReportPeriod } & (
  { type: 'REPORT' } | { type: 'SUPPLEMENT'; supplements: string }
);

/** Which of these have no report: neither one by hand that stands, nor one by the calendar, whatever became of it. */
export async function withoutReport(
  pool: Pool,
  offices: readonly { institutionId: string; period: ReportPeriod }[],
): Promise<Due[]> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT n::int FROM unnest($1::uuid[], $2::date[], $3::date[]) WITH ORDINALITY AS given (institution_id, period_from, period_until, n)
     WHERE NOT EXISTS (
       SELECT 1 FROM reporting.report
       WHERE report.institution_id = given.institution_id AND report.type = 'REPORT'
         AND report.period_from = given.period_from AND report.period_until = given.period_until
         AND (report.scheduled OR report.state <> 'DISCARDED'))
     ORDER BY n`,
    [
      offices.map(({ institutionId }) => institutionId),
      offices.map(({ period }) => period.from),
      offices.map(({ period }) => period.until),
    ],
  );
  return rows.map(({ n }) => ({ ...offices[n - 1]!, type: 'REPORT' as const }));
}

/**
 * Approved reports of these periods that were counted before their period was over, the latest version of each, and that nothing
 * completes yet.
 */
export async function withoutSupplement(pool: Pool, periods: readonly ReportPeriod[]): Promise<Due[]> {
  const { rows } = await pool.query<{ id: string; institutionId: string; from: string }>(
    `SELECT id, institution_id AS "institutionId", period_from::text AS "from" FROM (
       SELECT DISTINCT ON (institution_id, period_from, period_until) id, institution_id, period_from, period_until, closing
       FROM reporting.report
       WHERE type = 'REPORT' AND state = ANY ($3)
         AND (period_from, period_until) IN (SELECT * FROM unnest($1::date[], $2::date[]))
       ORDER BY institution_id, period_from, period_until, version DESC) AS latest
     WHERE NOT closing AND NOT EXISTS (
       SELECT 1 FROM reporting.report
       WHERE report.institution_id = latest.institution_id AND report.type = 'SUPPLEMENT'
         AND report.period_from = latest.period_from AND report.period_until = latest.period_until
         AND (report.scheduled OR (report.closing AND report.state <> 'DISCARDED')))
     ORDER BY institution_id, period_from`,
    [periods.map(({ from }) => from), periods.map(({ until }) => until), approvedStates],
  );
  return rows.map(({ id, institutionId, from }) => {
    const period = periods.find((one) => one.from === from)!;
    return { institutionId, type: 'SUPPLEMENT', period, supplements: id };
  });
}

/**
 * Takes up something that is due, for this replica alone. Who has it and does not come back leaves it to the next try: 5 minutes
 * later, and twice as long after each one that failed, at most 6 hours.
 *
 * @returns which try it is; nothing while another one is on, or it is too early
 */
export async function takeUp(pool: Pool, { institutionId, type, period }: Due): Promise<number | undefined> {
  const { rows } = await pool.query<{ attempts: number }>(
    `INSERT INTO reporting.occasion AS known (institution_id, type, period_from, attempts, next_at)
     VALUES ($1, $2, $3, 1, reporting.clock() + interval '5 minutes')
     ON CONFLICT (institution_id, type, period_from) DO UPDATE
       SET attempts = known.attempts + 1,
         next_at = reporting.clock() + least(interval '5 minutes' * 2 ^ least(known.attempts, 10), interval '6 hours')
       WHERE known.next_at <= reporting.clock()
     RETURNING attempts`,
    [institutionId, type, period.from],
  );
  return rows[0]?.attempts;
}
