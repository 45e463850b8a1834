import { Body, Controller, Header, Headers, Ip } from '@nestjs/common';
import { getJwks, issueToken, scopes as allScopes, TokenRequest, type Scope, type TokenResponse } from '#contracts';
import { AppError } from '#service';
import { AccessService } from '../access/access.service.js';
import type { AccessFacts } from '../access/access-facts.js';
import { identityGates } from '../access/decide-access.js';
import { ApiRoute } from '../http/route.decorator.js';
import { readClientCredentials, secretMatches } from './client-credentials.js';
import { SigningKeys } from './signing-keys.js';
import { tokenLifetime, Tokens } from './tokens.js';

/** Stands in for the hash of a client that does not exist, so that both answers take the same way. */
const nobody = '0'.repeat(64);

@Controller()
export class TokensController {
  constructor(
    private readonly access: AccessService,
    private readonly tokens: Tokens,
    private readonly keys: SigningKeys,
  ) {}

  @ApiRoute(issueToken)
  @Header('Cache-Control', 'no-store')
  async issue(
    @Body({ schema: TokenRequest }) form: TokenRequest,
    @Headers('authorization') authorization: string | undefined,
    @Ip() address: string,
  ): Promise<TokenResponse> {
    if (form.grant_type !== 'client_credentials') throw new AppError('GRANT_TYPE_UNSUPPORTED');
    const credentials = readClientCredentials(authorization, form);
    const facts = await this.access.findFacts(credentials.id, null);
    if (!secretMatches(credentials.secret, facts?.client.secretSha256 ?? nobody) || !facts)
      throw new AppError('CLIENT_INVALID');
    const gate = identityGates(facts, address)[0];
    if (gate) {
      await this.access.recordRefusal(facts, gate.code);
      throw new AppError(gate.code);
    }
    const scopes = grantScopes(form.scope, facts.client.scopes);
    const operatorId = form.operator === undefined ? null : await this.findOperator(facts, form.operator);
    return {
      access_token: await this.tokens.issue({ clientId: facts.client.id, operatorId, scopes }),
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
    const operator = await this.access.findOperator(facts.institution.id, userIdLokal);
    if (!operator) throw new AppError('OPERATOR_UNKNOWN');
    return operator.id;
  }
}

/** @throws {AppError} SCOPE_INVALID when a scope is unknown or the client does not have it (RFC 6749 5.2) */
function grantScopes(wanted: string | undefined, granted: readonly Scope[]): Scope[] {
  if (wanted === undefined || wanted.trim() === '') return allScopes.filter((scope) => granted.includes(scope));
  const names = wanted.trim().split(/ +/);
  if (!names.every((name) => (granted as readonly string[]).includes(name))) throw new AppError('SCOPE_INVALID');
  return allScopes.filter((scope) => names.includes(scope));
}
