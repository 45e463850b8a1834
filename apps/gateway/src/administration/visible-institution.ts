import type { EntityManager } from 'typeorm';
import { AppError } from '#service';
import { Institution } from '../access/entities.js';
import type { AdminActor } from './admin-record.js';

/**
 * Whose affairs a person may see: those of the own institution; an evaluator of a Disdukcapil also those of the kecamatan of
 * the kabupaten. At the machine itself, all.
 */
export const visibleTo = (home: Pick<Institution, 'id' | 'kind' | 'regionCode'>, role: string, other: Institution) =>
  other.id === home.id ||
  (home.kind === 'disdukcapil' && role === 'evaluator' && other.regionCode.startsWith(`${home.regionCode}.`));

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);

/**
 * @param lock holds off every other act on this institution until the transaction ends; log-ins and records do not wait for it
 * @throws {AppError} RESOURCE_NOT_FOUND also for those that there are but not for this person: nobody learns of them
 */
export async function getVisibleInstitution(
  manager: EntityManager,
  actor: AdminActor,
  institutionId: string,
  lock = false,
): Promise<Institution> {
  const institution = isUuid(institutionId)
    ? await manager.findOne(Institution, {
        where: { id: institutionId },
        ...(lock ? { lock: { mode: 'for_no_key_update' as const } } : {}),
      })
    : null;
  if (!institution) throw new AppError('RESOURCE_NOT_FOUND');
  if (actor.kind !== 'person') return institution;
  const home = await manager.findOneByOrFail(Institution, { id: actor.institutionId });
  if (!visibleTo(home, actor.role, institution)) throw new AppError('RESOURCE_NOT_FOUND');
  return institution;
}

/** All of them, by name. */
export async function listVisibleInstitutions(manager: EntityManager, actor: AdminActor): Promise<Institution[]> {
  const all = await manager.find(Institution, { order: { regionCode: 'ASC' } });
  if (actor.kind !== 'person') return all;
  const home = all.find(({ id }) => id === actor.institutionId);
  return home ? all.filter((one) => visibleTo(home, actor.role, one)) : [];
}
