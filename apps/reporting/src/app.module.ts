import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { dataSourceOptions, Log, poolOf, RpcClient } from '#service';
import { SealingKey } from '#service/keys/sealing-key';
import { duties } from './duties/duties.feature.js';
import { entities as dutyEntities } from './duties/entities.js';
import { entities as evaluationEntities } from './evaluation/entities.js';
import { evaluation } from './evaluation/evaluation.feature.js';
import { entities as evidenceEntities } from './evidence-report/entities.js';
import { evidenceReport } from './evidence-report/evidence-report.feature.js';
import { facts } from './facts/facts.feature.js';
import type { Feature, FeatureContext } from './feature.js';
import { entities as formEntities } from './forms/entities.js';
import { forms } from './forms/forms.feature.js';
import { entities as letterEntities } from './letters/entities.js';
import { letters } from './letters/letters.feature.js';
import { entities as obligationEntities } from './obligations/entities.js';
import { obligations } from './obligations/obligations.feature.js';
import { entities as openingEntities } from './opening/entities.js';
import { opening } from './opening/opening.feature.js';
import { entities as reminderEntities } from './reminders/entities.js';
import { reminders } from './reminders/reminders.feature.js';
import { entities as reportEntities } from './reports/entities.js';
import { reports } from './reports/reports.feature.js';

export const databaseSchema = 'reporting';
export const databaseEntities = [
  ...evidenceEntities,
  ...reportEntities,
  ...dutyEntities,
  ...obligationEntities,
  ...reminderEntities,
  ...letterEntities,
  ...formEntities,
  ...evaluationEntities,
  ...openingEntities,
];

export const featuresOf = (context: FeatureContext): Feature[] =>
  [evidenceReport, facts, opening, reports, duties, obligations, reminders, letters, forms, evaluation].map(
    (feature: (context: FeatureContext) => Feature) => feature(context),
  );

@Module({})
export class AppModule {
  static with(context: FeatureContext, features: Feature[]): DynamicModule {
    const { config, log, bus } = context;
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions('reporting', databaseSchema, config.database, databaseEntities),
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
        { provide: SealingKey, useFactory: () => new SealingKey(config.keyDir) },
        ...features.flatMap((feature) => feature.providers),
      ],
    };
  }
}
