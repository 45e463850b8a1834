import type { ReportActor } from '#contracts';
import type { AuthorisedRequest } from '../access/principal.js';
import type { Administration } from '../administration/administration.service.js';
import { askedInstitution, readerOf } from '../evidence/evidence-reader.js';

/**
 * Who asks, and whose report, obligation or letter is meant: of the own institution, of another one only for an evaluator in
 * person. That the agreement has ended or is stopped does not matter: the last report comes after it.
 *
 * @throws {AppError} RESOURCE_NOT_FOUND, OPERATOR_REQUIRED, OPERATOR_INACTIVE
 */
export async function reportActorOf(
  administration: Administration,
  request: AuthorisedRequest,
  wanted?: string,
): Promise<ReportActor> {
  const { id: operatorId, fullName: name, role } = readerOf(request.facts);
  const { id: institutionId } = await askedInstitution(administration, request, wanted);
  return { institutionId, operatorId, name, role };
}
