import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { NewNda, OperatorReactivation, OperatorUpdate, type Role } from '#contracts';
import { Nda, Operator } from '../access/entities.js';
import { conflict, defineAct, refuseInvalid, type ActContext } from '../administration/act.js';
import { endSessionsOf } from '../sessions/end-sessions.js';
import { Account, RecoveryCode } from '../sessions/entities.js';
import { findNda, getOperator, isGone, operatorDetail, requireNotGone } from './operator-detail.js';
import { requireMayEnd } from './operator-access-acts.js';
import { faultsOfNda } from './operator-row.js';

export { makeOperatorActs } from './office-holder-acts.js';
export { endOperatorSessions, issueActivationCode, revokeOperator } from './operator-access-acts.js';
export { createOperatorRow } from './operator-row.js';

const operatorId = z.string();
const untilBeforeFrom = {
  path: 'activeUntil',
  message: 'Tanggal selesai tidak boleh sebelum tanggal mulai. Pilih tanggal yang lebih akhir.',
};

export const updateOperator = defineAct({
  name: 'operator.update',
  input: OperatorUpdate.omit({ reason: true }).extend({ operatorId }),
  async perform({ operatorId: id, ...named }, context) {
    const operator = await getOperator(context, id);
    const [before, after] = changesOf(operator, named);
    const activeUntil = named.activeUntil === undefined ? operator.activeUntil : named.activeUntil;
    if (activeUntil !== null && activeUntil < operator.activeFrom) refuseInvalid([untilBeforeFrom]);
    // to bring somebody back takes two people: a later last day must not do it
    if ('activeUntil' in after) {
      requireNotGone(operator, context.today, 'activeUntil');
      requireMayEnd(context.actor, operator.role);
    }
    if (Object.keys(after).length > 0) await context.manager.update(Operator, { id }, after);
    return { subject: { type: 'operator', id }, before, after, result: await operatorDetail(context, id) };
  },
});

type Values = Record<string, unknown>;

/** What is named and differs, as it was and as it will be. */
function changesOf(operator: Operator, named: Values): [before: Values, after: Values] {
  const known = operator as unknown as Values;
  const changed = Object.entries(named).filter(
    ([key, value]) => value !== undefined && !isDeepStrictEqual(value, known[key]),
  );
  return [Object.fromEntries(changed.map(([key]) => [key, known[key]])), Object.fromEntries(changed)];
}

export const recordNda = defineAct({
  name: 'operator.record-nda',
  input: NewNda.omit({ reason: true }).extend({ operatorId }),
  async perform({ operatorId: id, nda }, context) {
    const { manager, now, today } = context;
    const operator = await getOperator(context, id);
    requireNotGone(operator, today);
    refuseInvalid(faultsOfNda(context, nda, 'nda'));
    const last = await findNda(manager, operator);
    await manager.insert(Nda, { operatorId: id, assignment: operator.assignment, ...nda, recordedAt: now });
    return {
      subject: { type: 'operator', id },
      before: last && { number: last.number, signedOn: last.signedOn },
      after: { assignment: operator.assignment, ...nda },
      result: await operatorDetail(context, id),
    };
  },
});

/** A new assignment: NDA, password and second factor of the one before count no more (O-17). */
export const reactivateOperator = defineAct({
  name: 'operator.reactivate',
  input: OperatorReactivation.omit({ reason: true }).extend({ operatorId }),
  async approvers(): Promise<Role[]> {
    return ['camat', 'evaluator'];
  },
  async perform({ operatorId: id, activeFrom, activeUntil = null }, context) {
    const { manager, today } = context;
    const operator = await getOperator(context, id);
    if (!isGone(operator, today))
      throw conflict('Orang ini masih bertugas. Ubah datanya tanpa pengaktifan kembali.', 'operatorId');
    if (activeUntil !== null && activeUntil < activeFrom) refuseInvalid([untilBeforeFrom]);
    const after = { assignment: operator.assignment + 1, activeFrom, activeUntil };
    await manager.update(Operator, { id }, { ...after, revokedAt: null, revocationReason: null });
    await clearAccount(context, id);
    return {
      subject: { type: 'operator', id },
      before: {
        assignment: operator.assignment,
        activeFrom: operator.activeFrom,
        activeUntil: operator.activeUntil,
        revokedAt: operator.revokedAt?.toISOString() ?? null,
        revocationReason: operator.revocationReason,
      },
      after,
      result: await operatorDetail(context, id),
    };
  },
});

/** Nothing that opened the account before opens it again: it takes a new activation code. */
async function clearAccount({ manager, actor }: ActContext, id: string): Promise<void> {
  await manager.update(
    Account,
    { operatorId: id },
    {
      passwordHash: null,
      passwordChangedAt: null,
      totpSealed: null,
      totpConfirmedAt: null,
      totpLastStep: null,
      activationSha256: null,
      activationExpiresAt: null,
    },
  );
  await manager.delete(RecoveryCode, { operatorId: id });
  // of somebody whose last day has passed, one may still be open
  await endSessionsOf(manager, id, 'reactivated', { actor });
}
