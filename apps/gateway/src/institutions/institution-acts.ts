import { z } from 'zod';
import { InstitutionUpdate, plainText, type InstitutionDetail, type Role } from '#contracts';
import { Institution } from '../access/entities.js';
import { conflict, defineAct, type ActContext } from '../administration/act.js';
import { EmergencyStop } from '../administration/entities.js';
import { describeInstitution, findOpenStop } from './institution-detail.js';

async function detailOf({ manager, institution, today }: ActContext): Promise<InstitutionDetail> {
  const found = await manager.findOneByOrFail(Institution, { id: institution.id });
  return describeInstitution(manager, found, today);
}

export const updateInstitution = defineAct({
  name: 'institution.update',
  input: InstitutionUpdate.omit({ reason: true }),
  async perform({ name, address }, context) {
    const { manager, institution } = context;
    const changes = {
      ...(name === undefined || name === institution.name ? {} : { name }),
      ...(address === undefined || address === institution.address ? {} : { address }),
    };
    const before = Object.fromEntries(Object.keys(changes).map((key) => [key, institution[key as 'name' | 'address']]));
    if (Object.keys(changes).length > 0) await manager.update(Institution, { id: institution.id }, changes);
    return {
      subject: { type: 'institution', id: institution.id },
      before,
      after: changes,
      result: await detailOf(context),
    };
  },
});

/** "Putus akses" (O-19): one person stops, for whatever is at stake. */
export const stopInstitution = defineAct({
  name: 'institution.stop',
  input: z.strictObject({ why: plainText(500) }),
  async perform({ why }, context) {
    const { manager, institution, actor, now } = context;
    if (institution.kind !== 'kecamatan') throw conflict('Hanya akses kecamatan yang dapat diputus.');
    if (await findOpenStop(manager, institution.id)) throw conflict('Akses kecamatan ini sudah diputus.');
    await manager.insert(EmergencyStop, {
      institutionId: institution.id,
      reason: why,
      stoppedByRole: actor.kind === 'person' ? actor.role : 'admin',
      stoppedAt: now,
    });
    return {
      subject: { type: 'institution', id: institution.id },
      before: { stopped: false },
      after: { stopped: true },
      result: await detailOf(context),
    };
  },
});

/** To give access back takes two; what an evaluator stopped, an evaluator gives back. */
export const liftStop = defineAct({
  name: 'institution.lift-stop',
  input: z.strictObject({}),
  async approvers(_input, { manager, institution }): Promise<Role[]> {
    const stop = await findOpenStop(manager, institution.id);
    return stop?.stoppedByRole === 'evaluator' ? ['evaluator'] : ['camat', 'evaluator'];
  },
  async perform(_input, context) {
    const { manager, institution, now } = context;
    const stop = await findOpenStop(manager, institution.id);
    if (!stop) throw conflict('Akses kecamatan ini tidak sedang diputus.');
    await manager.update(EmergencyStop, { id: stop.id }, { liftedAt: now });
    return {
      subject: { type: 'institution', id: institution.id },
      before: { stopped: true, since: stop.stoppedAt.toISOString(), reason: stop.reason },
      after: { stopped: false },
      result: await detailOf(context),
    };
  },
});
