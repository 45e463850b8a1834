import { In, IsNull, Not, type EntityManager } from 'typeorm';
import type { ReaderDetail, ReaderObligation, ReaderRegister } from '#contracts';
import { AppError } from '#service';
import { Operator } from '../access/entities.js';
import type { ActContext } from '../administration/act.js';
import { isUuid } from '../administration/visible-institution.js';
import { listAgreementFiles, presentAgreement } from '../agreements/agreement-detail.js';
import { Reader, Sam, SamAssignmentRow } from './entities.js';
import { daysLeftByAgreement, samState } from './sam-detail.js';
import { stateOf } from './reader.service.js';

/** @throws {AppError} RESOURCE_NOT_FOUND also for one of another institution */
export async function getReader({ manager, institution }: ActContext, id: string): Promise<Reader> {
  const reader = isUuid(id) ? await manager.findOneBy(Reader, { id, institutionId: institution.id }) : null;
  if (!reader) throw new AppError('RESOURCE_NOT_FOUND');
  return reader;
}

export async function readerDetail(context: ActContext, id: string): Promise<ReaderDetail> {
  const [detail] = await describeReaders(context, await context.manager.findBy(Reader, { id }));
  if (!detail) throw new Error('one reader has one detail');
  return detail;
}

/** All of the institution, revoked ones too, and how it stands with O-12. */
export async function readerRegister(context: ActContext): Promise<ReaderRegister> {
  const { manager, institution } = context;
  const where = { institutionId: institution.id };
  const readers = await describeReaders(context, await manager.find(Reader, { where, order: { id: 'ASC' } }));
  return { readers, obligations: await obligationsOf(context, readers) };
}

async function describeReaders(context: ActContext, readers: Reader[]): Promise<ReaderDetail[]> {
  const { manager, now } = context;
  const sams = await samsIn(manager, readers);
  const daysLeft = await daysLeftByAgreement(context);
  return readers.map((reader) => {
    const { status, seenAt, agentJoinedAt, revokedAt, joinCodeExpiresAt } = reader;
    const sam = sams.get(reader.id);
    return {
      id: reader.id,
      brand: reader.brand,
      type: reader.type,
      serial: reader.serial,
      workUnit: reader.workUnit,
      state: stateOf({
        revoked: revokedAt !== null,
        joined: reader.agentPublicKey !== null,
        connected: reader.connectedCid !== null,
        silent: seenAt === null ? null : (now.getTime() - seenAt.getTime()) / 1_000,
        status,
      }),
      registeredAt: reader.registeredAt.toISOString(),
      revoked: revokedAt && { at: revokedAt.toISOString(), reason: reader.revocationReason ?? '' },
      sam: sam ? { id: sam.id, serial: sam.serial, state: samState(sam, daysLeft.get(sam.agreementId) ?? null) } : null,
      agent:
        agentJoinedAt && reader.agentPublicKey !== null
          ? { joinedAt: agentJoinedAt.toISOString(), seenAt: seenAt?.toISOString() ?? null, status }
          : null,
      joinCodeExpiresAt:
        joinCodeExpiresAt && joinCodeExpiresAt > now && reader.joinCodeSha256 ? joinCodeExpiresAt.toISOString() : null,
      secondAgentAt: reader.secondAgentAt?.toISOString() ?? null,
    };
  });
}

/** The SAM that is in each of these now. */
async function samsIn(manager: EntityManager, readers: Reader[]): Promise<Map<string, Sam>> {
  const ids = readers.map(({ id }) => id);
  const rows = await manager.findBy(SamAssignmentRow, { readerId: In(ids), endedAt: IsNull() });
  const sams = await manager.findBy(Sam, { id: In(rows.map(({ samId }) => samId)) });
  const byId = new Map(sams.map((sam) => [sam.id, sam]));
  return new Map(rows.flatMap(({ readerId, samId }) => [[readerId, byId.get(samId)] as const]).filter(isFound));
}

const isFound = (entry: readonly [string, Sam | undefined]): entry is [string, Sam] => entry[1] !== undefined;

/** Days in which a work unit gets its reader, from the first day of the agreement (O-12: within a year). */
const dueDays = 365;

async function obligationsOf(context: ActContext, readers: ReaderDetail[]): Promise<ReaderObligation[]> {
  const { manager, institution, today } = context;
  const people = await manager.findBy(Operator, {
    institutionId: institution.id,
    workUnit: Not(IsNull()),
    revokedAt: IsNull(),
  });
  const units = new Set(people.flatMap(({ workUnit }) => workUnit ?? []));
  const kept = readers.filter(({ revoked }) => revoked === null);
  for (const { workUnit } of kept) units.add(workUnit);
  const begin = presentAgreement(await listAgreementFiles(manager, institution.id), today)?.versions[0]?.validFrom;
  const dueOn =
    begin === undefined ? null : new Date(Date.parse(begin) + dueDays * 86_400_000).toISOString().slice(0, 10);
  return [...units].sort().map((workUnit) => {
    const own = kept.filter((one) => one.workUnit === workUnit);
    const withActivatedSam = own.filter(({ sam }) => sam?.state === 'activated' || sam?.state === 'expiring').length;
    return { workUnit, fulfilled: withActivatedSam > 0, readers: own.length, withActivatedSam, dueOn };
  });
}
