import type { QueryResultRow } from 'pg';
import type { MediaReceipt } from '#contracts';
import type { Minutes } from './minutes.js';

/** A row of balikan.media_package as it is read here. */
export interface PackageRow {
  id: string;
  institutionId: string;
  agreementId: string;
  number: number;
  state: 'OPEN' | 'RECEIPTED' | 'CANCELLED';
  createdAt: Date;
  createdBy: string | null;
  records: number;
  bytes: string;
  sha256: string;
  chunks: number;
  minutes: Minutes;
  receiptNumber: string | null;
  receiptDate: string | null;
  accepted: number | null;
  refused: number | null;
}

const columns = `id, institution_id AS "institutionId", agreement_id AS "agreementId", number, state,
  created_at AS "createdAt", created_by AS "createdBy", records, bytes, sha256, chunks, minutes,
  receipt_number AS "receiptNumber", receipt_date::text AS "receiptDate", accepted, refused`;

/** A pool, or one connection in a transaction. */
export interface Queries {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number | null }>;
}

export async function findPackages(db: Queries, institutionId: string): Promise<PackageRow[]> {
  const { rows } = await db.query<PackageRow>(
    `SELECT ${columns} FROM balikan.media_package WHERE institution_id = $1 ORDER BY number DESC LIMIT 1000`,
    [institutionId],
  );
  return rows;
}

export async function findPackage(db: Queries, institutionId: string, id: string): Promise<PackageRow | undefined> {
  const { rows } = await db.query<PackageRow>(
    `SELECT ${columns} FROM balikan.media_package WHERE institution_id = $1 AND id = $2`,
    [institutionId, id],
  );
  return rows[0];
}

/** Nobody else closes it for as long as the transaction is open. */
export async function lockPackage(db: Queries, institutionId: string, id: string): Promise<PackageRow | undefined> {
  const { rows } = await db.query<PackageRow>(
    `SELECT ${columns} FROM balikan.media_package WHERE institution_id = $1 AND id = $2 FOR UPDATE`,
    [institutionId, id],
  );
  return rows[0];
}

/** false: somebody else is packing for this institution, or a package of it is open. */
export async function mayOpen(db: Queries, institutionId: string): Promise<boolean> {
  const { rows } = await db.query<{ free: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('media package ' || $1, 0)) AS free`,
    [institutionId],
  );
  if (!rows[0]?.free) return false;
  const open = await db.query(`SELECT FROM balikan.media_package WHERE institution_id = $1 AND state = 'OPEN'`, [
    institutionId,
  ]);
  return open.rowCount === 0;
}

export async function findNextNumber(db: Queries, institutionId: string): Promise<{ number: number; now: Date }> {
  const { rows } = await db.query<{ number: number; now: Date }>(
    `SELECT coalesce(max(number), 0) + 1 AS number, date_trunc('milliseconds', balikan.clock()) AS now
     FROM balikan.media_package WHERE institution_id = $1`,
    [institutionId],
  );
  return rows[0] as { number: number; now: Date };
}

/** Before its content is known: size and hash come with {@link sealPackage}, in the same transaction. */
export async function insertPackage(
  db: Queries,
  row: Pick<PackageRow, 'id' | 'institutionId' | 'agreementId' | 'number' | 'createdAt' | 'createdBy' | 'minutes'>,
): Promise<void> {
  await db.query(
    `INSERT INTO balikan.media_package (id, institution_id, agreement_id, number, state, created_at, created_by, records,
       bytes, sha256, chunks, minutes)
     VALUES ($1, $2, $3, $4, 'OPEN', $5, $6, 0, 0, '', 0, $7)`,
    [row.id, row.institutionId, row.agreementId, row.number, row.createdAt, row.createdBy, row.minutes],
  );
}

export async function insertChunk(db: Queries, packageId: string, n: number, bytes: Buffer): Promise<void> {
  await db.query('INSERT INTO balikan.media_chunk (package_id, n, bytes) VALUES ($1, $2, $3)', [packageId, n, bytes]);
}

export async function findChunk(db: Queries, packageId: string, n: number): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    'SELECT bytes FROM balikan.media_chunk WHERE package_id = $1 AND n = $2',
    [packageId, n],
  );
  return rows[0]?.bytes;
}

export async function sealPackage(
  db: Queries,
  id: string,
  content: { records: number; bytes: number; sha256: string; chunks: number },
): Promise<void> {
  await db.query('UPDATE balikan.media_package SET records = $2, bytes = $3, sha256 = $4, chunks = $5 WHERE id = $1', [
    id,
    content.records,
    content.bytes,
    content.sha256,
    content.chunks,
  ]);
}

/** The file goes with it: what was handed over, or never was, is not kept. */
export async function closePackage(
  db: Queries,
  id: string,
  closed: { state: 'CANCELLED' } | { state: 'RECEIPTED'; receipt: MediaReceipt; refusedHash: string },
): Promise<void> {
  const receipt = closed.state === 'RECEIPTED' ? closed.receipt : undefined;
  const more = closed.state === 'RECEIPTED' ? { refusedHash: closed.refusedHash } : {};
  await db.query(
    `UPDATE balikan.media_package SET state = $2, receipt_number = $3, receipt_date = $4, accepted = $5, refused = $6,
       minutes = minutes || $7::jsonb, closed_at = balikan.clock()
     WHERE id = $1`,
    [
      id,
      closed.state,
      receipt?.number ?? null,
      receipt?.date ?? null,
      receipt?.accepted ?? null,
      receipt?.refused ?? null,
      JSON.stringify(more),
    ],
  );
  await db.query('DELETE FROM balikan.media_chunk WHERE package_id = $1', [id]);
}

/** Of all that is in the package, each once. */
export async function registerKeys(db: Queries, packageId: string): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `SELECT DISTINCT register_key AS key FROM balikan.record WHERE media_package_id = $1 AND state = 'PACKED'`,
    [packageId],
  );
  return rows.map(({ key }) => key);
}

/** The calendar day in Asia/Jakarta, `YYYY-MM-DD`. */
export async function today(db: Queries): Promise<string> {
  const { rows } = await db.query<{ today: string }>('SELECT balikan.jakarta_day(balikan.clock())::text AS today');
  return rows[0]?.today ?? '';
}

export interface Evidence {
  id: string;
  act: string;
  subject: string;
  contentHash: Buffer;
}

/** For the evidence log, in the transaction of what it tells. */
export async function insertEvidence(
  db: Queries,
  of: { institutionId: string; actorId: string | null },
  rows: readonly Evidence[],
): Promise<void> {
  await db.query(
    `INSERT INTO balikan.evidence_outbox (id, at, institution_id, act, actor_id, subject, content_hash)
     SELECT id, balikan.clock(), $1, act, $2, subject, content_hash
     FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::bytea[]) AS given (id, act, subject, content_hash)`,
    [
      of.institutionId,
      of.actorId,
      rows.map(({ id }) => id),
      rows.map(({ act }) => act),
      rows.map(({ subject }) => subject),
      rows.map(({ contentHash }) => contentHash),
    ],
  );
}
