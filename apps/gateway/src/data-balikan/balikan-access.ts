import { Injectable } from '@nestjs/common';
import type { BalikanActor, Route } from '#contracts';
import { AppError } from '#service';
import { AccessService } from '../access/access.service.js';
import { decideDataBalikan } from '../access/decide-data-balikan.js';
import type { AuthorisedRequest } from '../access/principal.js';
import { StandingAccess } from '../access/standing-access.js';
import { isUuid } from '../administration/visible-institution.js';

/** Who may hand in data balikan, and go on doing so. */
@Injectable()
export class BalikanAccess {
  constructor(
    private readonly access: AccessService,
    private readonly standing: StandingAccess,
  ) {}

  /** @throws {AppError} the gate that is shut; the refusal is on record */
  async actorOf({ facts, ip }: AuthorisedRequest): Promise<BalikanActor> {
    const decision = decideDataBalikan(facts, ip);
    if (decision.allowed) return decision.actor;
    await this.access.recordRefusal(facts, decision.code);
    throw new AppError(decision.code);
  }

  /** Both decisions again, for what takes its time. */
  async confirmActor(route: Route, request: AuthorisedRequest): Promise<void> {
    await this.standing.confirm(route, request);
    await this.actorOf(request);
  }
}

/** @throws {AppError} RESOURCE_NOT_FOUND: what is no id names nothing */
export function idOf(text: string): string {
  if (!isUuid(text)) throw new AppError('RESOURCE_NOT_FOUND');
  return text;
}
