import { Body, Controller, Param, Req } from '@nestjs/common';
import {
  ClientKeys,
  ClientReactivation,
  ClientUpdate,
  createClient,
  listClients,
  NewClient,
  reactivateClient,
  Revocation,
  revokeClient,
  rotateClientSecret,
  SecretRotation,
  setClientKeys,
  updateClient,
  type ClientCredential,
  type ClientDetail,
  type ProposalDetail,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import * as acts from './client-acts.js';
import { listClientDetails } from './client-detail.js';

@Controller()
export class ClientsController {
  constructor(private readonly administration: Administration) {}

  @ApiRoute(listClients)
  async list(@Req() request: SessionRequest, @Param('institutionId') id: string) {
    return this.administration.read(actorOf(request), id, async (context) => ({
      clients: await listClientDetails(context),
    }));
  }

  @ApiRoute(createClient)
  async create(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: NewClient }) { reason, ...input }: NewClient,
  ): Promise<ClientCredential> {
    return this.administration.perform(acts.createClient, actorOf(request), id, input, reason);
  }

  @ApiRoute(updateClient)
  async update(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('clientId') clientId: string,
    @Body({ schema: ClientUpdate }) { reason, ...named }: ClientUpdate,
  ): Promise<ClientDetail> {
    return this.administration.perform(acts.updateClient, actorOf(request), id, { clientId, ...named }, reason);
  }

  @ApiRoute(rotateClientSecret)
  async rotateSecret(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('clientId') clientId: string,
    @Body({ schema: SecretRotation }) { reason, overlapHours }: SecretRotation,
  ): Promise<ClientCredential> {
    const input = { clientId, overlapHours };
    return this.administration.perform(acts.rotateClientSecret, actorOf(request), id, input, reason);
  }

  @ApiRoute(setClientKeys)
  async setKeys(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('clientId') clientId: string,
    @Body({ schema: ClientKeys }) { reason, ...keys }: ClientKeys,
  ): Promise<ClientDetail> {
    return this.administration.perform(acts.setClientKeys, actorOf(request), id, { clientId, ...keys }, reason);
  }

  @ApiRoute(revokeClient)
  async revoke(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('clientId') clientId: string,
    @Body({ schema: Revocation }) { reason }: Revocation,
  ): Promise<ClientDetail> {
    const input = { clientId, why: reason };
    return this.administration.perform(acts.revokeClient, actorOf(request), id, input, reason);
  }

  @ApiRoute(reactivateClient)
  async reactivate(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Param('clientId') clientId: string,
    @Body({ schema: ClientReactivation }) { reason, ...given }: ClientReactivation,
  ): Promise<ProposalDetail> {
    return this.administration.propose(acts.reactivateClient, actorOf(request), id, { clientId, ...given }, reason);
  }
}
