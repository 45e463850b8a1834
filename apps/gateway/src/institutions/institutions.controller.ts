import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  EmergencyStopRequest,
  exportInstitution,
  getInstitution,
  importInstitution,
  InstitutionImport,
  InstitutionUpdate,
  liftStop,
  listInstitutions,
  stopInstitution,
  updateInstitution,
  type ImportResult,
  type InstitutionDetail,
  type InstitutionFile,
  type ProposalDetail,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { clockOf } from '../administration/admin-record.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { listVisibleInstitutions } from '../administration/visible-institution.js';
import { ApiRoute } from '../http/route.decorator.js';
import { exportFile } from './export-institution.js';
import { InstitutionImporter } from './import-institution.js';
import * as acts from './institution-acts.js';
import { describeInstitution } from './institution-detail.js';

@Controller()
export class InstitutionsController {
  constructor(
    private readonly administration: Administration,
    private readonly importer: InstitutionImporter,
  ) {}

  @ApiRoute(listInstitutions)
  async list(@Req() request: SessionRequest) {
    return this.administration.transaction(async (manager) => {
      const { today } = await clockOf(manager);
      const visible = await listVisibleInstitutions(manager, actorOf(request));
      const institutions: InstitutionDetail[] = [];
      for (const one of visible) institutions.push(await describeInstitution(manager, one, today));
      return { institutions };
    });
  }

  @ApiRoute(importInstitution)
  async import(
    @Req() request: SessionRequest,
    @Body({ schema: InstitutionImport }) { file, checkOnly, reason }: InstitutionImport,
  ): Promise<ImportResult> {
    return this.importer.import(file, actorOf(request), { checkOnly, reason, approve: false });
  }

  @ApiRoute(getInstitution)
  async show(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<InstitutionDetail> {
    return this.administration.read(actorOf(request), id, ({ manager, institution, today }) =>
      describeInstitution(manager, institution, today),
    );
  }

  @ApiRoute(updateInstitution)
  async update(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: InstitutionUpdate }) { reason, ...changes }: InstitutionUpdate,
  ): Promise<InstitutionDetail> {
    return this.administration.perform(acts.updateInstitution, actorOf(request), id, changes, reason);
  }

  @ApiRoute(exportInstitution)
  async export(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<InstitutionFile> {
    return this.administration.read(actorOf(request), id, exportFile);
  }

  @ApiRoute(stopInstitution)
  async stop(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: EmergencyStopRequest }) { reason }: { reason: string },
  ): Promise<InstitutionDetail> {
    return this.administration.perform(acts.stopInstitution, actorOf(request), id, { why: reason }, reason);
  }

  @ApiRoute(liftStop)
  async lift(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: EmergencyStopRequest }) { reason }: { reason: string },
  ): Promise<ProposalDetail> {
    return this.administration.propose(acts.liftStop, actorOf(request), id, {}, reason);
  }
}
