import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ImportResult, InstitutionFile, InstitutionKind } from '#contracts';
import { AppError, type RpcClient } from '#service';
import { Institution } from '../access/entities.js';
import type { ActContext } from '../administration/act.js';
import { clockOf, record, type AdminActor } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { getVisibleInstitution } from '../administration/visible-institution.js';
import { Configurator } from '../agreements/configurator.js';
import { makeBalikanActs } from '../data-balikan/balikan-acts.js';
import type { SealingKey } from '#service/keys/sealing-key';
import { makeUpstreamActs } from '../upstream/upstream-acts.js';
import { ImportSteps } from './import-steps.js';
import { updateInstitution } from './institution-acts.js';
import { importAgreement } from './import-agreement.js';
import { importClients, importOperators } from './import-people.js';

export interface ImportOptions {
  /** Tells all faults and what would change; changes nothing. */
  checkOnly: boolean;
  reason: string;
  /** Versions take effect without a second person: for demo and tests, by the command line alone. */
  approve: boolean;
}

/** Brings in what a file says, by the same acts by which people do it one by one, all or nothing. */
@Injectable()
export class InstitutionImporter {
  constructor(
    private readonly administration: Administration,
    private readonly sealing: SealingKey,
    private readonly configurator: Configurator,
    private readonly bus: Pick<RpcClient, 'call'>,
  ) {}

  /** @throws {AppError} REQUEST_INVALID with all faults of the file; ROLE_NOT_ALLOWED, RESOURCE_NOT_FOUND */
  async import(file: InstitutionFile, actor: AdminActor, options: ImportOptions): Promise<ImportResult> {
    const result = await this.administration.transaction(async (manager) => {
      await manager.query('SAVEPOINT import');
      const found = await this.write(manager, file, actor, options);
      if (options.checkOnly) await manager.query('ROLLBACK TO SAVEPOINT import');
      return found;
    });
    if (options.checkOnly || result.institutionId === null) return result;
    await this.configurator.bringAll(result.institutionId);
    if (file.upstream) {
      const { configure } = makeUpstreamActs(this.bus);
      const input = { access: file.upstream };
      await this.administration.perform(configure, actor, result.institutionId, input, options.reason);
    }
    if (file.dataBalikan) {
      const { configure } = makeBalikanActs(this.bus);
      const input = { destination: file.dataBalikan };
      await this.administration.perform(configure, actor, result.institutionId, input, options.reason);
    }
    return result;
  }

  private async write(
    manager: EntityManager,
    file: InstitutionFile,
    actor: AdminActor,
    options: ImportOptions,
  ): Promise<ImportResult> {
    const { institution, isNew } = await getOrCreateInstitution(manager, file, actor);
    const context: ActContext = {
      manager,
      actor,
      institution,
      checkOnly: options.checkOnly,
      ...(await clockOf(manager)),
    };
    const steps = new ImportSteps(context, options.reason);
    if (isNew) steps.changed(`instansi ${institution.name}`);
    else await updateExisting(steps, file);
    // whoever brings a kecamatan in need not know its User ID (O-16)
    if (file.upstream && actor.kind === 'person' && actor.role !== 'admin')
      steps.fault('file.upstream', 'Akses ke layanan Dukcapil diisi oleh admin kecamatan, bukan lewat berkas ini.');
    if (file.dataBalikan && actor.kind === 'person' && actor.role !== 'admin')
      steps.fault('file.dataBalikan', 'Tujuan data balikan diisi oleh admin kecamatan, bukan lewat berkas ini.');
    await importAgreement(steps, file, options.approve);
    await importOperators(steps, file, this.sealing);
    await importClients(steps, file);
    steps.refuseFaults();
    if (steps.changes.length > 0)
      await record(manager, {
        institutionId: institution.id,
        act: 'institution.import',
        subject: { type: 'institution', id: institution.id },
        actor,
        after: { changes: steps.changes, approved: options.approve },
        reason: options.reason,
      });
    return {
      institutionId: options.checkOnly && isNew ? null : institution.id,
      changes: steps.changes,
      proposals: options.checkOnly ? [] : steps.proposals,
      secrets: options.checkOnly ? [] : steps.secrets,
    };
  }
}

async function updateExisting(steps: ImportSteps, { institution: { name, address } }: InstitutionFile): Promise<void> {
  const { institution } = steps.context;
  if (institution.name === name && (address === undefined || institution.address === address)) return;
  await steps.attempt('file.institution', () => steps.perform(updateInstitution, { name, address }));
  steps.changed('nama atau alamat instansi');
}

/** A new kecamatan is Disdukcapil's to bring in; into one that is there, its own admin brings things. */
async function getOrCreateInstitution(
  manager: EntityManager,
  { institution: wanted }: InstitutionFile,
  actor: AdminActor,
): Promise<{ institution: Institution; isNew: boolean }> {
  const { regionCode, name, address } = wanted;
  const kind: InstitutionKind = regionCode.length === 5 ? 'disdukcapil' : 'kecamatan';
  if (wanted.kind !== undefined && wanted.kind !== kind)
    throw new AppError('REQUEST_INVALID', {
      issues: [
        {
          path: 'file.institution.kind',
          message: 'Kode kabupaten (33.13) untuk Disdukcapil, kode kecamatan (33.13.04) untuk kecamatan.',
        },
      ],
    });
  const found = await manager.findOneBy(Institution, { regionCode });
  if (found) {
    // as for one that is not there: by its code nobody learns whether an institution takes part
    if (actor.kind === 'person' && actor.institutionId !== found.id) throw new AppError('ROLE_NOT_ALLOWED');
    return { institution: await getVisibleInstitution(manager, actor, found.id, true), isNew: false };
  }
  if (actor.kind === 'person') await requireOverseer(manager, actor, regionCode);
  const values = { name, regionCode, kind, address: address ?? null };
  const { identifiers } = await manager.insert(Institution, values);
  const { id } = identifiers[0] as { id: string };
  return { institution: await manager.findOneByOrFail(Institution, { id }), isNew: true };
}

async function requireOverseer(
  manager: EntityManager,
  actor: AdminActor & { kind: 'person' },
  regionCode: string,
): Promise<void> {
  const home = await manager.findOneByOrFail(Institution, { id: actor.institutionId });
  const oversees = home.kind === 'disdukcapil' && regionCode.startsWith(`${home.regionCode}.`);
  if (actor.role !== 'evaluator' || !oversees) throw new AppError('ROLE_NOT_ALLOWED');
}
