import type { Pool, PoolClient } from 'pg';
import { nodeHash, rootNodes, rootOf, type NodeRef, type ReadNode } from '#evidence';

/** A connection that is in a transaction, or the pool. */
export type Database = Pool | PoolClient;

export interface Log {
  id: number;
  institutionId: string;
  generation: number;
  origin: string;
}

export interface StoredCheckpoint {
  size: number;
  signedAt: Date;
  root: Buffer;
  note: string;
}

export interface StoredLeaf {
  logId: number;
  index: number;
  eventId: string;
  leafHash: Buffer;
}

export type WantedLeaf = { verificationId: string } | { eventId: string } | { index: number };

/** Every so many levels the roots of full subtrees are stored: more would cost room, fewer would cost hashing in each proof. */
const step = 4;
const fan = 2 ** step;
/** Lowest first; up to 2^32 leaves. */
export const storedLevels = Array.from({ length: 8 }, (_, n) => (n + 1) * step);

export const originOf = (installation: string, institutionId: string, generation: number): string =>
  `${installation}/${institutionId}/${generation}`;

const logColumns = 'id, institution_id AS "institutionId", generation, origin';

/** The institution's present log, or the one of a generation. */
export async function findLog(db: Database, institutionId: string, generation?: number): Promise<Log | undefined> {
  const { rows } = await db.query<Log>({
    name: 'log_of_institution',
    text: `SELECT ${logColumns} FROM verification.log WHERE institution_id = $1 AND ($2::integer IS NULL OR generation = $2)
      ORDER BY generation DESC LIMIT 1`,
    values: [institutionId, generation ?? null],
  });
  return rows[0];
}

export async function findLogById(db: Database, institutionId: string, id: number): Promise<Log | undefined> {
  const { rows } = await db.query<Log>({
    name: 'log_by_id',
    text: `SELECT ${logColumns} FROM verification.log WHERE institution_id = $1 AND id = $2`,
    values: [institutionId, id],
  });
  return rows[0];
}

export async function findLogByOrigin(db: Database, institutionId: string, origin: string): Promise<Log | undefined> {
  const { rows } = await db.query<Log>({
    name: 'log_by_origin',
    text: `SELECT ${logColumns} FROM verification.log WHERE institution_id = $1 AND origin = $2`,
    values: [institutionId, origin],
  });
  return rows[0];
}

/** Up to a generation, oldest first. */
export async function listGenerations(db: Database, institutionId: string, generation: number): Promise<Log[]> {
  const { rows } = await db.query<Log>({
    name: 'log_generations',
    text: `SELECT ${logColumns} FROM verification.log WHERE institution_id = $1 AND generation <= $2 ORDER BY generation`,
    values: [institutionId, generation],
  });
  return rows;
}

/** The present log; the first one is opened when there is none. */
export async function openLog(db: Database, installation: string, institutionId: string): Promise<Log> {
  const found = await findLog(db, institutionId);
  if (found) return found;
  await db.query(
    `INSERT INTO verification.log (institution_id, generation, origin, opened_at)
     VALUES ($1, 1, $2, verification.ledger_now()) ON CONFLICT DO NOTHING`,
    [institutionId, originOf(installation, institutionId, 1)],
  );
  const opened = await findLog(db, institutionId);
  if (!opened) throw new Error('the log was opened just now');
  return opened;
}

export async function sizeOf(db: Database, logId: number): Promise<number> {
  const { rows } = await db.query<{ size: string }>({
    name: 'log_size',
    text: 'SELECT coalesce(max(index) + 1, 0) AS size FROM verification.log_leaf WHERE log_id = $1',
    values: [logId],
  });
  return Number(rows[0]?.size ?? 0);
}

/** Institutions that have events without an index, with the age of the oldest, milliseconds. */
export async function listWaiting(db: Database): Promise<{ institutionId: string; waitingMs: number }[]> {
  const { rows } = await db.query<{ institutionId: string; ms: string }>({
    name: 'log_waiting',
    // one look into the index for each institution, however much waits
    text: `
      WITH RECURSIVE waiting AS (
        (SELECT institution_id FROM verification.log_pending ORDER BY institution_id LIMIT 1)
        UNION ALL
        SELECT (SELECT institution_id FROM verification.log_pending
          WHERE institution_id > waiting.institution_id ORDER BY institution_id LIMIT 1)
        FROM waiting WHERE waiting.institution_id IS NOT NULL
      )
      SELECT institution_id AS "institutionId", extract(epoch FROM clock_timestamp() - oldest.queued_at) * 1000 AS ms
      FROM waiting CROSS JOIN LATERAL (
        SELECT queued_at FROM verification.log_pending AS pending
        WHERE pending.institution_id = waiting.institution_id ORDER BY position LIMIT 1
      ) AS oldest`,
  });
  return rows.map(({ institutionId, ms }) => ({ institutionId, waitingMs: Number(ms) }));
}

