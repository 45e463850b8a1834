import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  configureUpstream,
  getUpstream,
  rearmUpstreamAccess,
  rotateUpstreamKey,
  testUpstreamAccess,
  UpstreamAct,
  UpstreamConfiguration,
  type UpstreamSummary,
  type UpstreamTest,
} from '#contracts';
import { RpcClient } from '#service';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { makeUpstreamActs, readUpstream } from './upstream-acts.js';

@Controller()
export class UpstreamController {
  private readonly acts: ReturnType<typeof makeUpstreamActs>;

  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {
    this.acts = makeUpstreamActs(bus);
  }

  @ApiRoute(getUpstream)
  async show(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<UpstreamSummary> {
    const institutionId = await this.administration.read(
      actorOf(request),
      id,
      async ({ institution }) => institution.id,
    );
    return readUpstream(this.bus, institutionId);
  }

  @ApiRoute(configureUpstream)
  async configure(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: UpstreamConfiguration }) { access, reason }: UpstreamConfiguration,
  ): Promise<UpstreamSummary> {
    return this.administration.perform(this.acts.configure, actorOf(request), id, { access }, reason);
  }

  @ApiRoute(testUpstreamAccess)
  async test(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: UpstreamAct }) { reason }: { reason: string },
  ): Promise<UpstreamTest> {
    return this.administration.perform(this.acts.test, actorOf(request), id, {}, reason);
  }

  @ApiRoute(rearmUpstreamAccess)
  async rearm(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: UpstreamAct }) { reason }: { reason: string },
  ): Promise<UpstreamSummary> {
    return this.administration.perform(this.acts.rearm, actorOf(request), id, {}, reason);
  }

  @ApiRoute(rotateUpstreamKey)
  async rotateKey(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: UpstreamAct }) { reason }: { reason: string },
  ): Promise<{ keyId: string; destroyedKeyIds: string[] }> {
    return this.administration.perform(this.acts.rotateKey, actorOf(request), id, {}, reason);
  }
}
