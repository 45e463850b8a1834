import { Injectable } from '@nestjs/common';
import type { Route } from '#contracts';
import { AppError } from '#service';
import { findFactsOf, refusalOf } from './access.guard.js';
import { AccessService } from './access.service.js';
import { ClientCertificates } from './client-certificate.js';
import type { AuthorisedRequest } from './principal.js';

/** Decides as the guard did, again, for what lasts longer than a moment: a revocation ends it within a second, too (O-19). */
@Injectable()
export class StandingAccess {
  constructor(
    private readonly access: AccessService,
    private readonly certificates: ClientCertificates,
  ) {}

  /**
   * Brings the request's facts up to date. A session counts as used by this.
   *
   * @throws {AppError} what the guard would refuse with now; the refusal is on record
   */
  async confirm({ access }: Route, request: AuthorisedRequest): Promise<void> {
    if (access === 'public') return;
    const facts = await findFactsOf(this.access, request.user);
    const code = refusalOf(access, request, facts, this.certificates.findThumbprint(request));
    if (code) {
      await this.access.recordRefusal(facts, code);
      throw new AppError(code);
    }
    request.facts = facts;
  }
}
