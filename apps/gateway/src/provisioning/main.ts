import { readFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InstitutionFile } from '#contracts';
import { dataSourceOptions, makeBusClient, RpcClient } from '#service';
import { databaseEntities, databaseSchema } from '../app.module.js';
import { loadConfig } from '../config.js';
import { provision } from './provision.js';

/** `node .../provisioning/main.js <institution.json>...`: with the gateway's own environment. */
Logger.overrideLogger(false);
const config = loadConfig(process.env);
const database = await new DataSource(
  dataSourceOptions('provisioning', databaseSchema, config.database, databaseEntities),
).initialize();
const client = makeBusClient(config.bus);
await client.connect();
try {
  for (const path of process.argv.slice(2)) {
    const file = InstitutionFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (!file.success) {
      const faults = file.error.issues.map((issue) => `  - ${issue.path.join('.')}: ${issue.message}`);
      throw new Error(`${path} cannot be used:\n${faults.join('\n')}`);
    }
    const { institutionId } = await provision(file.data, database, new RpcClient(client));
    process.stdout.write(
      `${JSON.stringify({ msg: 'provisioned', name: file.data.institution.name, institutionId })}\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
  await database.destroy();
}
