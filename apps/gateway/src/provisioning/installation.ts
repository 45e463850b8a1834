import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { dataSourceOptions, Log, makeBusClient, poolOf, RpcClient } from '#service';
import { Administration } from '../administration/administration.service.js';
import { Configurator } from '../agreements/configurator.js';
import { databaseEntities, databaseSchema } from '../app.module.js';
import { loadConfig } from '../config.js';
import { InstitutionImporter } from '../institutions/import-institution.js';
import { SealingKey } from '#service/keys/sealing-key';

/** What a command at the machine itself works with: the gateway's own database, bus and keys. */
export interface Installation {
  database: DataSource;
  bus: RpcClient;
  sealing: SealingKey;
  administration: Administration;
  importer: InstitutionImporter;
}

/**
 * Opens them by the gateway's own environment, and closes them afterwards.
 *
 * @throws {ConfigError} with all faults
 */
export async function withInstallation<R>(
  environment: NodeJS.ProcessEnv,
  work: (installation: Installation) => Promise<R>,
): Promise<R> {
  Logger.overrideLogger(false);
  z.config(z.locales.id());
  const config = loadConfig(environment);
  const options = dataSourceOptions('provisioning', databaseSchema, config.database, databaseEntities);
  const database = await new DataSource(options).initialize();
  const client = makeBusClient(config.bus);
  await client.connect();
  try {
    const bus = new RpcClient(client);
    const sealing = new SealingKey(config.keyDir);
    const administration = new Administration(database);
    const configurator = new Configurator(poolOf(database), bus, Log.create('provisioning', 'error'));
    const importer = new InstitutionImporter(administration, sealing, configurator, bus);
    return await work({ database, bus, sealing, administration, importer });
  } finally {
    await client.close();
    await database.destroy();
  }
}
