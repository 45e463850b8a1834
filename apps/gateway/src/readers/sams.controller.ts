import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  activateSam,
  assignSam,
  deactivateSam,
  listSams,
  NewSam,
  recordSamPersonalisation,
  requestSam,
  returnSamConfiguration,
  SamActivation,
  SamAssignment,
  SamDeactivation,
  SamPersonalisation,
  SamReturn,
  type SamDetail,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import * as acts from './sam-acts.js';
import { listSamDetails } from './sam-detail.js';

/** SAM cards and their life, by the administration's way (O-12, O-13). */
@Controller()
export class SamsController {
  constructor(private readonly administration: Administration) {}

  @ApiRoute(listSams)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<{ sams: SamDetail[] }> {
    return this.administration.read(actorOf(request), id, async (context) => ({ sams: await listSamDetails(context) }));
  }

  @ApiRoute(requestSam)
  async request(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: NewSam }) { reason, ...named }: NewSam,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.requestSam, actorOf(request), id, named, reason);
  }

  @ApiRoute(recordSamPersonalisation)
  async personalise(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('samId') samId: string,
    @Body({ schema: SamPersonalisation }) { reason, ...named }: SamPersonalisation,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.recordPersonalisation, actorOf(request), id, { samId, ...named }, reason);
  }

  @ApiRoute(activateSam)
  async activate(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('samId') samId: string,
    @Body({ schema: SamActivation }) { reason, ...named }: SamActivation,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.activateSam, actorOf(request), id, { samId, ...named }, reason);
  }

  @ApiRoute(assignSam)
  async assign(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('samId') samId: string,
    @Body({ schema: SamAssignment }) { reason, ...named }: SamAssignment,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.assignSam, actorOf(request), id, { samId, ...named }, reason);
  }

  @ApiRoute(returnSamConfiguration)
  async returnConfiguration(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('samId') samId: string,
    @Body({ schema: SamReturn }) { reason, ...named }: SamReturn,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.returnConfiguration, actorOf(request), id, { samId, ...named }, reason);
  }

  @ApiRoute(deactivateSam)
  async deactivate(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('samId') samId: string,
    @Body({ schema: SamDeactivation }) { reason, ...named }: SamDeactivation,
  ): Promise<SamDetail> {
    return this.administration.perform(acts.deactivateSam, actorOf(request), id, { samId, ...named }, reason);
  }
}
