import { Body, Controller, Inject, Param, Req } from '@nestjs/common';
import type { z } from 'zod';
import {
  AgentAct,
  getReaderRegister,
  issueJoinCode,
  NewReader,
  ReaderRevocation,
  ReaderUpdate,
  registerReader,
  removeAgent,
  revokeReader,
  updateReader,
  type JoinCodeIssued,
  type ReaderDetail,
  type ReaderRegister,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import * as acts from './reader-acts.js';
import { readerRegister } from './reader-detail.js';
import { throwOutToken, type ThrowOut } from './reader-providers.js';

type Reasoned = z.infer<typeof AgentAct>;

/** The register of readers, by the administration's way. */
@Controller()
export class ReaderRegisterController {
  private readonly revoking: ReturnType<typeof acts.makeRevokeReader>;
  private readonly removing: ReturnType<typeof acts.makeRemoveAgent>;

  constructor(
    private readonly administration: Administration,
    @Inject(throwOutToken) throwOut: ThrowOut,
  ) {
    this.revoking = acts.makeRevokeReader(throwOut);
    this.removing = acts.makeRemoveAgent(throwOut);
  }

  @ApiRoute(getReaderRegister)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<ReaderRegister> {
    return this.administration.read(actorOf(request), id, readerRegister);
  }

  @ApiRoute(registerReader)
  async register(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: NewReader }) { reason, ...input }: NewReader,
  ): Promise<ReaderDetail> {
    return this.administration.perform(acts.registerReader, actorOf(request), id, input, reason);
  }

  @ApiRoute(updateReader)
  async update(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('readerId') readerId: string,
    @Body({ schema: ReaderUpdate }) { reason, ...named }: ReaderUpdate,
  ): Promise<ReaderDetail> {
    return this.administration.perform(acts.updateReader, actorOf(request), id, { readerId, ...named }, reason);
  }

  @ApiRoute(revokeReader)
  async revoke(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('readerId') readerId: string,
    @Body({ schema: ReaderRevocation }) { reason }: Reasoned,
  ): Promise<ReaderDetail> {
    return this.administration.perform(this.revoking, actorOf(request), id, { readerId, why: reason }, reason);
  }

  @ApiRoute(issueJoinCode)
  async issueCode(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('readerId') readerId: string,
    @Body({ schema: AgentAct }) { reason }: Reasoned,
  ): Promise<JoinCodeIssued> {
    return this.administration.perform(acts.issueJoinCode, actorOf(request), id, { readerId }, reason);
  }

  @ApiRoute(removeAgent)
  async remove(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('readerId') readerId: string,
    @Body({ schema: AgentAct }) { reason }: Reasoned,
  ): Promise<ReaderDetail> {
    return this.administration.perform(this.removing, actorOf(request), id, { readerId }, reason);
  }
}
