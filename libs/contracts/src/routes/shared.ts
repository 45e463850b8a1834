import type { ErrorCode } from '../errors.js';

export const exampleId = '019ab3c4-5d6e-7f80-9123-456789abcdef';
export const exampleQuota = {
  day: '2026-11-23',
  limit: 1000,
  used: 127,
  left: 873,
  resetAt: '2026-11-24T00:00:00+07:00',
};

export const exampleReceipt = {
  receipt: 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl',
  receiptCode: 'G7XK-9M2Q-4TRD-0HVB-M',
};

/** Of every route that a token or a session opens. */
export const tokenErrors = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'SCOPE_MISSING',
  'ROLE_NOT_ALLOWED',
  'CLIENT_REVOKED',
  'NETWORK_NOT_ALLOWED',
  'CERTIFICATE_REQUIRED',
  'SESSION_EXPIRED',
  'CSRF_INVALID',
] as const satisfies readonly ErrorCode[];
export const serverErrors = [
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SERVICE_TIMEOUT',
  'INTERNAL_ERROR',
] as const satisfies readonly ErrorCode[];

/** Of every route that takes a body. */
export const bodyErrors = [
  'REQUEST_MALFORMED',
  'REQUEST_INVALID',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
] as const satisfies readonly ErrorCode[];

/** Of every route for people who have logged in. */
export const sessionErrors = [
  'TOKEN_MISSING',
  'SESSION_REQUIRED',
  'SESSION_EXPIRED',
  'CSRF_INVALID',
  'OPERATOR_INACTIVE',
  'ROLE_NOT_ALLOWED',
  'NETWORK_NOT_ALLOWED',
] as const satisfies readonly ErrorCode[];
