import { IsNull, type EntityManager } from 'typeorm';
import type { InstitutionDetail } from '#contracts';
import type { Institution } from '../access/entities.js';
import { EmergencyStop, Proposal } from '../administration/entities.js';
import { listAgreementFiles, presentAgreement, stateOf } from '../agreements/agreement-detail.js';

export const findOpenStop = (manager: EntityManager, institutionId: string) =>
  manager.findOneBy(EmergencyStop, { institutionId, liftedAt: IsNull() });

export async function describeInstitution(
  manager: EntityManager,
  institution: Institution,
  today: string,
): Promise<InstitutionDetail> {
  const { id, name, kind, regionCode, address } = institution;
  const present = presentAgreement(await listAgreementFiles(manager, id), today);
  const stop = await findOpenStop(manager, id);
  return {
    id,
    name,
    kind,
    regionCode,
    address,
    agreementState: present ? stateOf(present, today).state : null,
    stop: stop && { at: stop.stoppedAt.toISOString(), byRole: stop.stoppedByRole, reason: stop.reason },
    openProposals: await manager.countBy(Proposal, { institutionId: id, decision: IsNull() }),
  };
}
