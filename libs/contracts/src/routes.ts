import { z } from 'zod';
import { AccessRights, JwkSet, TokenRequest, TokenResponse } from './access.js';
import type { ErrorCode } from './errors.js';
import { defineRoute } from './route.js';
import { VerificationRequest, VerificationResult, VerificationTrail, VerificationTrailQuery } from './verification.js';

const exampleId = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const exampleQuota = { day: '2026-11-23', limit: 1000, used: 127, left: 873, resetAt: '2026-11-24T00:00:00+07:00' };

const tokenErrors = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'SCOPE_MISSING',
  'ROLE_NOT_ALLOWED',
  'CLIENT_REVOKED',
  'NETWORK_NOT_ALLOWED',
] as const satisfies readonly ErrorCode[];
const serverErrors = [
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SERVICE_TIMEOUT',
  'INTERNAL_ERROR',
] as const satisfies readonly ErrorCode[];

export const issueToken = defineRoute({
  operationId: 'issueToken',
  method: 'POST',
  path: '/oauth/token',
  summary: 'Get a token',
  description:
    'RFC 6749 client credentials; client id and secret by HTTP Basic or in the form. `operator` names the User ID lokal of the person that the client acts for. ' +
    'The token is an EdDSA JWT that lives for 10 minutes. Errors are as in RFC 6749 5.2, with the members of a Problem beside them.',
  access: 'public',
  body: {
    schema: TokenRequest,
    contentType: 'application/x-www-form-urlencoded',
    examples: { operator: { grant_type: 'client_credentials', operator: 'siti.loket1' } },
  },
  response: {
    status: 200,
    description: 'A token',
    schema: TokenResponse,
    examples: {
      token: {
        access_token: 'eyJ...',
        token_type: 'Bearer',
        expires_in: 600,
        scope: 'verifications:write verifications:read access-rights:read',
      },
    },
  },
  errors: [
    'MEDIA_TYPE_UNSUPPORTED',
    'REQUEST_MALFORMED',
    'BODY_TOO_LARGE',
    'REQUEST_INVALID',
    'CLIENT_INVALID',
    'CLIENT_REVOKED',
    'GRANT_TYPE_UNSUPPORTED',
    'SCOPE_INVALID',
    'OPERATOR_UNKNOWN',
    'NETWORK_NOT_ALLOWED',
    ...serverErrors,
  ],
});

export const getJwks = defineRoute({
  operationId: 'getJwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of the tokens',
  access: 'public',
  response: {
    status: 200,
    description: 'RFC 7517 key set: the key in use, the next one, and those that still verify live tokens',
    schema: JwkSet,
    examples: {
      keys: {
        keys: [
          {
            kty: 'OKP',
            crv: 'Ed25519',
            x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
            kid: '2954',
            alg: 'EdDSA',
            use: 'sig',
          },
        ],
      },
    },
  },
  errors: ['INTERNAL_ERROR'],
});

export const getAccessRights = defineRoute({
  operationId: 'getAccessRights',
  method: 'GET',
  path: '/v1/access-rights',
  summary: 'What may I ask, until when, and what is missing',
  description:
    'Costs no hit. Works also when a look-up would be refused: `missing` then lists every gate that is shut.',
  access: { scope: 'access-rights:read', roles: ['operator', 'camat', 'admin', 'evaluator'] },
  response: {
    status: 200,
    description: 'The rights of this token, from this address, now',
    schema: AccessRights,
    examples: {
      allowed: {
        institution: { id: exampleId, name: 'Kecamatan Contoh', regionCode: '33.13.04' },
        client: {
          id: 'paten-contoh',
          name: 'Aplikasi PATEN',
          scopes: ['verifications:write', 'verifications:read', 'access-rights:read'],
          purposes: ['SKU', 'SKTM'],
        },
        operator: { id: exampleId, userIdLokal: 'siti.loket1', role: 'operator' },
        allowed: true,
        missing: [],
        agreement: {
          id: exampleId,
          versionId: exampleId,
          version: 1,
          number: 'PKS/CONTOH/2026',
          validFrom: '2026-01-01',
          validUntil: '2027-12-31',
          clauses: ['PKS 3(1)a', 'PKS 3(1)c', 'PKS 5'],
        },
        elements: ['nik', 'namaLengkap', 'alamat'],
        modes: ['LOOKUP'],
        quota: exampleQuota,
        upstream: { state: 'ready', since: null, until: null },
      },
    },
  },
  errors: [...tokenErrors, ...serverErrors],
});

