import { changeAllDelivery } from '#contracts';
import { toAppError } from '#service';
import { Institution } from '../access/entities.js';
import { record } from '../administration/admin-record.js';
import type { Installation } from './installation.js';

const deadlineMs = 8_000;

/**
 * The kill switch of the installation: no record leaves while it is off, of whatever institution. It works first and is put on
 * record after that, in each kecamatan; an attempt that failed, or of which nobody knows, too.
 *
 * @throws {AppError} SERVICE_UNAVAILABLE, SERVICE_TIMEOUT: whether it is off is not known
 */
export async function switchDataBalikan(
  { administration, bus }: Pick<Installation, 'administration' | 'bus'>,
  sending: boolean,
  reason: string,
): Promise<void> {
  const failure = await bus.call(changeAllDelivery, { sending, reason, by: null }, { deadlineMs }).then(
    () => undefined,
    (error: unknown) => toAppError(error),
  );
  await administration.transaction(async (manager) => {
    for (const { id } of await manager.findBy(Institution, { kind: 'kecamatan' }))
      await record(manager, {
        institutionId: id,
        act: sending ? 'data-balikan.resume-all' : 'data-balikan.stop-all',
        subject: { type: 'data-balikan', id },
        actor: { kind: 'command-line' },
        after: failure ? { failed: failure.code } : { sending },
        reason,
      });
  });
  if (failure) throw failure;
}
