import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Pool } from 'pg';

/** Clocks of gateways, and the time that an answer takes. */
const leewayS = 5;

export interface IssuedPermit {
  permit: string;
  readerId: string;
  jti: string;
  agreementVersionId: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

const sha256Of = (permit: string): Buffer => createHash('sha256').update(permit).digest();

/** Permits on record: a check without a line may be handed in weeks later, when the key that signed its permit is deleted. */
export class IssuedPermits {
  constructor(private readonly pool: Pool) {}

  /** Before it is given out. */
  async keep({ permit, readerId, jti, agreementVersionId, iat, exp }: IssuedPermit): Promise<void> {
    await this.pool.query({
      name: 'keep_permit',
      text: `
        INSERT INTO access.reader_permit (reader_id, jti, agreement_version_id, sha256, issued_at, expires_at)
        VALUES ($1, $2, $3, $4, to_timestamp($5), to_timestamp($6))`,
      values: [readerId, jti, agreementVersionId, sha256Of(permit), iat, exp],
    });
  }

  /** That very permit, when it was given to this reader and good at that time; undefined for any other. */
  async find(permit: string, readerId: string, at: Date): Promise<{ agreementVersionId: string } | undefined> {
    const jti = jtiOf(permit);
    if (jti === undefined) return undefined;
    const { rows } = await this.pool.query<{ agreementVersionId: string }>({
      name: 'find_permit',
      text: `
        SELECT agreement_version_id AS "agreementVersionId" FROM access.reader_permit
        WHERE reader_id = $1 AND jti::text = $2 AND sha256 = $3
          AND $4 BETWEEN issued_at - make_interval(secs => $5) AND expires_at + make_interval(secs => $5)`,
      values: [readerId, jti, sha256Of(permit), at, leewayS],
    });
    return rows[0];
  }
}

function jtiOf(permit: string): string | undefined {
  try {
    const { jti } = decodeJwt(permit);
    return typeof jti === 'string' ? jti : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Forgets those that nobody hands in any more: of a year ago, and of readers that are revoked. For housekeeping.
 *
 * @returns how many
 */
export async function prunePermits(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(`
    DELETE FROM access.reader_permit WHERE expires_at < access.clock() - interval '1 year'
      OR reader_id IN (SELECT id FROM access.reader WHERE revoked_at IS NOT NULL)`);
  return rowCount ?? 0;
}
