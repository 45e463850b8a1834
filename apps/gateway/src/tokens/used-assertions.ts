import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { AppError } from '#service';
import type { VerifiedAssertion } from './client-assertion.js';

/** RFC 7523 3 (7): an assertion counts once, at whichever gateway. */
export class UsedAssertions {
  constructor(private readonly pool: Pool) {}

  /**
   * @returns false when it was spent before; of several at once exactly one gets true
   * @throws {AppError} SERVICE_UNAVAILABLE when that cannot be written down: what may have been used is refused
   */
  async spend(clientId: string, { jti, expiresAt }: VerifiedAssertion): Promise<boolean> {
    try {
      const { rowCount } = await this.pool.query({
        name: 'spend_assertion',
        text: `
          INSERT INTO access.used_assertion (client_id, jti_sha256, expires_at) VALUES ($1, $2, $3)
          ON CONFLICT DO NOTHING`,
        values: [clientId, createHash('sha256').update(jti).digest(), expiresAt],
      });
      return rowCount === 1;
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }
}

/**
 * Forgets assertions that are refused for their age alone. For housekeeping, every few minutes.
 *
 * @returns how many
 */
export async function pruneAssertions(pool: Pool): Promise<number> {
  // the hour is for gateways whose clock is behind the database's
  const { rowCount } = await pool.query(
    "DELETE FROM access.used_assertion WHERE expires_at < access.clock() - interval '1 hour'",
  );
  return rowCount ?? 0;
}