export const createVerification = defineRoute({
  operationId: 'createVerification',
  method: 'POST',
  path: '/v1/verifications',
  summary: 'Check a NIK against the population register',
  description:
    'Spends at most one hit of the day. Without `match`, the granted elements are answered; with `match`, the elements that you send are compared and none is shown. ' +
    'The answer is not kept: with the header `Idempotency-Key` a repeat is told that it was answered (409 ALREADY_ANSWERED, with `verificationId`) and costs no second hit. ' +
    'The headers `RateLimit` and `RateLimit-Policy` tell the quota of the day.',
  access: { scope: 'verifications:write', roles: ['operator', 'camat'] },
  headers: { 'Idempotency-Key': 'Optional; up to 200 visible characters, for example a UUID; never a NIK' },
  body: {
    schema: VerificationRequest,
    contentType: 'application/json',
    examples: {
      lookup: {
        nik: '3313044107909901',
        purpose: { service: 'SKU', reference: '500/001/SKU/XI/2026' },
        fields: ['namaLengkap', 'tanggalLahir', 'alamat'],
      },
      match: {
        nik: '3313043108859903',
        purpose: { service: 'SKTM', reference: '470/012/SKTM/XI/2026' },
        match: { namaLengkap: 'BUDI CONTOH', tanggalLahir: '1985-08-31', threshold: 90 },
      },
    },
  },
  response: {
    status: 200,
    description: 'The register answered. Everything but FOUND comes without data: refer the citizen to Disdukcapil',
    schema: VerificationResult,
    examples: {
      found: {
        id: exampleId,
        outcome: 'FOUND',
        data: {
          namaLengkap: 'SITI CONTOH',
          tanggalLahir: '1990-07-01',
          alamat: 'JL CONTOH NO 1 RT 006 RW 002, GENENGAN, JUMANTONO, KARANGANYAR, JAWA TENGAH',
        },
        warnings: [],
        quota: exampleQuota,
      },
      match: {
        id: exampleId,
        outcome: 'FOUND',
        match: { namaLengkap: { agrees: true, similarity: 100 }, tanggalLahir: { agrees: true } },
        warnings: [],
        quota: exampleQuota,
      },
      notFound: { id: exampleId, outcome: 'NOT_FOUND', warnings: [], quota: exampleQuota },
    },
  },
  errors: [
    'REQUEST_MALFORMED',
    'REQUEST_INVALID',
    'BODY_TOO_LARGE',
    'MEDIA_TYPE_UNSUPPORTED',
    'PURPOSE_REQUIRED',
    'NIK_INVALID',
    'NIK_NEEDS_CONFIRMATION',
    ...tokenErrors,
    'OPERATOR_REQUIRED',
    'OPERATOR_INACTIVE',
    'NDA_MISSING',
    'SPTJM_MISSING',
    'AGREEMENT_MISSING',
    'AGREEMENT_NOT_STARTED',
    'AGREEMENT_ENDED',
    'FIELD_NOT_GRANTED',
    'MODE_NOT_GRANTED',
    'PURPOSE_NOT_ALLOWED',
    'QUOTA_NOT_GRANTED',
    'QUOTA_EXHAUSTED',
    'ALREADY_ANSWERED',
    'REQUEST_IN_PROGRESS',
    'IDEMPOTENCY_KEY_REUSED',
    'EVIDENCE_UNAVAILABLE',
    'OVERLOADED',
    'UPSTREAM_NOT_CONFIGURED',
    'UPSTREAM_CLOSED',
    'UPSTREAM_ACCESS_BROKEN',
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_UNKNOWN',
    ...serverErrors,
  ],
});

export const listVerifications = defineRoute({
  operationId: 'listVerifications',
  method: 'GET',
  path: '/v1/verifications',
  summary: 'The trail of look-ups and refusals, without any person',
  description:
    'Newest first. An operator sees their own, the Camat and the evaluator the whole institution. Works also after the agreement has ended.',
  access: { scope: 'verifications:read', roles: ['operator', 'camat', 'evaluator'] },
  query: VerificationTrailQuery,
  response: {
    status: 200,
    description: 'A page of the trail',
    schema: VerificationTrail,
    examples: {
      page: {
        entries: [
          {
            id: exampleId,
            at: '2026-11-23T02:15:30.123Z',
            kind: 'LOOKUP',
            agreementVersionId: exampleId,
            clientId: 'paten-contoh',
            operatorId: exampleId,
            purpose: { service: 'SKU', reference: '500/001/SKU/XI/2026' },
            fields: ['namaLengkap', 'alamat'],
            hit: 'confirmed',
            outcome: 'FOUND',
            latencyMs: 143,
          },
        ],
        next: null,
      },
    },
  },
  errors: ['REQUEST_INVALID', 'OPERATOR_REQUIRED', 'OPERATOR_INACTIVE', ...tokenErrors, ...serverErrors],
});

export const getOpenApi = defineRoute({
  operationId: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description, OpenAPI 3.1',
  access: 'public',
  response: {
    status: 200,
    description: 'OpenAPI 3.1 document',
    schema: z.looseObject({ openapi: z.string() }),
    examples: {},
  },
  errors: ['INTERNAL_ERROR'],
});

/** Every route of the gateway. A controller method that is not bound to one of them is refused by the guard. */
export const routes = [
  issueToken,
  getJwks,
  getAccessRights,
  createVerification,
  listVerifications,
  getOpenApi,
] as const;
