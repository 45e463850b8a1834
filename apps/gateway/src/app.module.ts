import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { dataSourceOptions, Log, poolOf, RpcClient } from '#service';
import { AccessGuard } from './access/access.guard.js';
import { AccessRepository } from './access/access.repository.js';
import { AccessRightsController } from './access/access-rights.controller.js';
import { AccessService } from './access/access.service.js';
import { ClientCertificates } from './access/client-certificate.js';
import * as accessEntities from './access/entities.js';
import { StandingAccess } from './access/standing-access.js';
import { AdminEventsController } from './administration/admin-events.controller.js';
import { administrationProviders } from './administration/administration-providers.js';
import * as administrationEntities from './administration/entities.js';
import { ProposalsController } from './administration/proposals.controller.js';
import { AgreementsController } from './agreements/agreements.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import type { Config } from './config.js';
import { BalikanAccess } from './data-balikan/balikan-access.js';
import { dataBalikanControllers } from './data-balikan/controllers.js';
import { Downloads } from './data-balikan/downloads.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { ExportController } from './evidence/export.controller.js';
import { verifierFolder, verifierFolderToken } from './evidence/verifier-files.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationPipe } from './http/validation.pipe.js';
import { InstitutionsController } from './institutions/institutions.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { OperatorsController } from './operators/operators.controller.js';
import { PersonTrails } from './person-trail/person-trails.js';
import { PersonTrailsController } from './person-trail/person-trails.controller.js';
import * as readerEntities from './readers/entities.js';
import { ReaderExceptionsController } from './readers/exceptions.controller.js';
import { ReaderAgentsController } from './readers/reader-agents.controller.js';
import { readerProviders } from './readers/reader-providers.js';
import { ReaderRegisterController } from './readers/reader-register.controller.js';
import { ReadersController } from './readers/readers.controller.js';
import { SamsController } from './readers/sams.controller.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { reportingControllers } from './reporting/controllers.js';
import { ReportingFactsController } from './reporting-facts/facts.controller.js';
import { SealingKey } from '#service/keys/sealing-key';
import { AccountController } from './sessions/account.controller.js';
import * as sessionEntities from './sessions/entities.js';
import { sessionProviders } from './sessions/session-providers.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { tokenProviders } from './tokens/providers.js';
import { TokensController } from './tokens/tokens.controller.js';
import { UpstreamController } from './upstream/upstream.controller.js';
import { VerificationsController } from './verifications/verifications.controller.js';

export const databaseSchema = 'access';
export const databaseEntities = Object.values({
  ...accessEntities,
  ...sessionEntities,
  ...administrationEntities,
  ...readerEntities,
});

/** Tokens under which the few plain values are injected. */
export const documentToken = 'openapi document';
export const deadlinesToken = 'deadlines';
export const receiptsToken = 'receipts';

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
      controllers: [
        TokensController,
        SessionsController,
        AccountController,
        AccessRightsController,
        VerificationsController,
        EvidenceController,
        ExportController,
        ReceiptsController,
        PersonTrailsController,
        InstitutionsController,
        AgreementsController,
        OperatorsController,
        ClientsController,
        UpstreamController,
        ...dataBalikanControllers,
        ReadersController,
        ReaderAgentsController,
        ReaderExceptionsController,
        ReaderRegisterController,
        SamsController,
        ...reportingControllers,
        ProposalsController,
        AdminEventsController,
        OpenApiController,
        ReportingFactsController,
      ],
      providers: [
        { provide: RpcClient, useValue: bus },
        { provide: Log, useValue: log },
        ...tokenProviders(config),
        { provide: SealingKey, useValue: new SealingKey(config.keyDir) },
        ...sessionProviders(config.sessions, log),
        ...administrationProviders(config, log, bus),
        {
          provide: ClientCertificates,
          useValue: new ClientCertificates({
            trustedProxies: config.trustedProxies,
            believeHeader: config.clientCertHeader,
          }),
        },
        {
          provide: AccessRepository,
          useFactory: (source: DataSource) => new AccessRepository(poolOf(source)),
          inject: [getDataSourceToken()],
        },
        {
          provide: AccessService,
          useFactory: (repository: AccessRepository) =>
            new AccessService(repository, bus, log, config.sessions.idleSeconds),
          inject: [AccessRepository],
        },
        { provide: deadlinesToken, useValue: { verifyMs: config.verifyDeadlineMs } },
        { provide: documentToken, useValue: document },
        { provide: receiptsToken, useValue: config.receipts },
        { provide: verifierFolderToken, useValue: verifierFolder },
        ...readerProviders(config, log, bus),
        PersonTrails,
        StandingAccess,
        BalikanAccess,
        Downloads,
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, access: AccessService, certificates: ClientCertificates) =>
            new AccessGuard(reflector, access, certificates, config.burst),
          inject: [Reflector, AccessService, ClientCertificates],
        },
        { provide: APP_PIPE, useValue: validationPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ],
    };
  }
}
