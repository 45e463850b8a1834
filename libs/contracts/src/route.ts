import type { z } from 'zod';
import type { Role } from './actor.js';
import type { Scope } from './access.js';
import type { ErrorCode } from './errors.js';

/** A client with a token of this scope, or a person who has logged in; in either case one of the roles. */
export interface TokenAccess {
  scope: Scope;
  roles: readonly Role[];
}

/** Only a person who has logged in: no application does this for somebody. */
export interface SessionAccess {
  session: true;
  roles: readonly Role[];
}

/** Who may call. What is not declared is refused. */
export type RouteAccess = 'public' | TokenAccess | SessionAccess;

export type BareFileType = 'text/csv' | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** One REST call of the gateway: OpenAPI, the guard, the command line and the authorisation test all read it. */
export interface Route {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** OpenAPI spelling, `/v1/things/{id}` */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** How the command line calls it: `gerbang client revoke`. */
  readonly command?: string;
  readonly access: RouteAccess;
  readonly query?: z.ZodObject;
  /** One that is understood, where a query without any field is not. */
  readonly queryExample?: Readonly<Record<string, string | number>>;
  readonly headers?: Record<string, string>;
  readonly body?: {
    schema: z.ZodType;
    contentType: 'application/json' | 'application/x-www-form-urlencoded' | 'multipart/form-data';
    /** Of one file, these too: the body is then the file itself, without a form around it. */
    bareFile?: readonly BareFileType[];
    /** Of one file: the largest that is taken, bytes; default: `uploadLimits`. */
    mostBytes?: number;
    examples: Record<string, unknown>;
  };
  readonly response: {
    status: number;
    description: string;
    /** Of a file; without it the answer is JSON that is shown. */
    contentType?:
      | 'application/json'
      | 'application/zip'
      | 'text/csv'
      | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
      | 'application/pdf'
      | 'image/svg+xml'
      | 'application/jsonl'
      | 'application/octet-stream'
      | 'text/event-stream'
      | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    schema: z.ZodType;
    examples: Record<string, unknown>;
    /** The same as server-sent events, for whoever does not ask for JSON alone: each with what it carries. */
    events?: { description: string; schemas: Record<string, z.ZodType> };
  };
  readonly errors: readonly ErrorCode[];
}

export function defineRoute<const R extends Route>(route: R): R {
  return Object.freeze(route);
}

/** The names in braces of a path. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
