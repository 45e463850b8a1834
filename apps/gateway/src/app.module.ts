import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { dataSourceOptions, poolOf, RpcClient, type Log } from '#service';
import { AccessGuard } from './access/access.guard.js';
import { AccessRepository } from './access/access.repository.js';
import { AccessRightsController } from './access/access-rights.controller.js';
import { AccessService } from './access/access.service.js';
import * as entities from './access/entities.js';
import type { Config } from './config.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationPipe } from './http/validation.pipe.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { BearerStrategy } from './tokens/bearer.strategy.js';
import { SigningKeys } from './tokens/signing-keys.js';
import { Tokens } from './tokens/tokens.js';
import { TokensController } from './tokens/tokens.controller.js';
import { VerificationsController } from './verifications/verifications.controller.js';

export const databaseSchema = 'access';
export const databaseEntities = Object.values(entities);

/** Tokens under which the few plain values are injected. */
export const documentToken = 'openapi document';
export const deadlinesToken = 'deadlines';

@Module({})
export class AppModule {
  static with(config: Config, log: Log, bus: RpcClient, document: Record<string, unknown>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions('gateway', databaseSchema, config.database, databaseEntities),
          retryAttempts: 40,
          retryDelay: 500,
        }),
      ],
      controllers: [TokensController, AccessRightsController, VerificationsController, OpenApiController],
      providers: [
        { provide: RpcClient, useValue: bus },
        { provide: SigningKeys, useValue: new SigningKeys(config.keyDir, config.signingKeyPeriodMs) },
        { provide: Tokens, useFactory: (keys: SigningKeys) => new Tokens(keys, config.issuer), inject: [SigningKeys] },
        BearerStrategy,
        {
          provide: AccessRepository,
          useFactory: (source: DataSource) => new AccessRepository(poolOf(source)),
          inject: [getDataSourceToken()],
        },
        {
          provide: AccessService,
          useFactory: (repository: AccessRepository) => new AccessService(repository, bus, log),
          inject: [AccessRepository],
        },
        { provide: deadlinesToken, useValue: { verifyMs: config.verifyDeadlineMs } },
        { provide: documentToken, useValue: document },
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, access: AccessService) => new AccessGuard(reflector, access, config.burst),
          inject: [Reflector, AccessService],
        },
        { provide: APP_PIPE, useValue: validationPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ],
    };
  }
}
