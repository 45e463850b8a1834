import type { z } from 'zod';
import { NewOperator, OfficeHolderChange } from '#contracts';
import { Operator } from '../access/entities.js';
import { defineAct, refuseInvalid, type ActContext, type Issue } from '../administration/act.js';
import { addDays } from '../agreements/agreement-state.js';
import type { SealingKey } from '#service/keys/sealing-key';
import { endSessionsOf } from '../sessions/end-sessions.js';
import { getOperator, operatorDetail, operatorState, requireNotGone } from './operator-detail.js';
import { createOperatorRow, withoutNik } from './operator-row.js';

const Change = OfficeHolderChange.omit({ reason: true });
type Change = z.infer<typeof Change>;

/** Acts that bring somebody in: the official's own NIK is sealed on the way. */
export function makeOperatorActs(sealing: SealingKey) {
  const createOperator = defineAct({
    name: 'operator.create',
    input: NewOperator.omit({ reason: true }),
    async perform({ operator }, context) {
      const id = await createOperatorRow(context, operator, { sealing });
      const result = await operatorDetail(context, id);
      const after = { ...withoutNik(operator), username: result.account?.username };
      return { subject: { type: 'operator', id }, before: null, after, result };
    },
  });

  /** O-22: the leaver's access ends as the successor's begins. */
  const changeOfficeHolder = defineAct({
    name: 'operator.change-office-holder',
    input: Change,
    async perform(change, context) {
      const leaver = await getOperator(context, change.leaver);
      requireNotGone(leaver, context.today, 'leaver');
      refuseInvalid(faultsOfChange(change, leaver, context.today));
      const { successor, from, letterNumber, letterDate, documentSha256 } = change;
      await dismiss(context, leaver, change);
      const successorId = await createOperatorRow(
        context,
        { ...successor, activeFrom: from },
        { sealing, path: 'successor' },
      );
      return {
        subject: { type: 'operator', id: leaver.id },
        before: { leaver: leaver.id, activeUntil: leaver.activeUntil },
        after: { leaver: leaver.id, successor: successorId, from, letterNumber, letterDate, documentSha256 },
        result: {
          leaver: await operatorDetail(context, leaver.id),
          successor: await operatorDetail(context, successorId),
        },
      };
    },
  });

  return { createOperator, changeOfficeHolder };
}

function faultsOfChange({ successor, from, letterDate }: Change, leaver: Operator, today: string): Issue[] {
  const faults: Issue[] = [];
  const fault = (path: string, message: string) => faults.push({ path, message });
  if (successor.role !== leaver.role)
    fault('successor.role', `Pengganti harus berperan sama dengan yang diganti: ${leaver.role}.`);
  if (successor.activeUntil !== undefined && successor.activeUntil < from)
    fault('successor.activeUntil', 'Tanggal selesai pengganti tidak boleh sebelum hari pertamanya.');
  if (operatorState(leaver, today) === 'not-started' && from <= leaver.activeFrom)
    fault('from', `Pejabat lama baru mulai ${leaver.activeFrom}. Pilih tanggal sesudahnya.`);
  if (letterDate > today) fault('letterDate', 'Tanggal surat belum tiba. Periksa tanggal pada surat.');
  return faults;
}

/** From a later day on by the calendar, otherwise at once. */
async function dismiss(
  { manager, actor, today, now }: ActContext,
  leaver: Operator,
  { from, letterNumber }: Change,
): Promise<void> {
  const { id } = leaver;
  if (from > today) {
    const last = addDays(from, -1);
    // a last day that comes earlier stays
    const activeUntil = leaver.activeUntil !== null && leaver.activeUntil < last ? leaver.activeUntil : last;
    await manager.update(Operator, { id }, { activeUntil });
    return;
  }
  const revocationReason = `Pergantian pejabat, surat ${letterNumber}`;
  await manager.update(Operator, { id }, { activeUntil: today, revokedAt: now, revocationReason });
  await endSessionsOf(manager, id, 'revoked', { actor });
}
