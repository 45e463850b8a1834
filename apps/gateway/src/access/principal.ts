import type { FastifyRequest } from 'fastify';
import type { Scope } from '#contracts';
import type { AccessFacts } from './access-facts.js';

/** What a valid token says. */
export interface Principal {
  clientId: string;
  /** null: the token names no operator. */
  operatorId: string | null;
  scopes: Scope[];
}

/** A request that has passed the guard. */
export interface AuthorisedRequest extends FastifyRequest {
  user: Principal;
  facts: AccessFacts;
}
