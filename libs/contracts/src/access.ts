import { z } from 'zod';
import { Day, Role, VerificationMode } from './actor.js';
import { ElementName } from './elements.js';
import { errorCodes } from './errors.js';
import { PatenService } from './purpose.js';
import { Quota, UpstreamState } from './verification.js';

export const scopes = [
  'verifications:write',
  'verifications:read',
  'access-rights:read',
  'evidence:read',
  'data-balikan:write',
  'data-balikan:read',
  'readers:write',
  'readers:read',
  'reports:read',
] as const;
/** What a client may do at all; what it may do just now is the access decision's business. */
export const Scope = z.enum(scopes).meta({ id: 'Scope' });
export type Scope = z.infer<typeof Scope>;

/** RFC 6749 4.4.2; form-encoded. Client id and secret come here or by HTTP Basic (RFC 6749 2.3.1). */
export const TokenRequest = z
  .object({
    grant_type: z.string().optional().meta({ description: 'client_credentials' }),
    client_id: z.string().max(200).optional(),
    client_secret: z.string().max(200).optional(),
    client_assertion_type: z.string().max(200).optional(),
    client_assertion: z.string().max(8_000).optional().meta({
      description: 'RFC 7523 `private_key_jwt`: a JWT signed with a key that is on file, instead of the secret',
    }),
    scope: z.string().max(500).optional().meta({ description: 'Blank-separated; default: all that the client has' }),
    operator: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'User ID lokal of the operator that the client acts for' }),
  })
  .meta({ id: 'TokenRequest' });
export type TokenRequest = z.infer<typeof TokenRequest>;

export const TokenResponse = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds' }),
    scope: z.string(),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.infer<typeof TokenResponse>;

/** RFC 6749 5.2, with the members of a Problem beside its own. */
export const TokenError = z
  .object({
    error: z.enum([
      'invalid_request',
      'invalid_client',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_scope',
    ]),
    error_description: z.string(),
    code: z.enum(errorCodes),
    detail: z.string(),
    correlationId: z.string(),
  })
  .loose()
  .meta({ id: 'TokenError' });
export type TokenError = z.infer<typeof TokenError>;

/** RFC 7517. */
export const JwkSet = z
  .strictObject({
    keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.string() })),
  })
  .meta({ id: 'JwkSet' });

const Gate = z.strictObject({
  code: z.enum(errorCodes),
  detail: z.string(),
  clause: z.string().meta({ description: 'The obligation behind it, O-nn' }),
});

/** `GET /v1/access-rights`: what may I ask, until when, on which clause, and what is missing. */
export const AccessRights = z
  .strictObject({
    institution: z.strictObject({ id: z.uuid(), name: z.string(), regionCode: z.string() }),
    client: z.strictObject({
      id: z.string(),
      name: z.string(),
      scopes: z.array(Scope),
      purposes: z.array(PatenService),
    }),
    operator: z.strictObject({ id: z.uuid(), userIdLokal: z.string(), role: Role }).nullable(),
    allowed: z.boolean().meta({ description: 'true: a look-up from here, now, would be let through' }),
    warnings: z.array(
      z.strictObject({
        code: z.enum(['AGREEMENT_ENDS_SOON', 'CLIENT_EXPIRES_SOON', 'OPERATOR_ENDS_SOON']),
        on: Day.meta({ description: 'Last day' }),
        days: z.int(),
        detail: z.string(),
      }),
    ),
    missing: z.array(Gate).meta({ description: 'Every gate that is shut, not only the first' }),
    agreement: z
      .strictObject({
        id: z.uuid(),
        versionId: z.uuid(),
        version: z.int(),
        number: z.string(),
        validFrom: Day,
        validUntil: Day,
        clauses: z.array(z.string()),
      })
      .nullable(),
    elements: z.array(ElementName),
    modes: z.array(VerificationMode),
    quota: Quota.nullable(),
    upstream: UpstreamState.nullable(),
  })
  .meta({ id: 'AccessRights' });
export type AccessRights = z.infer<typeof AccessRights>;
