import type { EntityManager } from 'typeorm';
import type { RecordName, Role } from '#contracts';
import { AdminEvent } from './entities.js';

/** Who acts: a person with a session, somebody at the machine itself, or the system by the calendar. */
export type AdminActor =
  | { kind: 'person'; operatorId: string; role: Role; institutionId: string }
  | { kind: 'command-line' }
  | { kind: 'system' };

export type Json = Record<string, unknown>;

export interface AdminEntry {
  institutionId: string;
  act: RecordName;
  subject: { type: string; id: string };
  actor: AdminActor;
  proposalId?: string | null;
  before?: Json | null;
  after?: Json | null;
  reason?: string | null;
}

/** The schema's clock: what tests set and production leaves alone. */
export async function clockOf(manager: EntityManager): Promise<{ now: Date; today: string }> {
  const rows = await manager.query<{ now: Date; today: string }[]>(
    'SELECT access.clock() AS now, access.jakarta_today()::text AS today',
  );
  const [row] = rows;
  if (!row) throw new Error('the clock always answers');
  return row;
}

/**
 * Puts one act on record, in the transaction that does it: nothing is done that is not on record (O-21). The database queues it
 * for the evidence log by itself.
 */
export async function record(manager: EntityManager, entry: AdminEntry): Promise<string> {
  const { actor } = entry;
  const { now } = await clockOf(manager);
  const { identifiers } = await manager.insert(AdminEvent, {
    at: now,
    institutionId: entry.institutionId,
    act: entry.act,
    subjectType: entry.subject.type,
    subjectId: entry.subject.id,
    actorKind: actor.kind,
    actorId: actor.kind === 'person' ? actor.operatorId : null,
    actorRole: actor.kind === 'person' ? actor.role : null,
    proposalId: entry.proposalId ?? null,
    before: (entry.before ?? null) as never,
    after: (entry.after ?? null) as never,
    reason: entry.reason ?? null,
  });
  return (identifiers[0] as { id: string }).id;
}
