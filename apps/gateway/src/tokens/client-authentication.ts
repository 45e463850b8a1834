import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { TokenRequest } from '#contracts';
import { AppError } from '#service';
import type { AccessFacts } from '../access/access-facts.js';
import type { AccessService } from '../access/access.service.js';
import type { ClientAssertions } from './client-assertion.js';
import { isOneOfSecrets, readClientCredentials, type ClientCredentials } from './client-credentials.js';
import type { CredentialFailures } from './credential-failures.js';
import { tokenEndpoints } from './token-endpoints.js';
import type { UsedAssertions } from './used-assertions.js';

/** Names of this gateway that an assertion may be meant for: its issuer, and where it is reached. */
export interface GatewayNames {
  issuer: string;
  publicUrls: readonly string[];
}

/** For the log alone. */
class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
  constructor(readonly code: 'SECRET_WRONG' | 'ASSERTION_USED') {
    super(code);
  }
}

/** Who asks for a token, by one of three ways: HTTP Basic, secret in the form, signed assertion. */
@Injectable()
export class ClientAuthentication {
  constructor(
    private readonly access: AccessService,
    private readonly assertions: ClientAssertions,
    private readonly used: UsedAssertions,
    private readonly failures: CredentialFailures,
    private readonly names: GatewayNames,
  ) {}

  /**
   * The facts of the client, read anew: a secret or key that was taken away counts no more, and what is in memory would tell
   * by its speed who exists.
   *
   * @throws {AppError} CLIENT_INVALID, the same for all that can be wrong; RATE_LIMITED after many of those;
   *   SERVICE_UNAVAILABLE
   */
  async authenticate(request: FastifyRequest, form: TokenRequest): Promise<AccessFacts> {
    const credentials = readClientCredentials(request.headers.authorization, form);
    this.failures.admit(credentials.id, request.ip);
    const facts = await this.access.readFacts(credentials.id);
    const fault = await this.findFault(credentials, facts, request);
    this.failures.settle(credentials.id, request.ip, fault === undefined);
    if (!facts || fault) throw new AppError('CLIENT_INVALID', {}, { cause: fault });
    return facts;
  }

  private async findFault(
    credentials: ClientCredentials,
    facts: AccessFacts | undefined,
    request: FastifyRequest,
  ): Promise<Error | undefined> {
    if ('secret' in credentials) {
      const right = isOneOfSecrets(credentials.secret, facts?.client.secrets ?? []);
      return right && facts ? undefined : new CredentialFault('SECRET_WRONG');
    }
    const { id: clientId, assertion } = credentials;
    try {
      const audiences = [this.names.issuer, ...tokenEndpoints(request, this.names.publicUrls)];
      const jwks = facts?.client.jwks ?? null;
      const verified = await this.assertions.verify(assertion, { clientId, jwks, audiences });
      return (await this.used.spend(clientId, verified)) ? undefined : new CredentialFault('ASSERTION_USED');
    } catch (error) {
      // what could not be asked is no fault of the client
      if (error instanceof AppError) throw error;
      return error as Error;
    }
  }
}
