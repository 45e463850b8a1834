import type { EntityManager } from 'typeorm';
import type { listOffices, RpcOutput } from '#contracts';
import { toPage } from './page.js';

type Page = RpcOutput<typeof listOffices>;

const mostOffices = 500;

/**
 * A version counts from its first day until the next one does, and not from the day on which the agreement was ended
 * (docs/report-format.md, quota).
 */
const offices = `
  WITH term AS (
    SELECT agreement.institution_id, greatest(version.valid_from, version.effective_from) AS first, least(
      version.valid_until,
      min(version.effective_from) OVER (
        PARTITION BY agreement.id ORDER BY version.version ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1,
      (agreement.terminated_at AT TIME ZONE 'Asia/Jakarta')::date - 1) AS last
    FROM access.agreement JOIN access.agreement_version AS version ON version.agreement_id = agreement.id)
  SELECT institution.id, name, region_code AS "regionCode", min(first)::text AS "validFrom", max(last)::text AS "validUntil",
    NOT EXISTS (SELECT FROM access.agreement WHERE institution_id = institution.id AND closed_at IS NULL) AS closed
  FROM access.institution JOIN term ON term.institution_id = institution.id AND first <= last
  WHERE kind = 'kecamatan' AND ($1::uuid IS NULL OR institution.id > $1)
  GROUP BY institution.id ORDER BY institution.id LIMIT $2`;

/** Kecamatan with an agreement that was, is or will be in force, by id. */
export async function pageOfOffices(manager: EntityManager, after: string | null): Promise<Page> {
  const rows = await manager.query<Page['offices']>(offices, [after, mostOffices + 1]);
  return toPage(rows, mostOffices, (page) => ({ offices: page }));
}
