import { IsNull } from 'typeorm';
import { z } from 'zod';
import {
  NewSam,
  SamActivation,
  SamAssignment,
  SamDeactivation,
  SamPersonalisation,
  SamReturn,
  type SamDetail,
  type SamState,
} from '#contracts';
import { AppError } from '#service';
import { conflict, defineAct, refuseInvalid, type ActContext, type Done } from '../administration/act.js';
import type { Json } from '../administration/admin-record.js';
import { listAgreementFiles, presentAgreement, stateOf } from '../agreements/agreement-detail.js';
import { Sam, SamAssignmentRow } from './entities.js';
import { getReader } from './reader-detail.js';
import { assignmentOf, getSam, samDetail, samState } from './sam-detail.js';

const samId = z.string();

/** The steps of a life, in the only order there is (O-12, O-13). */
type Step = Exclude<SamState, 'expiring'>;
const words: Record<Step, string> = {
  requested: 'baru diminta',
  personalised: 'sudah dipersonalisasi',
  activated: 'aktif',
  'configuration-returned': 'berkas konfigurasinya sudah dikembalikan',
  deactivated: 'sudah dinonaktifkan',
};

/** @throws {AppError} STATE_CONFLICT when it is not at the step before */
async function getAt(context: ActContext, id: string, step: Step): Promise<Sam> {
  const sam = await getSam(context, id);
  const present = samState(sam, null) as Step;
  if (present !== step)
    throw conflict(`SAM ini ${words[present]}; langkah ini untuk SAM yang ${words[step]}.`, 'samId');
  return sam;
}

/** A day that is not to come, and not before the step before. */
function checkDay(path: string, day: string, today: string, notBefore: string | null): void {
  if (day > today) refuseInvalid([{ path, message: 'Tanggal ini belum tiba.' }]);
  if (notBefore !== null && day < notBefore)
    refuseInvalid([{ path, message: `Tanggal ini sebelum langkah sebelumnya (${notBefore}).` }]);
}

async function done(context: ActContext, id: string, before: Json | null, after: Json): Promise<Done<SamDetail>> {
  return { subject: { type: 'sam', id }, before, after, result: await samDetail(context, id) };
}

export const requestSam = defineAct({
  name: 'sam.request',
  input: NewSam.omit({ reason: true }),
  async perform({ sifilmaNumber, letter }, context) {
    const { manager, institution, today, now } = context;
    checkDay('letter.date', letter.date, today, null);
    const file = presentAgreement(await listAgreementFiles(manager, institution.id), today);
    const state = file && stateOf(file, today).state;
    if (!file || (state !== 'in-force' && state !== 'draft'))
      throw conflict('Belum ada perjanjian kerja sama (PKS) yang berlaku untuk SAM ini.');
    if (await manager.existsBy(Sam, { institutionId: institution.id, sifilmaNumber })) {
      const message = 'Permintaan SIFILMA ini sudah tercatat.';
      throw new AppError('ALREADY_EXISTS', { issues: [{ path: 'sifilmaNumber', message }] });
    }
    const { identifiers } = await manager.insert(Sam, {
      institutionId: institution.id,
      agreementId: file.agreement.id,
      sifilmaNumber,
      letterNumber: letter.number,
      letterDate: letter.date,
      requestedAt: now,
    });
    const { id } = identifiers[0] as { id: string };
    return done(context, id, null, { state: 'requested', sifilmaNumber, letter, agreementId: file.agreement.id });
  },
});

export const recordPersonalisation = defineAct({
  name: 'sam.record-personalisation',
  input: SamPersonalisation.omit({ reason: true }).extend({ samId }),
  async perform({ samId: id, serial, pcidFingerprint, doneOn }, context) {
    const { manager, institution, today } = context;
    const sam = await getAt(context, id, 'requested');
    checkDay('doneOn', doneOn, today, sam.letterDate);
    if (await manager.existsBy(Sam, { institutionId: institution.id, serial })) {
      const message = 'SAM dengan nomor seri ini sudah tercatat.';
      throw new AppError('ALREADY_EXISTS', { issues: [{ path: 'serial', message }] });
    }
    await manager.update(Sam, { id }, { serial, pcidFingerprint, personalisedOn: doneOn });
    const after = { state: 'personalised', serial, pcidFingerprint, personalisedOn: doneOn };
    return done(context, id, { state: 'requested' }, after);
  },
});