/** How many events wait, counted up to 10 000, and the age of the oldest, seconds. */
export async function waitingOf(db: Database, institutionId: string): Promise<{ pending: number; lagSeconds: number }> {
  const { rows } = await db.query<{ pending: string; lag: string | null }>({
    name: 'log_lag',
    text: `
      SELECT (SELECT count(*) FROM (SELECT 1 FROM verification.log_pending WHERE institution_id = $1 LIMIT 10000) AS counted) AS pending,
        (SELECT extract(epoch FROM clock_timestamp() - queued_at) FROM verification.log_pending
         WHERE institution_id = $1 ORDER BY position LIMIT 1) AS lag`,
    values: [institutionId],
  });
  const [row] = rows;
  return { pending: Number(row?.pending ?? 0), lagSeconds: Math.max(0, Math.round(Number(row?.lag ?? 0))) };
}

/** Gives up to `most` events their index and stores the subtrees that became full. Returns how many. */
export async function sequence(db: Database, logId: number, most: number): Promise<number> {
  const { rows } = await db.query<{ given: number }>({
    name: 'log_sequence',
    text: 'SELECT verification.sequence_log($1, $2) AS given',
    values: [logId, most],
  });
  const given = rows[0]?.given ?? 0;
  if (given > 0) {
    const size = await sizeOf(db, logId);
    await storeSubtrees(db, logId, size - given, size);
  }
  return given;
}

async function storeSubtrees(db: Database, logId: number, before: number, size: number): Promise<void> {
  for (const level of storedLevels) {
    const width = 2 ** level;
    const [first, end] = [Math.floor(before / width), Math.floor(size / width)];
    if (first === end) return;
    const below = await readLevel(db, logId, level - step, first * fan, end * fan);
    const hashes = Array.from({ length: end - first }, (_, n) => subtreeRoot(below.slice(n * fan, (n + 1) * fan)));
    await db.query(
      `INSERT INTO verification.log_node (log_id, level, index, hash)
       SELECT $1, $2, $3 + n - 1, hash FROM unnest($4::bytea[]) WITH ORDINALITY AS made(hash, n)`,
      [logId, level, first, hashes.map((hash) => Buffer.from(hash))],
    );
  }
}

/** Nodes `from` ≤ index < `to` of a stored level (0: leaves). */
async function readLevel(db: Database, logId: number, level: number, from: number, to: number): Promise<Buffer[]> {
  const { rows } = await db.query<{ hash: Buffer }>(
    level === 0
      ? 'SELECT leaf_hash AS hash FROM verification.log_leaf WHERE log_id = $1 AND $2 = 0 AND index >= $3 AND index < $4 ORDER BY index'
      : 'SELECT hash FROM verification.log_node WHERE log_id = $1 AND level = $2 AND index >= $3 AND index < $4 ORDER BY index',
    [logId, level, from, to],
  );
  if (rows.length !== to - from) throw new Error(`log ${logId} misses nodes of level ${level}`);
  return rows.map(({ hash }) => hash);
}

function subtreeRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = row.flatMap((left, n) => (n % 2 === 0 ? [nodeHash(left, row[n + 1]!)] : []));
  return row[0]!;
}

