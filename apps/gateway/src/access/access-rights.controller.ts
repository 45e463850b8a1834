import { Controller, Req } from '@nestjs/common';
import { errors, getAccessRights, getStanding, patenServices, type AccessRights } from '#contracts';
import { RpcClient } from '#service';
import { ApiRoute } from '../http/route.decorator.js';
import { warningsOf } from './access-warnings.js';
import { findAgreement, grantedElements, identityGates, lookupGates } from './decide-access.js';
import type { AuthorisedRequest } from './principal.js';

const standingDeadlineMs = 3_000;

@Controller()
export class AccessRightsController {
  constructor(private readonly bus: RpcClient) {}

  @ApiRoute(getAccessRights)
  async show(@Req() { facts, ip }: AuthorisedRequest): Promise<AccessRights> {
    const { institution, client, operator } = facts;
    const missing = [...identityGates(facts, ip), ...lookupGates(facts, ip)];
    const agreement = findAgreement(facts);
    const standing = await this.bus.call(
      getStanding,
      { institutionId: institution.id },
      { deadlineMs: standingDeadlineMs },
    );
    return {
      institution: { id: institution.id, name: institution.name, regionCode: institution.regionCode },
      client: {
        id: client.id,
        name: client.name,
        scopes: client.scopes,
        purposes: client.purposes ?? [...patenServices],
      },
      operator: operator && { id: operator.id, userIdLokal: operator.userIdLokal, role: operator.role },
      allowed: missing.length === 0 && standing.quota.left > 0 && standing.upstream.state === 'ready',
      warnings: warningsOf(facts),
      missing: missing.map(({ code, clause }) => ({ code, clause, detail: errors[code].detail })),
      agreement: agreement
        ? {
            id: agreement.id,
            versionId: agreement.versionId,
            version: agreement.version,
            number: agreement.number,
            validFrom: agreement.validFrom,
            validUntil: agreement.validUntil,
            clauses: ['PKS 3(1)a', 'PKS 3(1)b', 'PKS 3(1)c', 'PKS 5'],
          }
        : null,
      elements: grantedElements(facts),
      modes: agreement?.modes ?? [],
      ...standing,
    };
  }
}
