import { In, IsNull, type EntityManager } from 'typeorm';
import { samExpiringDays, type SamDetail, type SamState } from '#contracts';
import { AppError } from '#service';
import type { ActContext } from '../administration/act.js';
import { isUuid } from '../administration/visible-institution.js';
import { describeAgreement, listAgreementFiles } from '../agreements/agreement-detail.js';
import { Sam, SamAssignmentRow } from './entities.js';

/** @throws {AppError} RESOURCE_NOT_FOUND also for one of another institution */
export async function getSam({ manager, institution }: ActContext, id: string): Promise<Sam> {
  const sam = isUuid(id) ? await manager.findOneBy(Sam, { id, institutionId: institution.id }) : null;
  if (!sam) throw new AppError('RESOURCE_NOT_FOUND');
  return sam;
}

/** In which reader it is now. */
export const assignmentOf = (manager: EntityManager, samId: string): Promise<SamAssignmentRow | null> =>
  manager.findOneBy(SamAssignmentRow, { samId, endedAt: IsNull() });

/** @param daysLeft of its agreement; null without an end */
export function samState(sam: Sam, daysLeft: number | null): SamState {
  if (sam.deactivatedOn !== null) return 'deactivated';
  if (sam.returnedOn !== null) return 'configuration-returned';
  if (sam.activatedOn !== null) return daysLeft !== null && daysLeft <= samExpiringDays ? 'expiring' : 'activated';
  return sam.personalisedOn === null ? 'requested' : 'personalised';
}

export async function samDetail(context: ActContext, id: string): Promise<SamDetail> {
  const [detail] = await describeSams(context, await context.manager.findBy(Sam, { id }));
  if (!detail) throw new Error('one SAM has one detail');
  return detail;
}

export async function listSamDetails(context: ActContext): Promise<SamDetail[]> {
  const where = { institutionId: context.institution.id };
  return describeSams(context, await context.manager.find(Sam, { where, order: { id: 'ASC' } }));
}

async function describeSams(context: ActContext, sams: Sam[]): Promise<SamDetail[]> {
  const { manager } = context;
  const rows = await manager.find(SamAssignmentRow, {
    where: { samId: In(sams.map(({ id }) => id)) },
    order: { id: 'ASC' },
  });
  const daysLeft = await daysLeftByAgreement(context);
  return sams.map((sam) => {
    const history = rows.filter(({ samId }) => samId === sam.id);
    return {
      id: sam.id,
      state: samState(sam, daysLeft.get(sam.agreementId) ?? null),
      agreementId: sam.agreementId,
      sifilmaNumber: sam.sifilmaNumber,
      letter: { number: sam.letterNumber, date: sam.letterDate },
      serial: sam.serial,
      pcidFingerprint: sam.pcidFingerprint,
      readerId: history.find(({ endedAt }) => endedAt === null)?.readerId ?? null,
      requestedAt: sam.requestedAt.toISOString(),
      personalisedOn: sam.personalisedOn,
      activatedOn: sam.activatedOn,
      configurationReturned:
        sam.returnedOn === null ? null : { on: sam.returnedOn, receiptNumber: sam.returnReceipt ?? '' },
      deactivatedOn: sam.deactivatedOn,
      history: history.map(({ readerId, assignedAt, endedAt }) => ({
        readerId,
        from: assignedAt.toISOString(),
        until: endedAt?.toISOString() ?? null,
      })),
    };
  });
}

/** Days to the last day of each agreement, 0 when it is over, null while it has no terms. */
export async function daysLeftByAgreement({
  manager,
  institution,
  today,
}: ActContext): Promise<Map<string, number | null>> {
  const files = await listAgreementFiles(manager, institution.id);
  return new Map(
    files.map((file) => {
      const { state, endsInDays } = describeAgreement(file, today);
      return [file.agreement.id, ['ended', 'closing', 'closed'].includes(state) ? 0 : endsInDays];
    }),
  );
}
