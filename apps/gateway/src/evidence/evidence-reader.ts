import { AppError } from '#service';
import type { AccessFacts, OperatorFacts } from '../access/access-facts.js';
import { operatorGates } from '../access/decide-access.js';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { actorOf, type Administration } from '../administration/administration.service.js';

export interface AskedInstitution {
  id: string;
  name: string;
  regionCode: string;
}

/**
 * The person who stands behind what is read, be it by an application. An agreement that has ended or a stop do not matter, nor
 * does an NDA: no data of the population are shown.
 *
 * @throws {AppError} OPERATOR_REQUIRED, OPERATOR_INACTIVE
 */
export function readerOf(facts: AccessFacts): OperatorFacts {
  const gate = operatorGates(facts)[0];
  if (gate || !facts.operator) throw new AppError(gate?.code ?? 'OPERATOR_REQUIRED');
  return facts.operator;
}

/**
 * Whose evidence is asked for: that of the own institution, of another one only by an evaluator in person.
 *
 * @throws {AppError} RESOURCE_NOT_FOUND, and those of {@link readerOf}
 */
export async function askedInstitution(
  administration: Administration,
  request: AuthorisedRequest,
  wanted: string | undefined,
): Promise<AskedInstitution> {
  readerOf(request.facts);
  const { id, name, regionCode } = request.facts.institution;
  if (wanted === undefined || wanted === id) return { id, name, regionCode };
  if (!request.facts.session) throw new AppError('RESOURCE_NOT_FOUND');
  return administration.read(actorOf(request as SessionRequest), wanted, async ({ institution }) => ({
    id: institution.id,
    name: institution.name,
    regionCode: institution.regionCode,
  }));
}
