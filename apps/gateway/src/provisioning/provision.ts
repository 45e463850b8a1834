import type { DataSource, EntityManager } from 'typeorm';
import { configureInstitution, type InstitutionFile } from '#contracts';
import type { RpcClient } from '#service';
import { Agreement, AgreementVersion, Client, Institution, Nda, Operator, Sptjm } from '../access/entities.js';

const deadlineMs = 10_000;

/**
 * Brings one institution to what its file says. May be run again: versions of the agreement are never changed, only added.
 *
 * @throws when a version that is on file already says something else
 */
export async function provision(
  file: InstitutionFile,
  database: DataSource,
  bus: RpcClient,
): Promise<{ institutionId: string; agreementId: string }> {
  const ids = await database.transaction(async (manager) => {
    const institutionId = await getOrInsert(
      manager,
      Institution,
      { regionCode: file.institution.regionCode },
      { name: file.institution.name },
    );
    const agreementId = await getOrInsert(manager, Agreement, { institutionId, number: file.agreement.number }, {});
    await addVersions(manager, agreementId, file.agreement.versions);
    if (file.agreement.sptjm) await manager.upsert(Sptjm, { agreementId, ...file.agreement.sptjm }, ['agreementId']);
    const operators = new Map<string, string>();
    for (const { userIdLokal, nda, activeUntil, ...rest } of file.operators) {
      const id = await getOrInsert(
        manager,
        Operator,
        { institutionId, userIdLokal },
        { ...rest, activeUntil: activeUntil ?? null },
      );
      operators.set(userIdLokal, id);
      if (nda) await manager.upsert(Nda, { operatorId: id, ...nda }, ['operatorId']);
    }
    for (const client of file.clients) {
      const defaultOperatorId = client.defaultOperator === undefined ? null : operators.get(client.defaultOperator);
      if (defaultOperatorId === undefined)
        throw new Error(`Client ${client.id}: defaultOperator is not one of the operators`);
      await manager.upsert(
        Client,
        {
          id: client.id,
          institutionId,
          name: client.name,
          secretSha256: client.secretSha256,
          scopes: client.scopes,
          elements: client.elements ?? null,
          purposes: client.purposes ?? null,
          networks: client.networks ?? null,
          expiresAt: client.expiresAt === undefined ? null : new Date(client.expiresAt),
          defaultOperatorId,
          burstPerSecond: client.burst?.perSecond ?? null,
          burstSize: client.burst?.size ?? null,
        },
        ['id'],
      );
    }
    return { institutionId, agreementId };
  });
  await bus.call(
    configureInstitution,
    {
      ...ids,
      quota: file.agreement.versions.map(({ effectiveFrom, dailyQuota }) => ({
        effectiveFrom,
        dailyLimit: dailyQuota,
      })),
      ...(file.upstream ? { upstream: file.upstream } : {}),
    },
    { deadlineMs },
  );
  return ids;
}

async function addVersions(
  manager: EntityManager,
  agreementId: string,
  versions: InstitutionFile['agreement']['versions'],
): Promise<void> {
  for (const [index, wanted] of versions.entries()) {
    const version = index + 1;
    const found = await manager.findOneBy(AgreementVersion, { agreementId, version });
    if (!found) await manager.insert(AgreementVersion, { agreementId, version, ...wanted });
    else if (
      found.validFrom !== wanted.validFrom ||
      found.validUntil !== wanted.validUntil ||
      found.effectiveFrom !== wanted.effectiveFrom ||
      found.dailyQuota !== wanted.dailyQuota
    ) {
      throw new Error(
        `Version ${version} of the agreement is on file already and says something else. Versions are never changed: add one.`,
      );
    }
  }
}

async function getOrInsert<T extends { id: string }>(
  manager: EntityManager,
  entity: new () => T,
  key: object,
  values: object,
): Promise<string> {
  const found = await manager.findOne(entity, { where: key });
  if (found) {
    if (Object.keys(values).length > 0) await manager.update(entity, { id: found.id }, values);
    return found.id;
  }
  const { identifiers } = await manager.insert(entity, { ...key, ...values });
  return (identifiers[0] as { id: string }).id;
}
