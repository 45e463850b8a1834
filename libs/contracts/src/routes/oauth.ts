import { JwkSet, TokenRequest, TokenResponse } from '../access.js';
import { defineRoute } from '../route.js';
import { serverErrors } from './shared.js';

export const issueToken = defineRoute({
  operationId: 'issueToken',
  method: 'POST',
  path: '/oauth/token',
  summary: 'Get a token',
  description:
    'RFC 6749 client credentials; client id and secret by HTTP Basic or in the form, or better a signed assertion (RFC 7523, `private_key_jwt`), exactly one of them. ' +
    'The assertion is signed by EdDSA, ES256, RS256 or PS256; `iss` and `sub` are the client id, `aud` is the issuer of the tokens or the URL of this endpoint, `exp` lies at most 5 minutes ahead, and `jti` counts once. ' +
    'With a client certificate (mutual TLS), the token is bound to it and is taken only together with it (RFC 8705). `operator` names the User ID lokal of the person that the client acts for. ' +
    'After 20 failures in a row, a client id waits up to 60 seconds between attempts from the same address. ' +
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
    'CERTIFICATE_REQUIRED',
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
