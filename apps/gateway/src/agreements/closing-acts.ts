import { z } from 'zod';
import {
  closingStepNames,
  destroyAgreementKeys,
  destroyBalikanKeys,
  getDelivery,
  recordableClosingSteps,
  type AgreementDetail,
  type ClosingStepName,
  type Role,
} from '#contracts';
import { AppError, type RpcClient } from '#service';
import { Agreement, Operator } from '../access/entities.js';
import { conflict, defineAct, refuseInvalid, type Act, type ActContext } from '../administration/act.js';
import { ClosingStep } from '../administration/entities.js';
import { samsNotReturned } from '../readers/sams-at-closing.js';
import { detailOf } from './agreement-acts.js';
import { getAgreementFile, stateOf, type AgreementFile } from './agreement-detail.js';

const destroyDeadlineMs = 8_000;
const countDeadlineMs = 5_000;

const stepNames: Record<ClosingStepName, string> = {
  DATA_BALIKAN_DELIVERED: 'Data balikan yang terutang diserahkan',
  SAM_RETURNED: 'Berkas konfigurasi SAM dikembalikan',
  FINAL_REPORT: 'Laporan akhir diserahkan',
  KEYS_DESTROYED: 'Kunci dimusnahkan',
};

function requireClosing(file: AgreementFile, today: string): void {
  const { state } = stateOf(file, today);
  if (state === 'closed') throw new AppError('AGREEMENT_CLOSED');
  if (state !== 'closing') throw conflict('Perjanjian ini belum dalam masa penutupan.', 'agreementId');
}

export const recordClosingStep = defineAct({
  name: 'agreement.record-closing-step',
  input: z.strictObject({
    agreementId: z.string(),
    step: z.enum(recordableClosingSteps),
    applicable: z.boolean(),
    receiptNumber: z.string().optional(),
    doneOn: z.string().optional(),
    note: z.string().optional(),
  }),
  async perform({ agreementId, step, applicable, receiptNumber, doneOn, note }, context) {
    const { manager, institution, today, now } = context;
    const file = await getAgreementFile(manager, institution.id, agreementId);
    requireClosing(file, today);
    if (doneOn !== undefined && doneOn > today)
      refuseInvalid([{ path: 'doneOn', message: 'Tanggal serah terima belum tiba.' }]);
    const before = file.steps.find((one) => one.step === step);
    const after = {
      applicable,
      receiptNumber: applicable ? (receiptNumber ?? null) : null,
      doneOn: applicable ? (doneOn ?? null) : null,
      note: note ?? null,
    };
    await manager.upsert(ClosingStep, { agreementId, step, ...after, recordedAt: now }, ['agreementId', 'step']);
    return {
      subject: { type: 'agreement', id: agreementId },
      before: before
        ? {
            step,
            applicable: before.applicable,
            receiptNumber: before.receiptNumber,
            doneOn: before.doneOn,
            note: before.note,
          }
        : null,
      after: { step, ...after },
      result: await detailOf(context, agreementId),
    };
  },
});

/**
 * The end for good (O-15, O-18): keys are destroyed, so that nobody in the evidence can be recognised and nobody gets in.
 * The keys go first; if the commit after them fails, the act is repeated and finds them gone.
 */
