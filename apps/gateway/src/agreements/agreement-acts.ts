import { z } from 'zod';
import {
  AgreementTerms,
  errors,
  NewAgreement,
  plainText,
  SptjmStatement,
  type AgreementDetail,
  type ErrorCode,
  type Role,
} from '#contracts';
import { AppError } from '#service';
import { Agreement, AgreementVersion, Sptjm } from '../access/entities.js';
import { conflict, defineAct, refuseInvalid, type ActContext } from '../administration/act.js';
import { describeAgreement, getAgreementFile, stateOf, type AgreementFile } from './agreement-detail.js';
import { versionOn } from './agreement-state.js';
import { faultsOfTerms } from './terms.js';

const agreementId = z.string();

/** Reads it again, for the answer. */
export async function detailOf({ manager, institution, today }: ActContext, id: string): Promise<AgreementDetail> {
  return describeAgreement(await getAgreementFile(manager, institution.id, id), today);
}

const gone: Partial<Record<string, ErrorCode>> = {
  ended: 'AGREEMENT_ENDED',
  closing: 'AGREEMENT_ENDED',
  closed: 'AGREEMENT_CLOSED',
};

/** What has ended is not changed any more, and never opened again (O-18). */
function requireAlive(file: AgreementFile, today: string): void {
  const code = gone[stateOf(file, today).state];
  if (code === 'AGREEMENT_CLOSED') throw new AppError(code);
  if (code) throw conflict(errors[code].detail, 'agreementId');
}

export const createAgreement = defineAct({
  name: 'agreement.create',
  input: NewAgreement.omit({ reason: true }),
  async perform({ number, counterpartNumber, signedOn }, context) {
    const { manager, institution } = context;
    if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mempunyai perjanjian.');
    if (await manager.existsBy(Agreement, { institutionId: institution.id, number }))
      throw new AppError('ALREADY_EXISTS', {
        issues: [{ path: 'number', message: 'Nomor perjanjian ini sudah tercatat.' }],
      });
    const after = { number, counterpartNumber: counterpartNumber ?? null, signedOn: signedOn ?? null };
    const { identifiers } = await manager.insert(Agreement, { institutionId: institution.id, ...after });
    const { id } = identifiers[0] as { id: string };
    return { subject: { type: 'agreement', id }, before: null, after, result: await detailOf(context, id) };
  },
});

export const addAgreementVersion = defineAct({
  name: 'agreement.add-version',
  input: z.strictObject({
    agreementId,
    terms: AgreementTerms,
    /** `file`: with its history, from a file that brings an institution in. `seed`: of demo and tests, taken as it is. */
    origin: z.enum(['file', 'seed']).optional(),
  }),
  async approvers({ agreementId: id, terms }, { manager, institution, today }): Promise<Role[]> {
    const { versions } = await getAgreementFile(manager, institution.id, id);
    const present = versionOn(versions, today);
    // a larger quota is Disdukcapil's to give (O-04)
    return present && terms.dailyQuota > present.dailyQuota ? ['evaluator'] : ['camat', 'evaluator'];
  },
  async perform({ agreementId: id, terms, origin }, context) {
    const { manager, institution, today, now, proposal, actor } = context;
    const file = await getAgreementFile(manager, institution.id, id);
    if (!origin) requireAlive(file, today);
    else if (file.agreement.closedAt) throw new AppError('AGREEMENT_CLOSED');
    // while it waited for its second person a day may have passed: it takes effect when it is approved
    if (origin !== 'seed' || actor.kind !== 'command-line')
      refuseInvalid(faultsOfTerms(terms, file.versions, origin ? null : today, proposal !== undefined));
    const last = file.versions.at(-1);
    const version = (last?.version ?? 0) + 1;
    await manager.insert(AgreementVersion, {
      agreementId: id,
      version,
      effectiveFrom: terms.effectiveFrom,
      validFrom: terms.validFrom,
      validUntil: terms.validUntil,
      elements: terms.elements,
      modes: terms.modes,
      dailyQuota: terms.dailyQuota,
      networks: terms.networks,
      letterNumber: terms.letterNumber ?? null,
      userIdOwner: (terms.userIdOwner ?? null) as never,
      contacts: (terms.contacts ?? []) as never,
      dataBalikanRecipient: terms.dataBalikanRecipient ?? 'DISDUKCAPIL',
      approvedAt: now,
    });
    const before = describeAgreement(file, today).versions.at(-1);
    return {
      subject: { type: 'agreement', id },
      before: before ? { version: before.version, terms: before } : null,
      after: { version, terms },
      result: await detailOf(context, id),
    };
  },
});

export const recordSptjm = defineAct({
  name: 'agreement.record-sptjm',
  input: z.strictObject({ agreementId, sptjm: SptjmStatement }),
  async perform({ agreementId: id, sptjm }, context) {
    const { manager, institution, today, now } = context;
    const file = await getAgreementFile(manager, institution.id, id);
    if (file.agreement.closedAt) throw new AppError('AGREEMENT_CLOSED');
    if (sptjm.signedOn > today && context.actor.kind !== 'command-line')
      refuseInvalid([{ path: 'sptjm.signedOn', message: 'Tanggal tanda tangan belum tiba.' }]);
    await manager.insert(Sptjm, { agreementId: id, ...sptjm, signedBy: sptjm.signedBy ?? null, recordedAt: now });
    const last = file.sptjm.at(-1);
    return {
      subject: { type: 'agreement', id },
      before: last ? { number: last.number, signedOn: last.signedOn } : null,
      after: sptjm,
      result: await detailOf(context, id),
    };
  },
});

/** By Disdukcapil, on breach or by a change of institution: look-ups end at once (O-19). */
export const terminateAgreement = defineAct({
  name: 'agreement.terminate',
  input: z.strictObject({ agreementId, letterNumber: plainText(100), why: plainText(500) }),
  async perform({ agreementId: id, letterNumber, why }, context) {
    const { manager, institution, today, now } = context;
    const file = await getAgreementFile(manager, institution.id, id);
    requireAlive(file, today);
    await manager.update(
      Agreement,
      { id },
      { terminatedAt: now, terminationReason: `${why} (surat ${letterNumber})`, closingAt: now },
    );
    return {
      subject: { type: 'agreement', id },
      before: { state: stateOf(file, today).state },
      after: { state: 'closing', letterNumber },
      result: await detailOf(context, id),
    };
  },
});
