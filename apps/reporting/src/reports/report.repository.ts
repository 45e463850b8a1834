import type { ClientBase, Pool } from 'pg';
import type { Report, ReportContent, ReportState } from '#contracts';
import { canonicalJson } from '#evidence';
import { approvedStates } from './state-rules.js';

type Database = Pool | Pick<ClientBase, 'query'>;

export interface StepView {
  act: string;
  at: string;
  by: string | null;
  name: string | null;
  said: Record<string, unknown>;
}
export type ReportRow = Omit<
  Report,
  'drafted' | 'reviewed' | 'approved' | 'submitted' | 'evaluated' | 'discarded' | 'asOf' | 'period'
> & {
  kind: ReportContent['period']['kind'];
  from: string;
  until: string;
  at: string;
  origin: string;
  size: string;
  countedId: string;
  closing: boolean;
  steps: StepView[];
};

const utc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `report.id, report.institution_id AS "institutionId", report.type, report.version, report.corrects, report.supplements,
  report.period_kind AS kind, report.period_from::text AS "from", report.period_until::text AS until, report.state, report.scheduled,
  report.closing, report.counted_id AS "countedId", encode(report.content_hash, 'hex') AS "contentHash",
  report.content::json -> 'narrative' AS narrative,
  ${utc('counted.as_of_at')} AS at, counted.origin, counted.size,
  (SELECT json_agg(json_build_object('act', act, 'at', ${utc('step.at')}, 'by', actor_id, 'name', actor_name, 'said', said) ORDER BY n)
   FROM reporting.report_step AS step WHERE step.report_id = report.id) AS steps`;
const from = 'FROM reporting.report JOIN reporting.counted ON counted.id = report.counted_id';

export async function findReport(db: Database, institutionId: string, id: string): Promise<ReportRow | undefined> {
  const { rows } = await db.query<ReportRow>(
    `SELECT ${columns} ${from} WHERE report.id = $1 AND report.institution_id = $2`,
    [id, institutionId],
  );
  return rows[0];
}

/** Newest first. */
export async function findReports(
  db: Database,
  of: { institutionId: string; states: readonly ReportState[] | null; before: string | null; limit: number },
): Promise<ReportRow[]> {
  const { rows } = await db.query<ReportRow>(
    `SELECT ${columns} ${from}
     WHERE report.institution_id = $1 AND ($2::text[] IS NULL OR report.state = ANY ($2)) AND ($3::uuid IS NULL OR report.id < $3)
     ORDER BY report.id DESC LIMIT $4`,
    [of.institutionId, of.states, of.before, of.limit],
  );
  return rows;
}

export async function getContent(db: Database, id: string): Promise<ReportContent> {
  const { rows } = await db.query<{ content: string }>('SELECT content FROM reporting.report WHERE id = $1', [id]);
  return JSON.parse(rows[0]!.content) as ReportContent;
}

/** Keeps others from a report until the transaction ends. */
export async function lockReport(
  client: ClientBase,
  institutionId: string,
  id: string,
): Promise<ReportRow | undefined> {
  await client.query('SELECT 1 FROM reporting.report WHERE id = $1 AND institution_id = $2 FOR UPDATE', [
    id,
    institutionId,
  ]);
  return findReport(client, institutionId, id);
}

export async function setState(client: ClientBase, id: string, state: ReportState): Promise<void> {
  await client.query('UPDATE reporting.report SET state = $2 WHERE id = $1', [id, state]);
}

/** Another narrative makes it a draft again. */
export async function setContent(client: ClientBase, content: ReportContent, contentHash: string): Promise<void> {
  await client.query(
    `UPDATE reporting.report SET state = 'DRAFTED', content = $2, content_hash = decode($3, 'hex') WHERE id = $1`,
    [content.id, canonicalJson(content), contentHash],
  );
}

export interface NewRow {
  content: ReportContent;
  contentHash: string;
  countedId: string;
  scheduled: boolean;
  closing: boolean;
}

/** @returns whether it is in; not when another one stands in its place (the unique indexes of the table) */
export async function insertReport(client: ClientBase, row: NewRow): Promise<boolean> {
  const { content } = row;
  const { rowCount } = await client.query(
    `INSERT INTO reporting.report (id, institution_id, type, version, corrects, supplements, period_kind, period_from, period_until,
       state, scheduled, counted_id, closing, content, content_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'DRAFTED', $10, $11, $12, $13, decode($14, 'hex'))
     ON CONFLICT DO NOTHING`,
    [
      content.id,
      content.institution.id,
      content.type,
      content.version,
      content.corrects,
      content.supplements,
      content.period.kind,
      content.period.from,
      content.period.until,
      row.scheduled,
      row.countedId,
      row.closing,
      canonicalJson(content),
      row.contentHash,
    ],
  );
  return rowCount === 1;
}

/** The report that already stands where a new one would: the rules of the unique indexes, asked before hours of counting. */
export async function findRival(
  db: Database,
  institutionId: string,
  { type, corrects, period }: Pick<ReportContent, 'type' | 'corrects' | 'period'>,
): Promise<{ id: string; state: ReportState } | undefined> {
  const { rows } = await db.query<{ id: string; state: ReportState }>(
    `SELECT id, state FROM reporting.report
     WHERE institution_id = $1 AND state <> 'DISCARDED' AND type = $2
       AND CASE WHEN $3::uuid IS NOT NULL THEN corrects = $3
         ELSE version = 1 AND period_from = $4 AND period_until = $5
           AND (CASE WHEN type = 'REPORT' THEN period_kind <> 'OTHER' ELSE closing END) END
     LIMIT 1`,
    [institutionId, type, corrects, period.from, period.until],
  );
  return rows[0];
}

/** Whether a later version of a report is approved. */
export async function isReplaced(db: Database, id: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT 1 FROM reporting.report WHERE corrects = $1 AND state = ANY ($2)', [
    id,
    approvedStates,
  ]);
  return rowCount !== 0;
}

/** Today in Jakarta. */
export async function today(db: Database): Promise<string> {
  const { rows } = await db.query<{ today: string }>('SELECT reporting.jakarta_day(reporting.clock())::text AS today');
  return rows[0]!.today;
}
