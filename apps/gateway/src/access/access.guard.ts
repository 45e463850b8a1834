import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode, Route, SessionAccess, TokenAccess } from '#contracts';
import { AppError } from '#service';
import { routeMetadata } from '../http/route.decorator.js';
import type { AccessFacts } from './access-facts.js';
import { AccessService } from './access.service.js';
import { BurstLimiter, type BurstLimit } from './burst-limiter.js';
import { ClientCertificates } from './client-certificate.js';
import { identityGates, operatorGates } from './decide-access.js';
import { isOwnRequest } from './own-request.js';
import type { AuthorisedRequest, Principal } from './principal.js';

/** Default deny: only what is bound to a route of the contract passes, and only with its scope and one of its roles. */
@Injectable()
export class AccessGuard extends AuthGuard(['bearer', 'session']) {
  private readonly bursts = new BurstLimiter();

  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessService,
    private readonly certificates: ClientCertificates,
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
    const facts = await findFactsOf(this.access, request.user);
    await this.limitBurst(facts);
    const code = refusalOf(route.access, request, facts, this.certificates.findThumbprint(request));
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
    throw info instanceof AppError ? info : new AppError('TOKEN_MISSING');
  }

  private async limitBurst(facts: AccessFacts): Promise<void> {
    const burst = this.bursts.take(
      `${facts.client.id}\n${facts.operator?.id ?? ''}`,
      facts.client.burst ?? this.defaultBurst,
    );
    if (burst.allowed) return;
    if (burst.first) await this.access.recordRefusal(facts, 'RATE_LIMITED');
    throw new AppError('RATE_LIMITED', { retryAfter: burst.retryAfter });
  }
}

/** @throws {AppError} CLIENT_REVOKED, SESSION_EXPIRED: there is nobody of that name (any more) */
export async function findFactsOf(access: AccessService, principal: Principal): Promise<AccessFacts> {
  const facts =
    principal.kind === 'client'
      ? await access.findFacts(principal.clientId, principal.operatorId)
      : await access.findSessionFacts(principal.tokenSha256);
  if (!facts) throw new AppError(principal.kind === 'client' ? 'CLIENT_REVOKED' : 'SESSION_EXPIRED');
  return facts;
}

/** A body in another form than the contract's is not guessed at. */
function checkMediaType(route: Route, { headers }: FastifyRequest): void {
  if (!route.body) return;
  const given = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const taken: readonly string[] = [route.body.contentType, ...(route.body.bareFile ?? [])];
  if (given !== undefined && !taken.includes(given)) throw new AppError('MEDIA_TYPE_UNSUPPORTED');
}

/** Why this request may not take this route, if it may not. */
export function refusalOf(
  access: TokenAccess | SessionAccess,
  request: AuthorisedRequest,
  facts: AccessFacts,
  certificate: string | null,
): ErrorCode | undefined {
  const { user } = request;
  const gate = identityGates(facts, request.ip)[0];
  if (gate) return gate.code;
  if (user.kind === 'client') {
    const bound = user.certificate !== null && user.certificate === certificate;
    // a token from before the client had to be bound is no good, either
    if (!bound && (facts.client.certificateRequired || user.certificate !== null)) return 'CERTIFICATE_REQUIRED';
    if ('session' in access) return 'SESSION_REQUIRED';
    if (!user.scopes.includes(access.scope) || !facts.client.scopes.includes(access.scope)) return 'SCOPE_MISSING';
  } else {
    const inactive = operatorGates(facts)[0];
    if (inactive) return inactive.code;
    if (!isOwnRequest(request, user.csrfToken)) return 'CSRF_INVALID';
  }
  if (facts.operator && !access.roles.includes(facts.operator.role)) return 'ROLE_NOT_ALLOWED';
  return undefined;
}
