import { z } from 'zod';
import { plainText, type ActivationCode, type Role } from '#contracts';
import { AppError } from '#service';
import { Operator } from '../access/entities.js';
import { conflict, defineAct } from '../administration/act.js';
import type { AdminActor } from '../administration/admin-record.js';
import { issueActivationCode as issueCode } from '../sessions/activation.js';
import { endSessionsOf } from '../sessions/end-sessions.js';
import { Account } from '../sessions/entities.js';
import { getOperator, operatorDetail, requireNotGone } from './operator-detail.js';
import { freeUsername } from './operator-row.js';

const operatorId = z.string();

/** Whose access each role may take away. */
const revokes: Record<Role, readonly Role[]> = {
  operator: [],
  admin: ['operator', 'admin'],
  camat: ['operator', 'admin', 'camat'],
  evaluator: ['operator', 'admin', 'camat', 'evaluator'],
};

/** Who gives each role its activation code: whoever has the code has the account, so nobody opens one above the own. */
const issuers: Record<Role, readonly Role[]> = {
  operator: ['admin'],
  admin: ['camat', 'evaluator'],
  camat: ['evaluator'],
  evaluator: ['evaluator'],
};

const isOneself = (actor: AdminActor, id: string) => actor.kind === 'person' && actor.operatorId === id;

/** @throws {AppError} ROLE_NOT_ALLOWED: nobody ends the access of somebody above */
export function requireMayEnd(actor: AdminActor, role: Role): void {
  if (actor.kind === 'person' && !revokes[actor.role].includes(role)) throw new AppError('ROLE_NOT_ALLOWED');
}

export const revokeOperator = defineAct({
  name: 'operator.revoke',
  // the reason goes with the row as well: it is shown where the person is shown
  input: z.strictObject({ operatorId, why: plainText(500) }),
  async perform({ operatorId: id, why }, context) {
    const { manager, actor, now } = context;
    const operator = await getOperator(context, id);
    if (isOneself(actor, id)) throw conflict('Akses sendiri tidak dapat dicabut. Minta orang lain.', 'operatorId');
    requireMayEnd(actor, operator.role);
    if (operator.revokedAt) throw conflict('Akses orang ini sudah dicabut.', 'operatorId');
    await manager.update(Operator, { id }, { revokedAt: now, revocationReason: why });
    const sessionsEnded = await endSessionsOf(manager, id, 'revoked', { actor });
    return {
      subject: { type: 'operator', id },
      before: { revokedAt: null },
      after: { revokedAt: now.toISOString(), revocationReason: why, sessionsEnded },
      result: await operatorDetail(context, id),
    };
  },
});

export const issueActivationCode = defineAct({
  name: 'operator.issue-activation-code',
  input: z.strictObject({ operatorId }),
  async perform({ operatorId: id }, context) {
    const { manager, actor, today } = context;
    const operator = await getOperator(context, id);
    if (isOneself(actor, id)) throw new AppError('SECOND_PERSON_REQUIRED');
    if (actor.kind === 'person' && !issuers[operator.role].includes(actor.role)) throw new AppError('ROLE_NOT_ALLOWED');
    requireNotGone(operator, today);
    const account = await manager.findOneBy(Account, { operatorId: id });
    const name = account?.username ?? (await freeUsername(context, operator.userIdLokal));
    const { username, activationCode, expiresAt } = await issueCode(manager, id, name);
    const result: ActivationCode = { username, activationCode, expiresAt: expiresAt.toISOString() };
    return {
      subject: { type: 'operator', id },
      before: null,
      after: { username, expiresAt: result.expiresAt },
      result,
    };
  },
});

export const endOperatorSessions = defineAct({
  name: 'operator.end-sessions',
  input: z.strictObject({ operatorId }),
  async perform({ operatorId: id }, context) {
    const { manager, actor } = context;
    await getOperator(context, id);
    const sessionsEnded = await endSessionsOf(manager, id, 'ended-by-office', { actor });
    return {
      subject: { type: 'operator', id },
      before: null,
      after: { sessionsEnded },
      result: await operatorDetail(context, id),
    };
  },
});
