import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  approveProposal,
  Decision,
  listProposals,
  rejectProposal,
  withdrawProposal,
  type ProposalDetail,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { ApiRoute } from '../http/route.decorator.js';
import { actorOf, Administration } from './administration.service.js';
import { Configurator } from '../agreements/configurator.js';
import { describeProposals } from './proposal-detail.js';
import { Proposals } from './proposals.service.js';

@Controller()
export class ProposalsController {
  constructor(
    private readonly administration: Administration,
    private readonly proposals: Proposals,
    private readonly configurator: Configurator,
  ) {}

  @ApiRoute(listProposals)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string) {
    return this.administration.read(actorOf(request), id, async ({ manager, institution }) => ({
      proposals: await describeProposals(manager, institution.id),
    }));
  }

  @ApiRoute(approveProposal)
  async approve(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('proposalId') proposalId: string,
    @Body({ schema: Decision }) { reason }: { reason: string },
  ): Promise<ProposalDetail> {
    const approved = await this.proposals.approve(actorOf(request), id, proposalId, reason);
    // new terms are in force when they have arrived; what does not arrive now is brought later
    if (approved.act === 'agreement.add-version') await this.configurator.bringAll(id);
    return approved;
  }

  @ApiRoute(rejectProposal)
  async reject(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('proposalId') proposalId: string,
    @Body({ schema: Decision }) { reason }: { reason: string },
  ): Promise<ProposalDetail> {
    return this.proposals.turnDown(actorOf(request), id, proposalId, 'rejected', reason);
  }

  @ApiRoute(withdrawProposal)
  async withdraw(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('proposalId') proposalId: string,
    @Body({ schema: Decision }) { reason }: { reason: string },
  ): Promise<ProposalDetail> {
    return this.proposals.turnDown(actorOf(request), id, proposalId, 'withdrawn', reason);
  }
}
