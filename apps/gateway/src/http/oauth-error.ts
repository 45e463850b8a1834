import type { ErrorCode, TokenError } from '#contracts';

const oauthErrors: Partial<Record<ErrorCode, TokenError['error']>> = {
  CLIENT_INVALID: 'invalid_client',
  CERTIFICATE_REQUIRED: 'invalid_client',
  CLIENT_REVOKED: 'unauthorized_client',
  NETWORK_NOT_ALLOWED: 'unauthorized_client',
  GRANT_TYPE_UNSUPPORTED: 'unsupported_grant_type',
  SCOPE_INVALID: 'invalid_scope',
  OPERATOR_UNKNOWN: 'invalid_grant',
};

/** RFC 6749 5.2: the word that OAuth libraries know for one of our codes. */
export const oauthError = (code: ErrorCode): TokenError['error'] => oauthErrors[code] ?? 'invalid_request';
