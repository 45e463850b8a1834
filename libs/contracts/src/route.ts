import type { z } from 'zod';
import type { Role } from './actor.js';
import type { Scope } from './access.js';
import type { ErrorCode } from './errors.js';

/** Who may call: `public` needs no token; `token` is the least of scopes and roles. What is not declared is refused. */
export type RouteAccess = 'public' | { scope: Scope; roles: readonly Role[] };

/** One REST call of the gateway: OpenAPI, the guard and the authorisation test all read it. */
export interface Route {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** OpenAPI spelling, `/v1/things/{id}` */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: RouteAccess;
  readonly query?: z.ZodObject;
  readonly headers?: Record<string, string>;
  readonly body?: {
    schema: z.ZodType;
    contentType: 'application/json' | 'application/x-www-form-urlencoded';
    examples: Record<string, unknown>;
  };
  readonly response: { status: number; description: string; schema: z.ZodType; examples: Record<string, unknown> };
  readonly errors: readonly ErrorCode[];
}

export function defineRoute<const R extends Route>(route: R): R {
  return Object.freeze(route);
}
