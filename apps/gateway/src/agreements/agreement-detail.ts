import type { EntityManager } from 'typeorm';
import { closingStepNames, type AgreementDetail } from '#contracts';
import { AppError } from '#service';
import { daysBetween } from '../access/access-warnings.js';
import { Agreement, AgreementVersion, Sptjm } from '../access/entities.js';
import { ClosingStep } from '../administration/entities.js';
import { isUuid } from '../administration/visible-institution.js';
import { agreementState, lastDay, versionOn, warningAt } from './agreement-state.js';

/** An agreement with everything that hangs on it. */
export interface AgreementFile {
  agreement: Agreement;
  versions: AgreementVersion[];
  sptjm: Sptjm[];
  steps: ClosingStep[];
}

/** @throws {AppError} RESOURCE_NOT_FOUND */
export async function getAgreementFile(
  manager: EntityManager,
  institutionId: string,
  agreementId: string,
): Promise<AgreementFile> {
  const agreement = isUuid(agreementId) ? await manager.findOneBy(Agreement, { id: agreementId, institutionId }) : null;
  if (!agreement) throw new AppError('RESOURCE_NOT_FOUND');
  return readFile(manager, agreement);
}

export async function listAgreementFiles(manager: EntityManager, institutionId: string): Promise<AgreementFile[]> {
  const agreements = await manager.find(Agreement, { where: { institutionId }, order: { id: 'ASC' } });
  return Promise.all(agreements.map((agreement) => readFile(manager, agreement)));
}

async function readFile(manager: EntityManager, agreement: Agreement): Promise<AgreementFile> {
  const agreementId = agreement.id;
  return {
    agreement,
    versions: await manager.find(AgreementVersion, { where: { agreementId }, order: { version: 'ASC' } }),
    sptjm: await manager.find(Sptjm, { where: { agreementId }, order: { id: 'ASC' } }),
    steps: await manager.findBy(ClosingStep, { agreementId }),
  };
}

export const stateOf = ({ agreement, versions, sptjm }: AgreementFile, today: string) =>
  agreementState(
    agreement,
    versions,
    sptjm.map(({ signedOn }) => signedOn),
    today,
  );

/** The agreement that counts: the one in force, else a draft, else the last. */
export function presentAgreement(files: readonly AgreementFile[], today: string): AgreementFile | undefined {
  const inState = (state: string) => files.filter((file) => stateOf(file, today).state === state).at(-1);
  return inState('in-force') ?? inState('draft') ?? files.at(-1);
}

export function describeAgreement(file: AgreementFile, today: string): AgreementDetail {
  const { agreement, versions, sptjm, steps } = file;
  const { state, missing } = stateOf(file, today);
  const until = lastDay(versions, today) ?? null;
  const endsInDays = until === null || agreement.terminatedAt ? null : daysBetween(today, until);
  return {
    id: agreement.id,
    number: agreement.number,
    counterpartNumber: agreement.counterpartNumber,
    signedOn: agreement.signedOn,
    state,
    missing,
    currentVersion: versionOn(versions, today)?.version ?? null,
    validUntil: until,
    endsInDays,
    warning: state === 'in-force' && endsInDays !== null ? warningAt(endsInDays) : null,
    versions: versions.map(({ agreementId: _, letterNumber, userIdOwner, approvedAt, configuredAt, ...terms }) => ({
      ...terms,
      ...(letterNumber === null ? {} : { letterNumber }),
      ...(userIdOwner === null ? {} : { userIdOwner }),
      approvedAt: approvedAt.toISOString(),
      configured: configuredAt !== null,
    })),
    sptjm: sptjm.map(({ number, signedOn, documentSha256, signedBy, recordedAt }) => ({
      number,
      signedOn,
      documentSha256,
      ...(signedBy === null ? {} : { signedBy }),
      recordedAt: recordedAt.toISOString(),
    })),
    termination: agreement.terminatedAt
      ? { at: agreement.terminatedAt.toISOString(), reason: agreement.terminationReason ?? '' }
      : null,
    closing: agreement.closingAt
      ? {
          since: agreement.closingAt.toISOString(),
          steps: closingStepNames.map((step) => {
            const found = steps.find((one) => one.step === step);
            return {
              step,
              done: found !== undefined,
              applicable: found?.applicable ?? true,
              receiptNumber: found?.receiptNumber ?? null,
              doneOn: found?.doneOn ?? null,
              note: found?.note ?? null,
            };
          }),
        }
      : null,
    closedAt: agreement.closedAt?.toISOString() ?? null,
  };
}
