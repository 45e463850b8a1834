import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { verifyAt } from '#contracts';
import { AgreementKeys, dataSourceOptions, KeyFolder, type Log, poolOf, type RpcClient } from '#service';
import type { Config } from './config.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { BundleExport } from './evidence/bundle-export.js';
import { CheckpointFolder } from './evidence/checkpoint-folder.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { EvidenceLag } from './evidence/evidence-lag.js';
import { Leadership } from './evidence/leadership.js';
import { LogKey } from './evidence/log-key.js';
import { PersonTrace } from './evidence/person-trace.js';
import { Proofs } from './evidence/proofs.js';
import { Pseudonymiser } from './evidence/pseudonym.js';
import { ReportedEventsController } from './evidence/reported-events.controller.js';
import { ReportedEvents } from './evidence/reported-events.js';
import { Receipts } from './evidence/receipts.js';
import { Sequencer } from './evidence/sequencer.js';
import { TrailRepository } from './evidence/trail.repository.js';
import * as evidenceEntities from './evidence/entities.js';
import * as coverageEntities from './figures/coverage-entities.js';
import * as figureEntities from './figures/entities.js';
import { DeliveredRecordsController } from './figures/delivered-records.controller.js';
import { FiguresController } from './figures/figures.controller.js';
import { figureProviders } from './figures/figures.providers.js';
import { OpenedEventsController } from './figures/opened-events.controller.js';
import * as entities from './ledger/entities.js';
import { HitLedger } from './ledger/hit-ledger.js';
import { LookUpRepository } from './look-ups/look-up.repository.js';
import { LookUpsController } from './look-ups/look-ups.controller.js';
import { LookUps } from './look-ups/look-ups.js';
import { SequenceWatch } from './patterns/sequence-watch.js';
import { AccessRights } from './upstream/access-rights.js';
import { GateKeeper } from './upstream/gate-keeper.js';
import { UpstreamDirectory } from './upstream/upstream-directory.js';
import { Housekeeping } from './verification/housekeeping.js';
import { replica, VerificationController } from './verification/verification.controller.js';
import { VerificationService } from './verification/verification.service.js';

export const databaseSchema = 'verification';
export const databaseEntities = [
  ...Object.values(entities),
  ...Object.values(evidenceEntities),
  ...Object.values(figureEntities),
  ...Object.values(coverageEntities),
];

/** Between the ministry's deadline and giving a reservation up: time to write how it ended, milliseconds. */
const leaseMarginMs = 5_000;
/** How long the database waits for a sequencer that says nothing. */
const leaderSilenceMs = 10_000;

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
      controllers: [
        VerificationController,
        ConfigurationController,
        EvidenceController,
        ReportedEventsController,
        LookUpsController,
        FiguresController,
        OpenedEventsController,
        DeliveredRecordsController,
      ],
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
          provide: ReportedEvents,
          useFactory: (source: DataSource) => new ReportedEvents(poolOf(source)),
          inject: [dataSource],
        },
        {
          provide: TrailRepository,
          useFactory: (source: DataSource) => new TrailRepository(poolOf(source)),
          inject: [dataSource],
        },
        { provide: LogKey, useFactory: (keys: KeyFolder) => new LogKey(keys), inject: [KeyFolder] },
        {
          provide: EvidenceLag,
          useFactory: (source: DataSource) => new EvidenceLag(poolOf(source), config.evidence.lag, log),
          inject: [dataSource],
        },
        {
          provide: Sequencer,
          useFactory: (source: DataSource, key: LogKey) => {
            const leadership = new Leadership(poolOf(source), { holder: replica, silenceMs: leaderSilenceMs });
            const folder = new CheckpointFolder(config.evidence.checkpointDir);
            return new Sequencer(poolOf(source), leadership, folder, key, log, config.evidence.sequencer);
          },
          inject: [dataSource, LogKey],
        },
        {
          provide: Proofs,
          useFactory: (source: DataSource, key: LogKey) => new Proofs(poolOf(source), key),
          inject: [dataSource, LogKey],
        },
        {
          provide: BundleExport,
          useFactory: (source: DataSource, proofs: Proofs) => new BundleExport(poolOf(source), proofs),
          inject: [dataSource, Proofs],
        },
        {
          provide: Receipts,
          useFactory: (source: DataSource, key: LogKey, proofs: Proofs) =>
            new Receipts(poolOf(source), key, proofs, config.evidence.sequencer.installation),
          inject: [dataSource, LogKey, Proofs],
        },
        {
          provide: PersonTrace,
          useFactory: (source: DataSource, pseudonymiser: Pseudonymiser) =>
            new PersonTrace(poolOf(source), pseudonymiser),
          inject: [dataSource, Pseudonymiser],
        },
        {
          provide: LookUps,
          useFactory: (source: DataSource, pseudonymiser: Pseudonymiser, keys: KeyFolder) =>
            new LookUps(new LookUpRepository(poolOf(source)), pseudonymiser, keys),
          inject: [dataSource, Pseudonymiser, KeyFolder],
        },
        ...figureProviders(log, config.database.poolSize),
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
          useFactory: (
            source: DataSource,
            gates: GateKeeper,
            keys: KeyFolder,
            directory: UpstreamDirectory,
            lag: EvidenceLag,
          ) => new Housekeeping(poolOf(source), gates, keys, directory, lag, log),
          inject: [dataSource, GateKeeper, KeyFolder, UpstreamDirectory, EvidenceLag],
        },
        {
          provide: VerificationService,
          useFactory: (
            ledger: HitLedger,
            pseudonymiser: Pseudonymiser,
            directory: UpstreamDirectory,
            receipts: Receipts,
            lag: EvidenceLag,
            sequences: SequenceWatch,
          ) =>
            new VerificationService(
              ledger,
              pseudonymiser,
              directory,
              receipts,
              lag,
              sequences,
              config.upstream.deadlineMs,
              log,
              (holder, input, deadlineAt) =>
                bus.call(verifyAt(holder), input, { deadlineMs: Math.max(1, deadlineAt - performance.now()) }),
            ),
          inject: [HitLedger, Pseudonymiser, UpstreamDirectory, Receipts, EvidenceLag, SequenceWatch],
        },
      ],
    };
  }
}