export const activateSam = defineAct({
  name: 'sam.activate',
  input: SamActivation.omit({ reason: true }).extend({ samId }),
  async perform({ samId: id, doneOn }, context) {
    const sam = await getAt(context, id, 'personalised');
    checkDay('doneOn', doneOn, context.today, sam.personalisedOn);
    await context.manager.update(Sam, { id }, { activatedOn: doneOn });
    return done(context, id, { state: 'personalised' }, { state: 'activated', activatedOn: doneOn });
  },
});

export const assignSam = defineAct({
  name: 'sam.assign',
  input: SamAssignment.omit({ reason: true }).extend({ samId }),
  async perform({ samId: id, readerId }, context) {
    const { manager, now } = context;
    const sam = await getSam(context, id);
    const present = await assignmentOf(manager, id);
    if (readerId !== null) await checkAssignable(context, sam, readerId);
    else if (!present) throw conflict('SAM ini tidak terpasang di alat baca mana pun.', 'readerId');
    if (present?.readerId === readerId) throw conflict('SAM ini sudah terpasang di alat baca itu.', 'readerId');
    if (present) await manager.update(SamAssignmentRow, { id: present.id }, { endedAt: now });
    if (readerId !== null) await manager.insert(SamAssignmentRow, { samId: id, readerId, assignedAt: now });
    return done(context, id, { readerId: present?.readerId ?? null }, { readerId });
  },
});

async function checkAssignable(context: ActContext, sam: Sam, readerId: string): Promise<void> {
  const { manager } = context;
  const present = samState(sam, null) as Step;
  if (present !== 'personalised' && present !== 'activated')
    throw conflict(`SAM ini ${words[present]}; hanya SAM yang sudah dipersonalisasi yang dapat dipasang.`, 'samId');
  const reader = await getReader(context, readerId);
  if (reader.revokedAt) throw conflict('Alat baca ini sudah dicabut.', 'readerId');
  const other = await manager.findOneBy(SamAssignmentRow, { readerId, endedAt: IsNull() });
  if (other && other.samId !== sam.id)
    throw conflict('Alat baca itu sudah berisi SAM lain. Lepaskan SAM itu dahulu.', 'readerId');
}

export const returnConfiguration = defineAct({
  name: 'sam.return-configuration',
  input: SamReturn.omit({ reason: true }).extend({ samId }),
  async perform({ samId: id, receiptNumber, returnedOn }, context) {
    const sam = await getAt(context, id, 'activated');
    checkDay('returnedOn', returnedOn, context.today, sam.activatedOn);
    await context.manager.update(Sam, { id }, { returnedOn, returnReceipt: receiptNumber });
    const after = { state: 'configuration-returned', returnedOn, receiptNumber };
    return done(context, id, { state: 'activated' }, after);
  },
});

export const deactivateSam = defineAct({
  name: 'sam.deactivate',
  input: SamDeactivation.omit({ reason: true }).extend({ samId }),
  async perform({ samId: id, doneOn }, context) {
    const { manager, today, now } = context;
    const sam = await getAt(context, id, 'configuration-returned');
    checkDay('doneOn', doneOn, today, sam.returnedOn);
    await manager.update(Sam, { id }, { deactivatedOn: doneOn });
    await manager.update(SamAssignmentRow, { samId: id, endedAt: IsNull() }, { endedAt: now });
    return done(context, id, { state: 'configuration-returned' }, { state: 'deactivated', deactivatedOn: doneOn });
  },
});