export const makeCloseAgreement = (bus: Pick<RpcClient, 'call'>): Act<{ agreementId: string }, AgreementDetail> =>
  defineAct({
    name: 'agreement.close',
    input: z.strictObject({ agreementId: z.string() }),
    approvers: async (): Promise<Role[]> => ['camat', 'evaluator'],
    async perform({ agreementId }, context) {
      const { manager, institution, today, now, checkOnly } = context;
      const file = await getAgreementFile(manager, institution.id, agreementId);
      requireClosing(file, today);
      requireSteps(file);
      await requireSams(context, file);
      const ids = { institutionId: institution.id, agreementId };
      const undelivered = await countUndelivered(bus, ids);
      requireDelivery(file, undelivered);
      const destroyedKeyIds = checkOnly ? [] : await destroyKeys(bus, ids);
      await manager.insert(ClosingStep, {
        agreementId,
        step: 'KEYS_DESTROYED',
        applicable: true,
        doneOn: today,
        note: destroyedKeyIds.join(', ') || null,
        recordedAt: now,
      });
      await manager.update(Agreement, { id: agreementId }, { closedAt: now });
      await forgetNiks(context);
      return {
        subject: { type: 'agreement', id: agreementId },
        before: { state: 'closing' },
        after: { state: 'closed', destroyedKeyIds, ...(undelivered > 0 ? { undelivered } : {}) },
        result: await detailOf(context, agreementId),
      };
    },
  });

interface Ids {
  institutionId: string;
  agreementId: string;
}

/**
 * Of both services that keep something sealed: their keys have the same names, so those of data-balikan say whose they are.
 * Either may be repeated, so a fault between them leaves nothing undone for good.
 */
async function destroyKeys(bus: Pick<RpcClient, 'call'>, ids: Ids): Promise<string[]> {
  const ofBalikan = await bus.call(destroyBalikanKeys, ids, { deadlineMs: destroyDeadlineMs });
  const ofVerification = await bus.call(destroyAgreementKeys, ids, { deadlineMs: destroyDeadlineMs });
  return [...ofVerification.destroyedKeyIds, ...ofBalikan.destroyedKeyIds.map((id) => `data-balikan/${id}`)];
}

/** Data balikan that were taken under the agreement and have not reached the recipient. */
async function countUndelivered(bus: Pick<RpcClient, 'call'>, ids: Ids): Promise<number> {
  const { waiting, dead, packed } = await bus.call(getDelivery, ids, { deadlineMs: countDeadlineMs });
  return waiting + dead + packed;
}

/** With the keys their NIKs go: what is not delivered by then never will be (O-07), so somebody has to say why. */
function requireDelivery({ steps }: AgreementFile, undelivered: number): void {
  const step = steps.find((one) => one.step === 'DATA_BALIKAN_DELIVERED');
  if (undelivered === 0 || step?.note) return;
  throw new AppError('CLOSING_INCOMPLETE', {
    issues: [
      {
        path: 'DATA_BALIKAN_DELIVERED',
        message: `Masih ada ${undelivered} data balikan yang belum terkirim: tunggu sampai terkirim, serahkan lewat media, atau catat langkah ini dengan keterangan (note) mengapa tidak dikirim.`,
      },
    ],
  });
}

/** A SAM that is out when the agreement is closed would go on working for nobody (O-13): each is returned, or somebody says why not. */
async function requireSams({ manager }: ActContext, { agreement, steps }: AgreementFile): Promise<void> {
  const open = await samsNotReturned(manager, agreement.id);
  if (open.length === 0 || steps.find(({ step }) => step === 'SAM_RETURNED')?.note) return;
  throw new AppError('CLOSING_INCOMPLETE', { issues: open.map((message) => ({ path: 'SAM_RETURNED', message })) });
}

function requireSteps(file: AgreementFile): void {
  const missing = closingStepNames.filter(
    (name) => name !== 'KEYS_DESTROYED' && !file.steps.some(({ step }) => step === name),
  );
  if (missing.length > 0)
    throw new AppError('CLOSING_INCOMPLETE', {
      issues: missing.map((name) => ({
        path: name,
        message: `${stepNames[name]}: catat tanda terima dan tanggalnya.`,
      })),
    });
}

/** With the last agreement the officials' own NIK go, too: there is no User ID to be asked for any more. */
async function forgetNiks({ manager, institution }: ActContext): Promise<void> {
  const others = await manager.findBy(Agreement, { institutionId: institution.id });
  if (others.every(({ closedAt }) => closedAt !== null))
    await manager.update(Operator, { institutionId: institution.id }, { nikSealed: null });
}
