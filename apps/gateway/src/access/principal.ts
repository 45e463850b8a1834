import type { FastifyRequest } from 'fastify';
import type { Scope } from '#contracts';
import type { AccessFacts } from './access-facts.js';

/** An application, by what its token says. */
export interface ClientPrincipal {
  kind: 'client';
  clientId: string;
  /** null: the token names no operator. */
  operatorId: string | null;
  scopes: Scope[];
  /** `x5t#S256` of the certificate that the token is bound to (RFC 8705 3.1), or null. */
  certificate: string | null;
}

/** A person, by the cookie of a session. */
export interface SessionPrincipal {
  kind: 'session';
  /** SHA-256 of the cookie's value, base64url. */
  tokenSha256: string;
  /** What the request must name in X-CSRF-Token unless it only reads. */
  csrfToken: string;
}

export type Principal = ClientPrincipal | SessionPrincipal;

/** A request that has passed the guard. */
export interface AuthorisedRequest extends FastifyRequest {
  user: Principal;
  facts: AccessFacts;
}

/** A request on a route for people who have logged in. */
export interface SessionRequest extends AuthorisedRequest {
  user: SessionPrincipal;
  facts: AccessFacts & { operator: NonNullable<AccessFacts['operator']>; session: NonNullable<AccessFacts['session']> };
}