/** Fetches the subtrees that a proof needs, in one query: at most 15 hashes for each level that is stored. */
export async function fetchNodes(db: Database, logId: number, nodes: readonly NodeRef[]): Promise<ReadNode> {
  const ranges = nodes.map(({ level, index }) => {
    const stored = [...storedLevels].reverse().find((one) => one <= level) ?? 0;
    const width = 2 ** (level - stored);
    return { stored, first: index * width, width };
  });
  const { rows } = await db.query<{ n: string; hash: Buffer }>({
    name: 'log_nodes',
    text: `
      SELECT wanted.n, node.hash
      FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS wanted(level, first, width, n)
      CROSS JOIN LATERAL (
        SELECT index, leaf_hash AS hash FROM verification.log_leaf
        WHERE wanted.level = 0 AND log_id = $1 AND index >= wanted.first AND index < wanted.first + wanted.width
        UNION ALL
        SELECT index, hash FROM verification.log_node
        WHERE wanted.level > 0 AND log_id = $1 AND level = wanted.level
          AND index >= wanted.first AND index < wanted.first + wanted.width
      ) AS node
      ORDER BY wanted.n, node.index`,
    values: [
      logId,
      ranges.map(({ stored }) => stored),
      ranges.map(({ first }) => first),
      ranges.map(({ width }) => width),
    ],
  });
  const found = new Map<string, Uint8Array>();
  let at = 0;
  for (const [n, { width }] of ranges.entries()) {
    const hashes = rows.slice(at, at + width);
    if (hashes.length !== width || hashes.some((row) => Number(row.n) !== n + 1))
      throw new Error(`log ${logId} misses nodes`);
    at += width;
    const { level, index } = nodes[n]!;
    found.set(`${level}/${index}`, subtreeRoot(hashes.map(({ hash }) => hash)));
  }
  return (level, index) => {
    const hash = found.get(`${level}/${index}`);
    if (!hash) throw new Error(`node ${level}/${index} was not asked for`);
    return hash;
  };
}

/** Root hash of the first `size` leaves. */
export async function rootAt(db: Database, logId: number, size: number): Promise<Uint8Array> {
  return rootOf(size, await fetchNodes(db, logId, rootNodes(size)));
}

const checkpointColumns = 'size, signed_at AS "signedAt", root, note';
type CheckpointRow = Omit<StoredCheckpoint, 'size'> & { size: string };
const toCheckpoint = (row: CheckpointRow): StoredCheckpoint => ({ ...row, size: Number(row.size) });

