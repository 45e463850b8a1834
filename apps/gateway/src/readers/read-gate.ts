import { createRead, type ReadRequest } from '#contracts';
import { AppError } from '#service';
import { AccessRefused } from '../access/access-refused.js';
import type { AccessService } from '../access/access.service.js';
import { decideRead, type ReadDecision } from '../access/decide-read.js';
import type { AuthorisedRequest } from '../access/principal.js';
import type { StandingAccess } from '../access/standing-access.js';
import { isUuid } from '../administration/visible-institution.js';
import type { ReaderRepository } from './reader-facts.js';

export type AllowedRead = Extract<ReadDecision, { allowed: true }>;

const nothingToMatch = {
  path: 'fields',
  message: 'Selain NIK, pilih sedikitnya satu unsur yang dicocokkan dengan data kependudukan, atau pakai then: LOOKUP.',
};

/** Who may have a card read, and go on. */
export class ReadGate {
  constructor(
    private readonly readers: ReaderRepository,
    private readonly access: AccessService,
    private readonly standing: StandingAccess,
  ) {}

  /** @throws {AccessRefused} the gate that is shut; {AppError} RESOURCE_NOT_FOUND also for a reader of another office */
  async decide({ facts, ip }: AuthorisedRequest, readerId: string, body: ReadRequest): Promise<AllowedRead> {
    const decision = decideRead(facts, ip, await this.find(readerId), body);
    if (decision.allowed) return decision;
    if (decision.code === 'RESOURCE_NOT_FOUND') throw new AppError('RESOURCE_NOT_FOUND');
    if (decision.code === 'REQUEST_INVALID') throw new AppError('REQUEST_INVALID', { issues: [nothingToMatch] });
    const issues = decision.offending?.map((name) => ({
      path: 'fields',
      message: `Unsur "${name}" tidak diberikan, atau tidak ada pada KTP-el.`,
    }));
    throw new AccessRefused(decision.code, issues && issues.length > 0 ? { issues } : {});
  }

  /** Both decisions again, with facts of now; a refusal goes on record here. */
  async confirm(request: AuthorisedRequest, readerId: string, body: ReadRequest): Promise<AllowedRead> {
    await this.standing.confirm(createRead, request);
    try {
      return await this.decide(request, readerId, body);
    } catch (error) {
      if (!(error instanceof AccessRefused)) throw error;
      const { purpose, fields } = body;
      await this.access.recordRefusal(request.facts, error.code, { purpose, fields });
      throw new AppError(error.code, error.extras);
    }
  }

  private async find(readerId: string) {
    if (!isUuid(readerId)) return undefined;
    try {
      return await this.readers.find(readerId);
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }
}
