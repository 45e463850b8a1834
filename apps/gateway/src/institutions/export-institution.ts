import { InstitutionFile } from '#contracts';
import { Client, Nda, Operator } from '../access/entities.js';
import type { ActContext } from '../administration/act.js';
import { listAgreementFiles, presentAgreement } from '../agreements/agreement-detail.js';
import { Account } from '../sessions/entities.js';

/**
 * Everything on file as one file that can be imported elsewhere: without secrets, the ministry's access, where data balikan go, passwords, or the NIK
 * of an official. Of several agreements the one that counts today; revoked people and clients stay behind.
 */
export async function exportFile({ manager, institution, today }: ActContext): Promise<InstitutionFile> {
  const institutionId = institution.id;
  const present = presentAgreement(await listAgreementFiles(manager, institutionId), today);
  const people = await manager.find(Operator, { where: { institutionId }, order: { id: 'ASC' } });
  const operators = people.filter(({ revokedAt }) => revokedAt === null);
  const clients = await manager.find(Client, { where: { institutionId }, order: { id: 'ASC' } });
  const sptjm = present?.sptjm.at(-1);
  return InstitutionFile.parse(
    withoutNulls({
      institution: {
        name: institution.name,
        regionCode: institution.regionCode,
        kind: institution.kind,
        address: institution.address,
      },
      agreement:
        present && present.versions.length > 0
          ? {
              number: present.agreement.number,
              counterpartNumber: present.agreement.counterpartNumber,
              signedOn: present.agreement.signedOn,
              sptjm: sptjm && {
                number: sptjm.number,
                signedOn: sptjm.signedOn,
                documentSha256: sptjm.documentSha256,
                signedBy: sptjm.signedBy,
              },
              versions: present.versions.map(
                ({ id: _, agreementId: __, version: ___, approvedAt: ____, configuredAt: _____, ...terms }) => terms,
              ),
            }
          : null,
      operators: await Promise.all(
        operators.map(async (operator) => {
          const nda = await manager.findOne(Nda, {
            where: { operatorId: operator.id, assignment: operator.assignment },
            order: { id: 'DESC' },
          });
          const account = await manager.findOneBy(Account, { operatorId: operator.id });
          return {
            userIdLokal: operator.userIdLokal,
            role: operator.role,
            fullName: operator.fullName,
            nip: operator.nip,
            employmentStatus: operator.employmentStatus,
            position: operator.position,
            workUnit: operator.workUnit,
            officeName: operator.officeName,
            officeAddress: operator.officeAddress,
            officeRegionCode: operator.officeRegionCode,
            workingHours: operator.workingHours,
            activeFrom: operator.activeFrom,
            activeUntil: operator.activeUntil,
            nda: nda && { number: nda.number, signedOn: nda.signedOn, documentSha256: nda.documentSha256 },
            username: account?.username,
          };
        }),
      ),
      clients: clients
        .filter(({ revokedAt }) => revokedAt === null)
        .map((client) => ({
          id: client.id,
          name: client.name,
          scopes: client.scopes,
          elements: client.elements,
          purposes: client.purposes,
          networks: client.networks,
          expiresAt: client.expiresAt?.toISOString(),
          defaultOperator: operators.find(({ id }) => id === client.defaultOperatorId)?.userIdLokal,
          burst:
            client.burstPerSecond !== null && client.burstSize !== null
              ? { perSecond: client.burstPerSecond, size: client.burstSize }
              : null,
          certificateRequired: client.certificateRequired || null,
          jwks: client.jwks,
        })),
    }),
  );
}

/** Absent is how the file says that there is none. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null && part !== undefined)
      .map(([key, part]) => [key, withoutNulls(part)]),
  );
}
