import type { Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { poolOf } from '#service';
import { AccessService } from '../access/access.service.js';
import type { Config } from '../config.js';
import { BearerStrategy } from './bearer.strategy.js';
import { ClientAssertions } from './client-assertion.js';
import { ClientAuthentication } from './client-authentication.js';
import { CredentialFailures } from './credential-failures.js';
import { SigningKeys } from './signing-keys.js';
import { Tokens } from './tokens.js';
import { UsedAssertions } from './used-assertions.js';

/** All that gives out tokens and reads them. */
export const tokenProviders = ({ keyDir, signingKeyPeriodMs, issuer, publicUrls }: Config): Provider[] => [
  { provide: SigningKeys, useValue: new SigningKeys(keyDir, signingKeyPeriodMs) },
  { provide: Tokens, useFactory: (keys: SigningKeys) => new Tokens(keys, issuer), inject: [SigningKeys] },
  BearerStrategy,
  {
    provide: ClientAuthentication,
    useFactory: (access: AccessService, source: DataSource) =>
      new ClientAuthentication(
        access,
        new ClientAssertions(),
        new UsedAssertions(poolOf(source)),
        new CredentialFailures(),
        { issuer, publicUrls },
      ),
    inject: [AccessService, getDataSourceToken()],
  },
];
