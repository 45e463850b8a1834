import { AccessRights } from '../access.js';
import { defineRoute } from '../route.js';
import { VerificationRequest, VerificationResult, VerificationTrail, VerificationTrailQuery } from '../verification.js';
import { exampleId, exampleQuota, exampleReceipt, serverErrors, tokenErrors } from './shared.js';

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
        warnings: [],
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
        ...exampleReceipt,
      },
      match: {
        id: exampleId,
        outcome: 'FOUND',
        match: { namaLengkap: { agrees: true, similarity: 100 }, tanggalLahir: { agrees: true } },
        warnings: [],
        quota: exampleQuota,
        ...exampleReceipt,
      },
      notFound: { id: exampleId, outcome: 'NOT_FOUND', warnings: [], quota: exampleQuota, ...exampleReceipt },
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
    'ACCESS_STOPPED',
    'OUTSIDE_WORKING_HOURS',
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
    'EVIDENCE_STALLED',
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
  errors: [
    'REQUEST_INVALID',
    'RESOURCE_NOT_FOUND',
    'OPERATOR_REQUIRED',
    'OPERATOR_INACTIVE',
    ...tokenErrors,
    ...serverErrors,
  ],
});
