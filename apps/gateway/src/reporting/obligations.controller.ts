import { Body, Controller, Param, Query, Req } from '@nestjs/common';
import {
  closeDuty,
  closeOfficeDuty,
  DutyDone,
  getObligations,
  listDuties,
  listObligations,
  listOfficeDuties,
  NewDuty,
  OfficeQuery,
  openDuty,
  openOfficeDuty,
  type Duty,
  type DutyList,
  type ObligationList,
  type ReportActor,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { ApiRoute } from '../http/route.decorator.js';
import { openableLinks } from './obligation-links.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;
/** Every owner of a fact is asked. */
const cockpitDeadlineMs = 20_000;

/** What the agreement obliges to, and what has to be answered within 72 hours. */
@Controller()
export class ObligationsController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(getObligations)
  async obligations(
    @Req() request: AuthorisedRequest,
    @Query({ schema: OfficeQuery }) { institutionId }: OfficeQuery,
  ): Promise<ObligationList> {
    const actor = await reportActorOf(this.administration, request, institutionId);
    const list = await this.bus.call(listObligations, { actor }, { deadlineMs: cockpitDeadlineMs });
    return actor.role === 'operator' ? withoutFacts(list) : withOpenableLinks(list, actor);
  }

  @ApiRoute(openOfficeDuty)
  async open(@Req() request: SessionRequest, @Body({ schema: NewDuty }) duty: NewDuty): Promise<Duty> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(openDuty, { actor, duty }, { deadlineMs });
  }

  @ApiRoute(closeOfficeDuty)
  async close(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Body({ schema: DutyDone }) done: DutyDone,
  ): Promise<Duty> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(closeDuty, { actor, id: idOf(id), done }, { deadlineMs });
  }

  @ApiRoute(listOfficeDuties)
  async duties(@Req() request: AuthorisedRequest): Promise<DutyList> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(listDuties, { actor }, { deadlineMs });
  }
}

/** For the counter: states and days, but not who has yet to sign what. */
const withoutFacts = (list: ObligationList): ObligationList => ({
  ...list,
  obligations: list.obligations.map((one) => ({ ...one, facts: [], evidence: [] })),
});

const withOpenableLinks = (list: ObligationList, { role, institutionId }: ReportActor): ObligationList => ({
  ...list,
  obligations: list.obligations.map((one) => ({
    ...one,
    evidence: openableLinks(one.evidence, role, institutionId),
  })),
});
