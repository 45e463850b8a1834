import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { AgreementKeys, dataSourceOptions, KeyFolder, Log, poolOf, RpcClient } from '#service';
import { entities as batchEntities } from './batches/entities.js';
import { batches } from './batches/batches.feature.js';
import { coverage } from './coverage/coverage.feature.js';
import { entities as deliveryEntities } from './delivery/entities.js';
import { delivery } from './delivery/delivery.feature.js';
import { entities as destinationEntities } from './destinations/entities.js';
import { destinations } from './destinations/destinations.feature.js';
import type { Feature, FeatureContext } from './feature.js';
import { entities as mediaEntities } from './media/entities.js';
import { media } from './media/media.feature.js';
import { agreementRows } from './people/agreement-rows.js';
import { PersonVault } from './people/person-vault.js';
import { entities as recordEntities } from './records/entities.js';
import { records } from './records/records.feature.js';
import { report } from './report/report.feature.js';

export const databaseSchema = 'balikan';
export const databaseEntities = [
  ...recordEntities,
  ...destinationEntities,
  ...deliveryEntities,
  ...batchEntities,
  ...mediaEntities,
];

export const featuresOf = (context: FeatureContext): Feature[] =>
  [records, destinations, delivery, batches, media, coverage, report].map((feature) => feature(context));

@Module({})
export class AppModule {
  static with(context: FeatureContext, features: Feature[]): DynamicModule {
    const { config, log, bus } = context;
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions('data-balikan', databaseSchema, config.database, databaseEntities),
          retryAttempts: 40,
          retryDelay: 500,
        }),
        TypeOrmModule.forFeature(databaseEntities),
      ],
      controllers: features.flatMap((feature) => feature.controllers),
      providers: [
        { provide: Log, useValue: log },
        { provide: RpcClient, useValue: bus },
        { provide: pg.Pool, useFactory: (source: DataSource) => poolOf(source), inject: [getDataSourceToken()] },
        { provide: KeyFolder, useValue: new KeyFolder(config.keyDir) },
        { provide: AgreementKeys, useFactory: (folder: KeyFolder) => new AgreementKeys(folder), inject: [KeyFolder] },
        {
          provide: PersonVault,
          useFactory: (folder: KeyFolder, keys: AgreementKeys, pool: pg.Pool) =>
            new PersonVault(folder, keys, agreementRows(pool)),
          inject: [KeyFolder, AgreementKeys, pg.Pool],
        },
        ...features.flatMap((feature) => feature.providers),
      ],
    };
  }
}
