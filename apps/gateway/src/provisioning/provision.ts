import type { DataSource } from 'typeorm';
import type { InstitutionFile } from '#contracts';
import { AppError, Log, poolOf, type RpcClient } from '#service';
import { Administration } from '../administration/administration.service.js';
import { Configurator } from '../agreements/configurator.js';
import { InstitutionImporter } from '../institutions/import-institution.js';
import type { SealingKey } from '#service/keys/sealing-key';

/**
 * Brings one institution to what its file says, at once and without a second person: for demo and tests. It takes the way of
 * every import, and stands on record as done by the command line. May be run again.
 *
 * @throws {AppError} REQUEST_INVALID, with what is wrong in its issues; SERVICE_UNAVAILABLE when the look-up service is away
 */
export async function provision(
  file: InstitutionFile,
  database: DataSource,
  bus: RpcClient,
  sealing: SealingKey,
): Promise<{ institutionId: string }> {
  const configurator = new Configurator(poolOf(database), bus, Log.create('provisioning', 'error'));
  const importer = new InstitutionImporter(new Administration(database), sealing, configurator, bus);
  const actor = { kind: 'command-line' } as const;
  const options = { checkOnly: false, reason: 'Data awal (seed)', approve: true };
  const { institutionId } = await importer.import(file, actor, options);
  if (institutionId === null) throw new Error('only a check leaves nothing behind');
  if ((await configurator.bringAll(institutionId)) > 0) throw new AppError('SERVICE_UNAVAILABLE');
  return { institutionId };
}
