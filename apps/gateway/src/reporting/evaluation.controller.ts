import { Body, Controller, Query, Req } from '@nestjs/common';
import type { z } from 'zod';
import {
  drawOfficeSample,
  drawSample,
  findOfficePatterns,
  findPatterns,
  getLiveFigures,
  getOfficeFigures,
  getOverseenOffices,
  listOfficeSamples,
  listSamples,
  OfficeQuery,
  oversee,
  PatternRequest,
  PeriodQuery,
  SampleRequest,
  type LiveFigures,
  type Oversight,
  type PatternReport,
  type Sample,
  type SampleList,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { listVisibleInstitutions } from '../administration/visible-institution.js';
import { ApiRoute } from '../http/route.decorator.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;
/** The log is counted, after a checkpoint is signed. */
const countDeadlineMs = 30_000;
/** No kabupaten has as many kecamatan. */
const mostOffices = 100;

/** What Disdukcapil looks at (O-21), and the office itself. */
@Controller()
export class EvaluationController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(getOfficeFigures)
  async figures(
    @Req() request: AuthorisedRequest,
    @Query({ schema: PeriodQuery }) { institutionId, ...period }: PeriodQuery,
  ): Promise<LiveFigures> {
    const actor = await reportActorOf(this.administration, request, institutionId);
    return this.bus.call(getLiveFigures, { actor, period }, { deadlineMs: countDeadlineMs });
  }

  @ApiRoute(getOverseenOffices)
  async offices(@Req() request: SessionRequest): Promise<Oversight> {
    const seen = await this.administration.transaction((manager) => listVisibleInstitutions(manager, actorOf(request)));
    const offices = seen
      .filter(({ kind }) => kind === 'kecamatan')
      .slice(0, mostOffices)
      .map(({ id, name, regionCode }) => ({ institutionId: id, name, regionCode }));
    return this.bus.call(oversee, { offices }, { deadlineMs: countDeadlineMs });
  }

  @ApiRoute(findOfficePatterns)
  async patterns(
    @Req() request: SessionRequest,
    @Body({ schema: PatternRequest }) asked: PatternRequest,
  ): Promise<PatternReport> {
    const actor = await reportActorOf(this.administration, request, asked.institutionId);
    return this.bus.call(findPatterns, { actor, request: asked }, { deadlineMs: countDeadlineMs });
  }

  @ApiRoute(drawOfficeSample)
  async draw(@Req() request: SessionRequest, @Body({ schema: SampleRequest }) asked: SampleRequest): Promise<Sample> {
    const actor = await reportActorOf(this.administration, request, asked.institutionId);
    return this.bus.call(drawSample, { actor, request: asked }, { deadlineMs: countDeadlineMs });
  }

  @ApiRoute(listOfficeSamples)
  async samples(
    @Req() request: SessionRequest,
    @Query({ schema: OfficeQuery }) { institutionId }: OfficeQuery,
  ): Promise<z.infer<typeof SampleList>> {
    const actor = await reportActorOf(this.administration, request, institutionId);
    return this.bus.call(listSamples, { actor }, { deadlineMs });
  }
}
