import { Body, Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  AccountActivation,
  activateAccount,
  changePassword,
  enrolSecondFactor,
  PasswordChange,
  Reauthentication,
  renewRecoveryCodes,
  type AccountActivated,
  type SecondFactor,
} from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { ApiRoute } from '../http/route.decorator.js';
import { AccountService, type Me } from './account.service.js';
import { Activation } from './activation.js';
import { checkPlace } from './place.js';
import { SessionCookies } from './session-cookies.js';

@Controller()
export class AccountController {
  constructor(
    private readonly activation: Activation,
    private readonly account: AccountService,
    private readonly cookies: SessionCookies,
  ) {}

  @ApiRoute(activateAccount)
  async activate(
    @Body({ schema: AccountActivation }) form: AccountActivation,
    @Req() request: FastifyRequest,
  ): Promise<AccountActivated> {
    checkPlace(request);
    return this.activation.activate(form, this.visitorOf(request));
  }

  @ApiRoute(changePassword)
  async changePassword(@Body({ schema: PasswordChange }) form: PasswordChange, @Req() request: SessionRequest) {
    await this.account.changePassword(this.meOf(request), form);
    return {};
  }

  @ApiRoute(enrolSecondFactor)
  async enrolSecondFactor(
    @Body({ schema: Reauthentication }) shown: Reauthentication,
    @Req() request: SessionRequest,
  ): Promise<SecondFactor> {
    return this.account.enrolSecondFactor(this.meOf(request), shown);
  }

  @ApiRoute(renewRecoveryCodes)
  async renewRecoveryCodes(
    @Body({ schema: Reauthentication }) shown: Reauthentication,
    @Req() request: SessionRequest,
  ): Promise<{ recoveryCodes: string[] }> {
    return { recoveryCodes: await this.account.renewRecoveryCodes(this.meOf(request), shown) };
  }

  private visitorOf(request: FastifyRequest) {
    return { address: request.ip, deviceCookie: this.cookies.findDevice(request) };
  }

  private meOf(request: SessionRequest): Me {
    const { operator, session } = request.facts;
    return { ...this.visitorOf(request), operatorId: operator.id, sessionId: session.id };
  }
}
