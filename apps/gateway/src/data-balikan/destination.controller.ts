import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  BalikanDeliveryChange,
  BalikanDestinationConfiguration,
  BalikanRetry,
  changeBalikanDelivery,
  configureBalikanDestination,
  getBalikanDestination,
  retryDeadBalikan,
  retryOneBalikan,
  type BalikanDelivery,
  type BalikanDestinationSummary,
  type BalikanRetried,
} from '#contracts';
import { RpcClient } from '#service';
import type { z } from 'zod';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { idOf } from './balikan-access.js';
import { makeBalikanActs, readDestination } from './balikan-acts.js';

/** Where data balikan go, and whether they go at all: acts on record. */
@Controller()
export class BalikanDestinationController {
  private readonly acts: ReturnType<typeof makeBalikanActs>;

  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {
    this.acts = makeBalikanActs(bus);
  }

  @ApiRoute(getBalikanDestination)
  async show(@Req() request: SessionRequest, @Param('institutionId') id: string): Promise<BalikanDestinationSummary> {
    const institutionId = await this.administration.read(
      actorOf(request),
      id,
      async ({ institution }) => institution.id,
    );
    return readDestination(this.bus, institutionId);
  }

  @ApiRoute(configureBalikanDestination)
  async configure(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: BalikanDestinationConfiguration }) { destination, reason }: BalikanDestinationConfiguration,
  ): Promise<BalikanDestinationSummary> {
    return this.administration.perform(this.acts.configure, actorOf(request), id, { destination }, reason);
  }

  @ApiRoute(changeBalikanDelivery)
  async change(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: BalikanDeliveryChange }) { sending, reason }: BalikanDeliveryChange,
  ): Promise<BalikanDelivery> {
    const act = sending ? this.acts.resume : this.acts.pause;
    return this.administration.perform(act, actorOf(request), id, { reason }, reason);
  }

  @ApiRoute(retryDeadBalikan)
  async retryAll(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: BalikanRetry }) { reason }: z.infer<typeof BalikanRetry>,
  ): Promise<BalikanRetried> {
    return this.administration.perform(this.acts.retry, actorOf(request), id, { id: null }, reason);
  }

  @ApiRoute(retryOneBalikan)
  async retryOne(
    @Req() request: SessionRequest,
    @Param('institutionId') institutionId: string,
    @Param('id') id: string,
    @Body({ schema: BalikanRetry }) { reason }: z.infer<typeof BalikanRetry>,
  ): Promise<BalikanRetried> {
    const record = idOf(id);
    return this.administration.perform(this.acts.retry, actorOf(request), institutionId, { id: record }, reason);
  }
}