export async function addCheckpoint(db: Database, logId: number, checkpoint: StoredCheckpoint): Promise<void> {
  await db.query(
    `INSERT INTO verification.log_checkpoint (log_id, size, signed_at, root, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [logId, checkpoint.size, checkpoint.signedAt, checkpoint.root, checkpoint.note],
  );
}

/** Largest and newest first, smaller than `before`. */
export async function listCheckpoints(
  db: Database,
  logId: number,
  limit: number,
  before: number | null = null,
): Promise<StoredCheckpoint[]> {
  const { rows } = await db.query<CheckpointRow>({
    name: 'log_checkpoints',
    text: `SELECT ${checkpointColumns} FROM verification.log_checkpoint
      WHERE log_id = $1 AND ($2::bigint IS NULL OR size < $2) ORDER BY size DESC, signed_at DESC LIMIT $3`,
    values: [logId, before, limit],
  });
  return rows.map(toCheckpoint);
}

export async function findCheckpoint(
  db: Database,
  logId: number,
  size?: number,
): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query<CheckpointRow>({
    name: 'log_checkpoint',
    text: `SELECT ${checkpointColumns} FROM verification.log_checkpoint
      WHERE log_id = $1 AND ($2::bigint IS NULL OR size = $2) ORDER BY size DESC, signed_at DESC LIMIT 1`,
    values: [logId, size ?? null],
  });
  return rows[0] && toCheckpoint(rows[0]);
}

/** The first one of a size, or the one that was signed at a time: it stays the same however often a log is signed anew. */
export async function findSigned(
  db: Database,
  logId: number,
  { size, at }: { size: number; at?: string | undefined },
): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query<CheckpointRow>({
    name: 'log_signed',
    text: `SELECT ${checkpointColumns} FROM verification.log_checkpoint
      WHERE log_id = $1 AND size = $2 AND ($3::timestamptz IS NULL OR signed_at = $3) ORDER BY signed_at LIMIT 1`,
    values: [logId, size, at ?? null],
  });
  return rows[0] && toCheckpoint(rows[0]);
}

/** The last checkpoint of a generation as the statement of the gap after it quotes it. */
export async function findNoteInGapAfter(db: Database, origin: string): Promise<string | undefined> {
  const { rows } = await db.query<{ note: string }>(
    'SELECT last_checkpoint AS note FROM verification.log_gap WHERE previous_origin = $1',
    [origin],
  );
  return rows[0]?.note;
}

/** Checkpoints with `from` < size ≤ `to`, smallest first. */
export async function checkpointsBetween(
  db: Database,
  logId: number,
  from: number,
  to: number,
): Promise<StoredCheckpoint[]> {
  const { rows } = await db.query<CheckpointRow>({
    name: 'log_checkpoints_between',
    text: `SELECT ${checkpointColumns} FROM verification.log_checkpoint
      WHERE log_id = $1 AND size > $2 AND size <= $3 ORDER BY size, signed_at`,
    values: [logId, from, to],
  });
  return rows.map(toCheckpoint);
}

/** The leaf of an event, of a look-up's last event, or with an index of the present log; only of this institution. */
export async function findLeaf(
  db: Database,
  institutionId: string,
  wanted: WantedLeaf,
): Promise<StoredLeaf | undefined> {
  if ('index' in wanted) {
    const log = await findLog(db, institutionId);
    return (
      log &&
      leafWhere(db, 'leaf_by_index', 'leaf.log_id = $2 AND leaf.index = $3', [institutionId, log.id, wanted.index])
    );
  }
  if ('eventId' in wanted) return leafWhere(db, 'leaf_by_event', 'leaf.event_id = $2', [institutionId, wanted.eventId]);
  const lastEvent = `leaf.event_id = (SELECT id FROM verification.access_event
    WHERE verification_id = $2 ORDER BY kind = 'REQUESTED', id DESC LIMIT 1)`;
  return leafWhere(db, 'leaf_by_look_up', lastEvent, [institutionId, wanted.verificationId]);
}

/** Whether an event is on record and has no index yet. */
export async function isWaiting(
  db: Database,
  institutionId: string,
  wanted: Exclude<WantedLeaf, { index: number }>,
): Promise<boolean> {
  const [column, id] = 'eventId' in wanted ? ['event_id', wanted.eventId] : ['verification_id', wanted.verificationId];
  const { rowCount } = await db.query(
    `SELECT 1 FROM verification.log_pending WHERE institution_id = $1 AND ${column} = $2 LIMIT 1`,
    [institutionId, id],
  );
  return rowCount === 1;
}

async function leafWhere(
  db: Database,
  name: string,
  condition: string,
  values: unknown[],
): Promise<StoredLeaf | undefined> {
  const { rows } = await db.query<{ logId: number; index: string; eventId: string; leafHash: Buffer }>({
    name,
    text: `SELECT leaf.log_id AS "logId", leaf.index, leaf.event_id AS "eventId", leaf.leaf_hash AS "leafHash"
      FROM verification.log_leaf AS leaf JOIN verification.log ON log.id = leaf.log_id
      WHERE log.institution_id = $1 AND ${condition}`,
    values,
  });
  const [row] = rows;
  return row && { ...row, index: Number(row.index) };
}

/** Lines of a bundle: the leaves as they are on record now, whatever was done to them. */
export async function readLeaves(
  db: Database,
  logId: number,
  from: number,
  to: number,
): Promise<{ index: number; hash: string; leaf: string | null }[]> {
  const { rows } = await db.query<{ index: string; hash: string; leaf: string | null }>({
    name: 'log_leaves',
    text: `
      SELECT log_leaf.index, encode(log_leaf.leaf_hash, 'base64') AS hash, CASE
        WHEN access.id IS NOT NULL THEN verification.access_leaf(access)
        WHEN reported.id IS NOT NULL THEN verification.reported_leaf(reported)
        WHEN gap.id IS NOT NULL THEN verification.gap_leaf(gap) END AS leaf
      FROM verification.log_leaf
      LEFT JOIN verification.access_event AS access
        ON access.verification_id = log_leaf.verification_id AND access.id = log_leaf.event_id
      LEFT JOIN verification.reported_event AS reported
        ON log_leaf.verification_id IS NULL AND reported.id = log_leaf.event_id
      LEFT JOIN verification.log_gap AS gap ON log_leaf.verification_id IS NULL AND gap.id = log_leaf.event_id
      WHERE log_leaf.log_id = $1 AND log_leaf.index >= $2 AND log_leaf.index < $3
      ORDER BY log_leaf.index`,
    values: [logId, from, to],
  });
  return rows.map((row) => ({ ...row, index: Number(row.index) }));
}
