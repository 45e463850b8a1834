import type { getRegister, RegisterAgreement, RegisterReader, RegisterSam, RpcOutput } from '#contracts';
import { closingStepNames, type ReaderDetail, type SamState } from '#contracts';
import { EmergencyStop } from '../administration/entities.js';
import type { ActContext } from '../administration/act.js';
import { listAgreementFiles, stateOf, type AgreementFile } from '../agreements/agreement-detail.js';
import { versionOn } from '../agreements/agreement-state.js';
import { readerRegister } from '../readers/reader-detail.js';
import { listSamDetails } from '../readers/sam-detail.js';
import { officeHolderChanges } from './office-holder-changes.js';

/** What an office has on file: no NIK, no address of a network and no secret (O-16). */
export async function registerOf(context: ActContext): Promise<RpcOutput<typeof getRegister>> {
  const { manager, institution, today } = context;
  const { id, name, regionCode, address } = institution;
  const { readers } = await readerRegister(context);
  const stops = await manager.find(EmergencyStop, { where: { institutionId: id }, order: { stoppedAt: 'ASC' } });
  return {
    institution: { id, name, regionCode, address },
    agreements: (await listAgreementFiles(manager, id)).map((file) => agreementOf(file, today)),
    readers: readers.map(readerOf),
    sams: (await listSamDetails(context)).map(samOf),
    stops: stops.map(({ stoppedAt, liftedAt }) => ({
      stoppedAt: stoppedAt.toISOString(),
      liftedAt: liftedAt?.toISOString() ?? null,
    })),
    officeHolderChanges: await officeHolderChanges(manager, id),
  };
}

function agreementOf(file: AgreementFile, today: string): RegisterAgreement {
  const { agreement, versions, sptjm, steps } = file;
  const { state } = stateOf(file, today);
  const done = new Set(steps.map(({ step }) => step));
  return {
    id: agreement.id,
    number: agreement.number,
    state,
    signedOn: agreement.signedOn,
    terminatedAt: agreement.terminatedAt?.toISOString() ?? null,
    closedAt: agreement.closedAt?.toISOString() ?? null,
    versions: versions.map((one) => ({
      id: one.id,
      version: one.version,
      letterNumber: one.letterNumber,
      effectiveFrom: one.effectiveFrom,
      validFrom: one.validFrom,
      validUntil: one.validUntil,
      dailyQuota: one.dailyQuota,
      modes: one.modes,
      elements: one.elements,
    })),
    sptjm: sptjm.map(({ number, signedOn, signedBy }) => ({ number, signedOn, signedBy })),
    openClosingSteps: ['ended', 'closing'].includes(state) ? closingStepNames.filter((step) => !done.has(step)) : [],
    networks: versionOn(versions, today)?.networks.length ?? 0,
  };
}

const readerStates: Record<ReaderDetail['state'], RegisterReader['state']> = {
  online: 'CONNECTED',
  busy: 'CONNECTED',
  offline: 'DISCONNECTED',
  'no-agent': 'NOT_JOINED',
  revoked: 'REVOKED',
};

const readerOf = ({ revoked, sam, ...reader }: ReaderDetail): RegisterReader => ({
  id: reader.id,
  serial: reader.serial,
  brand: reader.brand,
  type: reader.type,
  workUnit: reader.workUnit,
  registeredAt: reader.registeredAt,
  revokedAt: revoked?.at ?? null,
  state: readerStates[reader.state],
  samId: sam?.id ?? null,
});

const samStates: Record<SamState, RegisterSam['state']> = {
  requested: 'REQUESTED',
  personalised: 'PERSONALISED',
  activated: 'ACTIVE',
  expiring: 'ACTIVE',
  'configuration-returned': 'RETURNED',
  deactivated: 'DEACTIVATED',
};

const samOf = (sam: Awaited<ReturnType<typeof listSamDetails>>[number]): RegisterSam => ({
  id: sam.id,
  agreementId: sam.agreementId,
  sifilmaNumber: sam.sifilmaNumber,
  letterNumber: sam.letter.number,
  letterDate: sam.letter.date,
  serial: sam.serial,
  state: samStates[sam.state],
});
