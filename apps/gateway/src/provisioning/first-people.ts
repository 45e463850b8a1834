import { IsNull, Not, type EntityManager } from 'typeorm';
import type { InstitutionFile, Role } from '#contracts';
import { AppError } from '#service';
import { Institution, Operator } from '../access/entities.js';
import { issueActivationCode } from '../operators/operator-acts.js';
import { Account } from '../sessions/entities.js';
import type { Installation } from './installation.js';

/** At the machine itself: whoever may read the gateway's secrets. It stands on record as that. */
const atTheMachine = { kind: 'command-line' } as const;

export interface FirstCode {
  role: Role;
  username: string;
  activationCode: string;
  expiresAt: string;
}

/**
 * Brings in an institution that nobody can administrate yet, and gives its admin, Camat and evaluators their activation codes:
 * no default password anywhere. The agreement's versions wait for approval like any other.
 *
 * @throws {AppError} STATE_CONFLICT when somebody of the institution can log in already: then it is theirs to do
 */
export async function bootstrap(
  { administration, importer }: Installation,
  file: InstitutionFile,
): Promise<{
  institutionId: string;
  changes: string[];
  proposals: string[];
  secrets: { clientId: string; secret: string }[];
  codes: FirstCode[];
}> {
  await administration.transaction((manager) => refuseSettled(manager, file.institution.regionCode));
  const reason = 'Penyiapan awal';
  const { institutionId, ...result } = await importer.import(file, atTheMachine, {
    checkOnly: false,
    reason,
    approve: false,
  });
  if (institutionId === null) throw new Error('only a check leaves nothing behind');
  const people = await administration.read(atTheMachine, institutionId, ({ manager }) =>
    manager.find(Operator, {
      where: { institutionId, role: Not('operator'), revokedAt: IsNull() },
      order: { id: 'ASC' },
    }),
  );
  const codes: FirstCode[] = [];
  for (const { id, role } of people) {
    const code = await administration.perform(
      issueActivationCode,
      atTheMachine,
      institutionId,
      { operatorId: id },
      reason,
    );
    codes.push({ role, ...code });
  }
  return { institutionId, ...result, codes };
}

async function refuseSettled(manager: EntityManager, regionCode: string): Promise<void> {
  const institution = await manager.findOneBy(Institution, { regionCode });
  if (!institution) return;
  const people = await manager.findBy(Operator, {
    institutionId: institution.id,
    role: Not('operator'),
    revokedAt: IsNull(),
  });
  for (const { id } of people)
    if (await manager.existsBy(Account, { operatorId: id, passwordHash: Not(IsNull()) }))
      throw new AppError('STATE_CONFLICT', {
        issues: [
          {
            path: '',
            message: 'Instansi ini sudah mempunyai admin. Masuk (gerbang login) lalu gunakan perintah biasa.',
          },
        ],
      });
}

/** For whoever lost password and second factor, when nobody else is there to give a new code. */
export async function giveActivationCode(
  { administration }: Installation,
  username: string,
  reason: string,
): Promise<FirstCode> {
  const target = await administration.transaction(async (manager) => {
    const account = await manager.findOneBy(Account, { username: username.trim().toLowerCase() });
    return account && manager.findOneBy(Operator, { id: account.operatorId });
  });
  if (!target) throw new AppError('RESOURCE_NOT_FOUND');
  const { institutionId, id: operatorId, role } = target;
  const code = await administration.perform(issueActivationCode, atTheMachine, institutionId, { operatorId }, reason);
  return { role, ...code };
}
