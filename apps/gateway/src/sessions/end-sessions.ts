import type { EntityManager } from 'typeorm';
import { record, type AdminActor } from '../administration/admin-record.js';

interface Ending {
  /** Who does it; by default the system, as a consequence of what is on record besides. */
  actor?: AdminActor;
  /** These ids and no others. */
  only?: readonly string[];
  /** All but this one. */
  except?: string;
}

/**
 * Ends the open sessions of a person, each on record, in the caller's transaction. It takes effect everywhere within a second (O-19).
 *
 * @param reason a word for the record, such as `logged-out`
 * @returns how many there were
 */
export async function endSessionsOf(
  manager: EntityManager,
  operatorId: string,
  reason: string,
  { actor = { kind: 'system' }, only, except }: Ending = {},
): Promise<number> {
  const ended = await manager.query<{ id: string; institutionId: string }[]>(
    `WITH ended AS (
       UPDATE access.session SET ended_at = access.clock(), end_reason = $2
       WHERE operator_id = $1 AND ended_at IS NULL AND expires_at > access.clock()
         AND ($3::uuid[] IS NULL OR id = ANY ($3)) AND ($4::uuid IS NULL OR id <> $4)
       RETURNING id, operator_id, created_at)
     SELECT ended.id, operator.institution_id AS "institutionId"
     FROM ended JOIN access.operator ON operator.id = ended.operator_id ORDER BY ended.created_at`,
    [operatorId, reason, only ?? null, except ?? null],
  );
  for (const { id, institutionId } of ended)
    await record(manager, {
      institutionId,
      act: 'session.end',
      subject: { type: 'session', id },
      actor,
      reason,
    });
  return ended.length;
}
