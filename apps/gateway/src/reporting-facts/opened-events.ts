import { In, type EntityManager } from 'typeorm';
import type { OpenedEvent } from '#contracts';
import { takeFitting } from '#service';
import { AdminEvent } from '../administration/entities.js';
import { contentOf } from '../evidence-report/particulars.js';
import { contentOfOffline, contentOfRead } from '../readers/read-content.js';

interface ReadRow {
  id: string;
  salt: Buffer;
  content: Record<string, unknown>;
}

const readEvents = `
  SELECT id, salt, ${contentOfRead} AS content FROM access.reader_read
  WHERE id = ANY ($2::uuid[]) AND institution_id = $1 AND ended_at IS NOT NULL
  UNION ALL
  SELECT id, salt, ${contentOfOffline} FROM access.reader_offline WHERE id = ANY ($2::uuid[]) AND institution_id = $1`;

/**
 * Particulars of what the gateway reported of an institution, in the order of the ids, exactly as they were hashed.
 *
 * @returns as many as fit one message; `left` are those that do not
 */
export async function openEvents(
  manager: EntityManager,
  institutionId: string,
  ids: string[],
): Promise<{ events: OpenedEvent[]; left: string[] }> {
  const acts = await manager.findBy(AdminEvent, { id: In(ids), institutionId });
  const reads = await manager.query<ReadRow[]>(readEvents, [institutionId, ids]);
  const found = new Map<string, OpenedEvent>();
  for (const act of acts) found.set(act.id, opened(act.id, act.salt, contentOf(act)));
  for (const { id, salt, content } of reads) found.set(id, opened(id, salt, content));
  const all = [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
  const events = takeFitting(all);
  return { events, left: all.slice(events.length).map(({ id }) => id) };
}

const opened = (id: string, salt: Buffer, content: Record<string, unknown>): OpenedEvent => ({
  id,
  salt: salt.toString('base64'),
  content,
});
