import type { EntityManager } from 'typeorm';
import type { AdminActor } from '../administration/admin-record.js';
import type { Particulars } from './particulars.js';

/** An act that the evidence log does not have yet. */
export interface Waiting extends Particulars {
  id: string;
  /** As evidence writes it: UTC, microseconds. */
  at: string;
  institutionId: string;
  subjectId: string;
  actorKind: AdminActor['kind'];
  actorId: string | null;
  salt: Buffer;
}

/** Counting stops here: a backlog of more is one that somebody has to look at anyway. */
const mostCounted = 10_000;

/** The oldest, which no other gateway gets for as long as the transaction is open. */
export async function claim(manager: EntityManager, most: number, butNot: readonly string[]): Promise<Waiting[]> {
  return manager.query<Waiting[]>(
    `SELECT event.id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       institution_id AS "institutionId", act, subject_type AS "subjectType", subject_id AS "subjectId",
       actor_kind AS "actorKind", actor_id AS "actorId", actor_role AS "actorRole", proposal_id AS "proposalId",
       before, after, reason, salt
     FROM access.claim_for_evidence($1, $2) AS claimed (id) JOIN access.admin_event AS event USING (id) ORDER BY event.id`,
    [most, butNot],
  );
}

export async function remove(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query('DELETE FROM access.evidence_outbox WHERE admin_event_id = ANY ($1)', [ids]);
}

export async function countWaiting(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM (SELECT FROM access.evidence_outbox LIMIT $1) AS waiting',
    [mostCounted],
  );
  return row?.count ?? 0;
}

/** Which of these are still there. */
export async function findWaiting(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(
    'SELECT admin_event_id AS id FROM access.evidence_outbox WHERE admin_event_id = ANY ($1)',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
