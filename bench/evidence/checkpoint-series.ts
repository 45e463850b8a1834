import type pg from 'pg';
import { Frontier, signCheckpoint, toBase64, type CheckpointSigner } from '#evidence';
import type { LogDatabase } from './log-database.js';

/** Leaves of one read. */
const page = 10_000;

/** What is known of the log without asking it: every leaf hash, and the root at every checkpoint, grown from them here. */
export interface KnownLog {
  institutionId: string;
  /** In its database. */
  logId: number;
  origin: string;
  size: number;
  leafHash: (index: number) => Uint8Array;
  /** Sizes of all checkpoints, smallest first. */
  sizes: number[];
  roots: Map<number, Uint8Array>;
}

/**
 * Gives a log that was sequenced in one go the checkpoints that it would have had: one after every `every` leaves, dated when
 * its last event was a second old. The tree is grown leaf by leaf, with none of the stored nodes.
 *
 * @throws when a leaf has not the hash of its event
 */
export async function addCheckpointSeries(
  database: LogDatabase,
  institutionId: string,
  every: number,
  signer: CheckpointSigner,
): Promise<KnownLog> {
  return database.asSuperuser(async (client) => {
    const { logId, origin, size } = await findLog(client, institutionId);
    const frontier = new Frontier();
    const roots = new Map<number, Uint8Array>();
    const hashes = Buffer.alloc(size * 32);
    let latest = 0;
    for (let from = 0; from < size; from += page) {
      const made: { size: number; seconds: number; root: Uint8Array; note: string }[] = [];
      for (const { hash, at } of await readLeaves(client, logId, from)) {
        hash.copy(hashes, frontier.size * 32);
        frontier.append(hash);
        latest = Math.max(latest, at);
        if (frontier.size % every !== 0 && frontier.size !== size) continue;
        const root = frontier.root();
        roots.set(frontier.size, root);
        // the last one is the sequencer's own
        if (frontier.size === size) break;
        const seconds = Math.ceil(latest) + 1;
        const note = signCheckpoint({ origin, size: frontier.size, root }, seconds, signer);
        made.push({ size: frontier.size, seconds, root, note });
      }
      await client.query(
        `INSERT INTO verification.log_checkpoint (log_id, size, signed_at, root, note)
         SELECT $1, size, to_timestamp(seconds), decode(root, 'base64'), note
         FROM jsonb_to_recordset($2) AS made(size bigint, seconds bigint, root text, note text)`,
        [logId, JSON.stringify(made.map((one) => ({ ...one, root: toBase64(one.root) })))],
      );
    }
    return {
      institutionId,
      logId,
      origin,
      size,
      leafHash: (index) => hashes.subarray(index * 32, (index + 1) * 32),
      sizes: [...roots.keys()],
      roots,
    };
  });
}

async function findLog(client: pg.Client, institutionId: string) {
  const { rows } = await client.query<{ logId: number; origin: string; size: number }>(
    `SELECT id AS "logId", origin, (SELECT count(*)::int FROM verification.log_leaf WHERE log_id = id) AS size
     FROM verification.log WHERE institution_id = $1`,
    [institutionId],
  );
  if (!rows[0]) throw new Error('there is no log');
  return rows[0];
}

async function readLeaves(client: pg.Client, logId: number, from: number): Promise<{ hash: Buffer; at: number }[]> {
  const { rows } = await client.query<{ hash: Buffer; at: string; isSame: boolean }>({
    name: 'bench_leaves',
    text: `SELECT leaf_hash AS hash, extract(epoch FROM at) AS at,
         leaf_hash = verification.leaf_hash(verification.access_leaf(event)) AS "isSame"
       FROM verification.log_leaf AS leaf JOIN verification.access_event AS event
         ON event.verification_id = leaf.verification_id AND event.id = leaf.event_id
       WHERE log_id = $1 AND index >= $2 AND index < $2 + ${page} ORDER BY index`,
    values: [logId, from],
  });
  if (!rows.every(({ isSame }) => isSame)) throw new Error('a leaf has not the hash of its event');
  return rows.map(({ hash, at }) => ({ hash, at: Number(at) }));
}
