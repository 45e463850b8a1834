import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { Route } from '#contracts';
import { AppError } from '#service';
import { routeMetadata } from '../http/route.decorator.js';
import type { AccessFacts } from './access-facts.js';
import { AccessService } from './access.service.js';
import { BurstLimiter, type BurstLimit } from './burst-limiter.js';
import { identityGates } from './decide-access.js';
import type { AuthorisedRequest, Principal } from './principal.js';

/** Default deny: only what is bound to a route of the contract passes, and only with its scope and one of its roles. */
@Injectable()
export class AccessGuard extends AuthGuard('bearer') {
  private readonly bursts = new BurstLimiter();

  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessService,
    private readonly defaultBurst: BurstLimit,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.reflector.get<Route | undefined>(routeMetadata, context.getHandler());
    if (!route) throw new AppError('ROUTE_NOT_FOUND');
    checkMediaType(route, context.switchToHttp().getRequest<FastifyRequest>());
    if (route.access === 'public') return true;
    await super.canActivate(context);
    const request = context.switchToHttp().getRequest<AuthorisedRequest>();
    const facts = await this.access.findFacts(request.user.clientId, request.user.operatorId);
    if (!facts) throw new AppError('CLIENT_REVOKED');
    await this.limitBurst(request.user, facts);
    const code = refusalOf(route, request.user, facts, request.ip);
    if (code) {
      await this.access.recordRefusal(facts, code);
      throw new AppError(code);
    }
    request.facts = facts;
    return true;
  }

  override handleRequest<T>(error: unknown, principal: T | false, info: unknown): T {
    if (error) throw error as Error;
    if (principal) return principal;
    throw info instanceof AppError ? info : new AppError('TOKEN_INVALID');
  }

  private async limitBurst(principal: Principal, facts: AccessFacts): Promise<void> {
    const burst = this.bursts.take(
      `${principal.clientId}\n${facts.operator?.id ?? ''}`,
      facts.client.burst ?? this.defaultBurst,
    );
    if (burst.allowed) return;
    if (burst.first) await this.access.recordRefusal(facts, 'RATE_LIMITED');
    throw new AppError('RATE_LIMITED', { retryAfter: burst.retryAfter });
  }
}

/** A body in another form than the contract's is not guessed at. */
function checkMediaType(route: Route, { headers }: FastifyRequest): void {
  if (!route.body) return;
  const given = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (given !== undefined && given !== route.body.contentType) throw new AppError('MEDIA_TYPE_UNSUPPORTED');
}

function refusalOf(route: Route, principal: Principal, facts: AccessFacts, address: string) {
  if (route.access === 'public') return undefined;
  const gate = identityGates(facts, address)[0];
  if (gate) return gate.code;
  if (!principal.scopes.includes(route.access.scope) || !facts.client.scopes.includes(route.access.scope))
    return 'SCOPE_MISSING';
  if (facts.operator && !route.access.roles.includes(facts.operator.role)) return 'ROLE_NOT_ALLOWED';
  return undefined;
}
