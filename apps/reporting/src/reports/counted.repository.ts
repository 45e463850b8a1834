import type { ClientBase, Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Register, ReportContent, ReportFigures, UndeliveredRecord } from '#contracts';
import { canonicalJson } from '#evidence';
import { undeliveredLine } from '#report';
import type { Counted } from '../facts/facts.js';

/** What a report says by itself: counted, or declared by the office. */
export interface ReportFacts {
  asOf: ReportContent['asOf'];
  figures: ReportFigures;
  register: Register;
}
/** As it was counted, with the records that its figures of data balikan rest on. */
export interface Count extends ReportFacts {
  undelivered: UndeliveredRecord[];
}
/** As it is kept. */
export interface KeptCount extends ReportFacts {
  id: string;
}

/** So many lines go with one statement. */
const linesAtOnce = 10_000;

/** What was counted of these days as of this checkpoint, if it was. */
export async function findCounted(
  db: Pick<ClientBase, 'query'> | Pool,
  { institutionId, from, until }: Counted,
  asOf: ReportContent['asOf'],
): Promise<KeptCount | undefined> {
  const { origin, size } = asOf.checkpoints.at(-1)!;
  const { rows } = await db.query<{ id: string; facts: string }>(
    `SELECT id, facts FROM reporting.counted
     WHERE institution_id = $1 AND period_from = $2 AND period_until = $3 AND origin = $4 AND size = $5 AND as_of_at = $6`,
    [institutionId, from, until, origin, size, asOf.at],
  );
  return rows[0] && { id: rows[0].id, ...(JSON.parse(rows[0].facts) as ReportFacts) };
}

/** Keeps a count; when somebody was faster, theirs is the one. In the transaction of the report that says it. */
export async function keepCounted(client: ClientBase, of: Counted, count: Count): Promise<KeptCount> {
  const { undelivered, asOf, figures, register } = count;
  const { origin, size } = asOf.checkpoints.at(-1)!;
  const facts = { asOf, figures, register };
  const id = uuidv7();
  const { rowCount } = await client.query(
    `INSERT INTO reporting.counted (id, institution_id, period_from, period_until, origin, size, as_of_at, facts, undelivered)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [id, of.institutionId, of.from, of.until, origin, size, asOf.at, canonicalJson(facts), undelivered.length],
  );
  if (rowCount === 0) return (await findCounted(client, of, asOf))!;
  for (let from = 0; from < undelivered.length; from += linesAtOnce)
    await client.query(
      `INSERT INTO reporting.undelivered_line (counted_id, n, line)
       SELECT $1, $2 + n, line FROM unnest($3::text[]) WITH ORDINALITY AS given (line, n)`,
      [id, from, undelivered.slice(from, from + linesAtOnce).map(undeliveredLine)],
    );
  return { id, ...facts };
}

/** Lines of undelivered.jsonl from the `n`-th on, with the number of the last. */
export async function findUndeliveredLines(
  db: Pool,
  countedId: string,
  after: number,
  limit: number,
): Promise<{ n: number; line: string }[]> {
  const { rows } = await db.query<{ n: number; line: string }>(
    'SELECT n, line FROM reporting.undelivered_line WHERE counted_id = $1 AND n > $2 ORDER BY n LIMIT $3',
    [countedId, after, limit],
  );
  return rows;
}
