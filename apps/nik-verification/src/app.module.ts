import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { verifyAt } from '#contracts';
import { dataSourceOptions, poolOf, type Log, type RpcClient } from '#service';
import type { Config } from './config.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { Pseudonymiser } from './evidence/pseudonym.js';
import { TrailRepository } from './evidence/trail.repository.js';
import { AgreementKeys } from './keys/agreement-keys.js';
import { KeyFolder } from './keys/key-folder.js';
import * as entities from './ledger/entities.js';
import { HitLedger } from './ledger/hit-ledger.js';
import { AccessRights } from './upstream/access-rights.js';
import { GateKeeper } from './upstream/gate-keeper.js';
import { UpstreamDirectory } from './upstream/upstream-directory.js';
import { Housekeeping } from './verification/housekeeping.js';
import { replica, VerificationController } from './verification/verification.controller.js';
import { VerificationService } from './verification/verification.service.js';

export const databaseSchema = 'verification';
export const databaseEntities = Object.values(entities);

/** Between the ministry's deadline and giving a reservation up: time to write how it ended, milliseconds. */
const leaseMarginMs = 5_000;

@Module({})
export class AppModule {
  static with(config: Config, log: Log, bus: RpcClient): DynamicModule {
    const dataSource = getDataSourceToken();
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions('nik-verification', databaseSchema, config.database, databaseEntities),
          retryAttempts: 40,
          retryDelay: 500,
        }),
        TypeOrmModule.forFeature(databaseEntities),
      ],
      controllers: [VerificationController, ConfigurationController],
      providers: [
        { provide: KeyFolder, useValue: new KeyFolder(config.keyDir) },
        { provide: Pseudonymiser, useFactory: (keys: KeyFolder) => new Pseudonymiser(keys), inject: [KeyFolder] },
        { provide: AgreementKeys, useFactory: (keys: KeyFolder) => new AgreementKeys(keys), inject: [KeyFolder] },
        {
          provide: HitLedger,
          useFactory: (source: DataSource) =>
            new HitLedger(poolOf(source), {
              holder: replica,
              leaseMs: config.upstream.deadlineMs + leaseMarginMs,
              breaker: config.breaker,
            }),
          inject: [dataSource],
        },
        {
          provide: TrailRepository,
          useFactory: (source: DataSource) => new TrailRepository(poolOf(source)),
          inject: [dataSource],
        },
        {
          provide: AccessRights,
          useFactory: (rows: Repository<entities.UpstreamAccessRow>, keys: AgreementKeys) =>
            new AccessRights(rows, keys),
          inject: [getRepositoryToken(entities.UpstreamAccessRow), AgreementKeys],
        },
        {
          provide: UpstreamDirectory,
          useFactory: (rights: AccessRights) => new UpstreamDirectory(rights, config.upstream),
          inject: [AccessRights],
        },
        {
          provide: GateKeeper,
          useFactory: (source: DataSource, directory: UpstreamDirectory) =>
            new GateKeeper(poolOf(source), directory, config.breaker),
          inject: [dataSource, UpstreamDirectory],
        },
        {
          provide: Housekeeping,
          useFactory: (source: DataSource, gates: GateKeeper, keys: KeyFolder, directory: UpstreamDirectory) =>
            new Housekeeping(poolOf(source), gates, keys, directory, log),
          inject: [dataSource, GateKeeper, KeyFolder, UpstreamDirectory],
        },
        {
          provide: VerificationService,
          useFactory: (ledger: HitLedger, pseudonymiser: Pseudonymiser, directory: UpstreamDirectory) =>
            new VerificationService(
              ledger,
              pseudonymiser,
              directory,
              config.upstream.deadlineMs,
              log,
              (holder, input, deadlineAt) =>
                bus.call(verifyAt(holder), input, { deadlineMs: Math.max(1, deadlineAt - performance.now()) }),
            ),
          inject: [HitLedger, Pseudonymiser, UpstreamDirectory],
        },
      ],
    };
  }
}
