import type { EntityManager } from 'typeorm';
import type { Register } from '#contracts';

type Change = Register['officeHolderChanges'][number];

const mostChanges = 20;

/**
 * Acts by which an office-holder changed (O-22): as one, with its letter, or in parts, a Camat who is taken away, comes back or comes
 * after another one. The first Camat of an office is no change.
 */
const changes = `
  SELECT id, at, act, after ->> 'letterNumber' AS "letterNumber" FROM access.admin_event AS event
  WHERE institution_id = $1 AND (act = 'operator.change-office-holder'
    OR act IN ('operator.create', 'operator.revoke', 'operator.reactivate') AND EXISTS (
      SELECT FROM access.operator AS camat
      WHERE camat.id::text = event.subject_id AND camat.role = 'camat' AND (act <> 'operator.create' OR EXISTS (
        SELECT FROM access.operator AS earlier
        WHERE earlier.institution_id = $1 AND earlier.role = 'camat' AND earlier.id < camat.id))))
  ORDER BY event.id DESC LIMIT $2`;

/** Newest first. */
export async function officeHolderChanges(manager: EntityManager, institutionId: string): Promise<Change[]> {
  const rows = await manager.query<(Omit<Change, 'at'> & { at: Date })[]>(changes, [institutionId, mostChanges]);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
