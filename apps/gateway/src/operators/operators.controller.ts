import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  changeOfficeHolder,
  createOperator,
  endOperatorSessions,
  issueActivationCode,
  listOperators,
  NewNda,
  NewOperator,
  OfficeHolderChange,
  OperatorReactivation,
  OperatorUpdate,
  reactivateOperator,
  recordNda,
  Revocation,
  revokeOperator,
  updateOperator,
  type ActivationCode,
  type OperatorDetail,
  type ProposalDetail,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { SealingKey } from '#service/keys/sealing-key';
import * as acts from './operator-acts.js';
import { listOperatorDetails } from './operator-detail.js';

@Controller()
export class OperatorsController {
  private readonly sealed: ReturnType<typeof acts.makeOperatorActs>;

  constructor(
    private readonly administration: Administration,
    sealing: SealingKey,
  ) {
    this.sealed = acts.makeOperatorActs(sealing);
  }

  @ApiRoute(listOperators)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string) {
    return this.administration.read(actorOf(request), id, async (context) => ({
      operators: await listOperatorDetails(context),
    }));
  }

  @ApiRoute(createOperator)
  async create(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: NewOperator }) { reason, ...input }: NewOperator,
  ): Promise<OperatorDetail> {
    return this.administration.perform(this.sealed.createOperator, actorOf(request), id, input, reason);
  }

  @ApiRoute(updateOperator)
  async update(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: OperatorUpdate }) { reason, ...named }: OperatorUpdate,
  ): Promise<OperatorDetail> {
    const input = { operatorId, ...named };
    return this.administration.perform(acts.updateOperator, actorOf(request), id, input, reason);
  }

  @ApiRoute(recordNda)
  async recordNda(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: NewNda }) { reason, nda }: NewNda,
  ): Promise<OperatorDetail> {
    return this.administration.perform(acts.recordNda, actorOf(request), id, { operatorId, nda }, reason);
  }

  @ApiRoute(revokeOperator)
  async revoke(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: Revocation }) { reason }: Revocation,
  ): Promise<OperatorDetail> {
    const input = { operatorId, why: reason };
    return this.administration.perform(acts.revokeOperator, actorOf(request), id, input, reason);
  }

  @ApiRoute(reactivateOperator)
  async reactivate(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: OperatorReactivation }) { reason, ...days }: OperatorReactivation,
  ): Promise<ProposalDetail> {
    const input = { operatorId, ...days };
    return this.administration.propose(acts.reactivateOperator, actorOf(request), id, input, reason);
  }

  @ApiRoute(changeOfficeHolder)
  async changeOfficeHolder(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: OfficeHolderChange }) { reason, ...input }: OfficeHolderChange,
  ) {
    return this.administration.perform(this.sealed.changeOfficeHolder, actorOf(request), id, input, reason);
  }

  @ApiRoute(issueActivationCode)
  async issueActivationCode(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: Revocation }) { reason }: Revocation,
  ): Promise<ActivationCode> {
    return this.administration.perform(acts.issueActivationCode, actorOf(request), id, { operatorId }, reason);
  }

  @ApiRoute(endOperatorSessions)
  async endSessions(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('operatorId') operatorId: string,
    @Body({ schema: Revocation }) { reason }: Revocation,
  ): Promise<OperatorDetail> {
    return this.administration.perform(acts.endOperatorSessions, actorOf(request), id, { operatorId }, reason);
  }
}
