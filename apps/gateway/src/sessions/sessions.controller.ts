import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { endMySession, getSession, listMySessions, LogIn, logIn, logOut, type SessionInfo } from '#contracts';
import { AppError } from '#service';
import type { SessionRequest } from '../access/principal.js';
import { ApiRoute } from '../http/route.decorator.js';
import { LogInService } from './log-in.service.js';
import { checkPlace } from './place.js';
import { SessionCookies } from './session-cookies.js';
import { describeSession } from './session-info.js';
import { Sessions } from './sessions.js';

@Controller()
export class SessionsController {
  constructor(
    private readonly source: DataSource,
    private readonly logIns: LogInService,
    private readonly sessions: Sessions,
    private readonly cookies: SessionCookies,
  ) {}

  @ApiRoute(logIn)
  async begin(
    @Body({ schema: LogIn }) form: LogIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionInfo> {
    checkPlace(request);
    const visitor = { address: request.ip, deviceCookie: this.cookies.findDevice(request) };
    const { info, token, device } = await this.logIns.logIn(form, visitor, this.cookies.findSession(request));
    this.cookies.setSession(reply, token);
    this.cookies.setDevice(reply, device);
    return info;
  }

  @ApiRoute(getSession)
  async show(@Req() { facts, user }: SessionRequest): Promise<SessionInfo> {
    const { id, userIdLokal, fullName, role } = facts.operator;
    const { institution } = facts;
    return describeSession(this.source.manager, {
      id: facts.session.id,
      operator: { id, userIdLokal, fullName, role },
      institution: { id: institution.id, name: institution.name, regionCode: institution.regionCode },
      csrfToken: user.csrfToken,
      idleSeconds: this.sessions.times.idleSeconds,
      expiresAt: new Date(facts.session.expiresAt),
    });
  }

  @ApiRoute(logOut)
  async end(@Req() request: SessionRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    this.cookies.clearSession(reply);
    // two at once: the other one has ended it already
    await this.sessions.end(actorOf(request), request.facts.session.id, 'logged-out').catch(unlessNotFound);
    return {};
  }

  @ApiRoute(listMySessions)
  async list(@Req() { facts }: SessionRequest) {
    const open = await this.sessions.findOpen(facts.operator.id);
    return {
      sessions: open.map(({ id, address, createdAt, lastSeenAt, expiresAt }) => ({
        id,
        current: id === facts.session.id,
        address,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
    };
  }

  @ApiRoute(endMySession)
  async endOne(
    @Req() request: SessionRequest,
    @Param('sessionId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!z.uuid().safeParse(id).success) throw new AppError('RESOURCE_NOT_FOUND');
    await this.sessions.end(actorOf(request), id, 'ended');
    if (id === request.facts.session.id) this.cookies.clearSession(reply);
    return {};
  }
}

const actorOf = ({ facts: { operator, institution } }: SessionRequest) =>
  ({ kind: 'person', operatorId: operator.id, role: operator.role, institutionId: institution.id }) as const;

function unlessNotFound(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'RESOURCE_NOT_FOUND')) throw error;
}
