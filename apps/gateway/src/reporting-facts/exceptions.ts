import type { EntityManager } from 'typeorm';
import type { listExceptions, Register, RpcInput, RpcOutput } from '#contracts';
import { toPage } from './page.js';

type Row = Omit<Register['exceptions'][number], 'requestedAt'> & { id: string; requestedAt: Date };

const mostExceptions = 1_000;

const exceptions = `
  SELECT id, requested_at AS "requestedAt", reason, decision FROM access.reader_exception
  WHERE institution_id = $1 AND requested_at >= $2::date::timestamp AT TIME ZONE 'Asia/Jakarta'
    AND requested_at < ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
    AND ($4::uuid IS NULL OR (requested_at, id) > (SELECT requested_at, id FROM access.reader_exception WHERE id = $4))
  ORDER BY requested_at, id LIMIT $5`;

/** Those of an office that were requested on these days in Asia/Jakarta, oldest first, without the case and the people. */
export async function pageOfExceptions(
  manager: EntityManager,
  { institutionId, from, until, after }: RpcInput<typeof listExceptions>,
): Promise<RpcOutput<typeof listExceptions>> {
  const values = [institutionId, from, until, after, mostExceptions + 1];
  const rows = await manager.query<Row[]>(exceptions, values);
  return toPage(rows, mostExceptions, (page) => ({
    exceptions: page.map(({ requestedAt, reason, decision }) => ({
      requestedAt: requestedAt.toISOString(),
      reason,
      decision,
    })),
  }));
}
