import type { EntityManager } from 'typeorm';
import type { SessionInfo } from '#contracts';

type Known = Omit<SessionInfo, 'secondFactor' | 'recoveryCodesLeft' | 'expiresAt'> & { expiresAt: Date };

/** What a session tells its person, with how things stand with the second factor just now. */
export async function describeSession(manager: EntityManager, { expiresAt, ...known }: Known): Promise<SessionInfo> {
  const [standing] = await manager.query<Pick<SessionInfo, 'secondFactor' | 'recoveryCodesLeft'>[]>(
    `SELECT totp_confirmed_at IS NOT NULL AS "secondFactor",
       (SELECT count(*)::int FROM access.recovery_code AS code
        WHERE code.operator_id = account.operator_id AND used_at IS NULL) AS "recoveryCodesLeft"
     FROM access.account WHERE operator_id = $1`,
    [known.operator.id],
  );
  if (!standing) throw new Error('a session without an account');
  return { ...known, ...standing, expiresAt: expiresAt.toISOString() };
}
