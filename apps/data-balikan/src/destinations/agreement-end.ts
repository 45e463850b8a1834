import type { ClientBase } from 'pg';

/** Uploaded files and their marked-up copies; what was being checked ends, and a checker that has it finds that out by the fence. */
export async function eraseFiles(client: ClientBase, institutionId: string, agreementId: string): Promise<void> {
  const of = [institutionId, agreementId];
  await client.query(
    `UPDATE balikan.batch SET chunks = 0, result_chunks = 0, held_until = NULL, attempt = attempt + 1,
       state = CASE WHEN state IN ('RECEIVING', 'QUEUED', 'CHECKING', 'HELD') THEN 'CANCELLED' ELSE state END,
       finished_at = coalesce(finished_at, balikan.clock())
     WHERE institution_id = $1 AND agreement_id = $2`,
    of,
  );
  await client.query(
    `DELETE FROM balikan.batch_chunk WHERE batch_id IN (
       SELECT id FROM balikan.batch WHERE institution_id = $1 AND agreement_id = $2)`,
    of,
  );
}

/** Records that have not reached their recipient, and whose NIK cannot be opened any more without the keys. */
export async function undelivered(client: ClientBase, institutionId: string, agreementId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM balikan.record
     WHERE institution_id = $1 AND agreement_id = $2 AND state NOT IN ('DELIVERED', 'HANDED_OVER')`,
    [institutionId, agreementId],
  );
  return rows[0]?.count ?? 0;
}
