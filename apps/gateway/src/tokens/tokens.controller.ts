import { Body, Controller, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  getJwks,
  issueToken,
  scopes as allScopes,
  TokenRequest,
  type ErrorCode,
  type Scope,
  type TokenResponse,
} from '#contracts';
import { AppError } from '#service';
import { AccessService } from '../access/access.service.js';
import type { AccessFacts } from '../access/access-facts.js';
import { ClientCertificates } from '../access/client-certificate.js';
import { identityGates } from '../access/decide-access.js';
import { ApiRoute } from '../http/route.decorator.js';
import { ClientAuthentication } from './client-authentication.js';
import { SigningKeys } from './signing-keys.js';
import { tokenLifetime, Tokens } from './tokens.js';

const grantTypeMissing = 'Wajib diisi: client_credentials.';

@Controller()
export class TokensController {
  constructor(
    private readonly access: AccessService,
    private readonly authentication: ClientAuthentication,
    private readonly certificates: ClientCertificates,
    private readonly tokens: Tokens,
    private readonly keys: SigningKeys,
  ) {}

  @ApiRoute(issueToken)
  @Header('Cache-Control', 'no-store')
  async issue(
    @Body({ schema: TokenRequest }) form: TokenRequest,
    @Req() request: FastifyRequest,
  ): Promise<TokenResponse> {
    checkGrantType(form.grant_type);
    const facts = await this.authentication.authenticate(request, form);
    const certificate = this.certificates.findThumbprint(request);
    const code = refusalOf(facts, request.ip, certificate);
    if (code) {
      await this.access.recordRefusal(facts, code);
      throw new AppError(code);
    }
    const scopes = grantScopes(form.scope, facts.client.scopes);
    const operatorId = form.operator === undefined ? null : await this.findOperator(facts, form.operator);
    return {
      access_token: await this.tokens.issue({
        clientId: facts.client.id,
        operatorId,
        scopes,
        certificate,
      }),
      token_type: 'Bearer',
      expires_in: tokenLifetime,
      scope: scopes.join(' '),
    };
  }

  @ApiRoute(getJwks)
  @Header('Cache-Control', 'public, max-age=300')
  async jwks() {
    return { keys: (await this.keys.publicKeys()).map((key) => key.publicJwk) };
  }

  /** Whether the operator may look up just now is decided at each request; here only that the person exists. */
  private async findOperator(facts: AccessFacts, userIdLokal: string): Promise<string> {
    // PostgreSQL knows no text with a NUL in it, so nobody is called that
    const named = userIdLokal.includes('\0') ? undefined : userIdLokal;
    const operator = named && (await this.access.findOperator(facts.institution.id, named));
    if (!operator) throw new AppError('OPERATOR_UNKNOWN');
    return operator.id;
  }
}

/** @throws {AppError} REQUEST_INVALID when it is missing, GRANT_TYPE_UNSUPPORTED when it is another one (RFC 6749 5.2) */
function checkGrantType(grantType: string | undefined): void {
  // what has no value counts as left out (RFC 6749 3.2)
  if (!grantType)
    throw new AppError('REQUEST_INVALID', { issues: [{ path: 'grant_type', message: grantTypeMissing }] });
  if (grantType !== 'client_credentials') throw new AppError('GRANT_TYPE_UNSUPPORTED');
}

/** Of a client that has proven who it is. */
function refusalOf(facts: AccessFacts, address: string, certificate: string | null): ErrorCode | undefined {
  const gate = identityGates(facts, address)[0];
  if (gate) return gate.code;
  return facts.client.certificateRequired && certificate === null ? 'CERTIFICATE_REQUIRED' : undefined;
}

/** @throws {AppError} SCOPE_INVALID when a scope is unknown or the client does not have it (RFC 6749 5.2) */
function grantScopes(wanted: string | undefined, granted: readonly Scope[]): Scope[] {
  if (wanted === undefined || wanted.trim() === '') return allScopes.filter((scope) => granted.includes(scope));
  const names = wanted.trim().split(/ +/);
  if (!names.every((name) => (granted as readonly string[]).includes(name))) throw new AppError('SCOPE_INVALID');
  return allScopes.filter((scope) => names.includes(scope));
}
