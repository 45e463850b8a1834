import { Body, Controller, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import {
  decideReaderException,
  listReaderExceptions,
  NewReaderException,
  ReaderExceptionDecision,
  ReaderExceptionQuery,
  requestReaderException,
  type ReaderExceptionDetail,
  type ReaderExceptionPage,
} from '#contracts';
import { AppError } from '#service';
import { operatorGates } from '../access/decide-access.js';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { RefusalInterceptor } from '../access/refusal.interceptor.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { decideException, requestException } from './exception-acts.js';
import { pageOfExceptions } from './exception-detail.js';

/** Worn fingers and damaged cards: asked for at the counter, decided by the Camat. */
@Controller()
@UseInterceptors(RefusalInterceptor)
export class ReaderExceptionsController {
  constructor(private readonly administration: Administration) {}

  @ApiRoute(requestReaderException)
  async request(
    @Req() request: AuthorisedRequest,
    @Param('id') readerId: string,
    @Body({ schema: NewReaderException }) body: NewReaderException,
  ): Promise<ReaderExceptionDetail> {
    const office = requestOf(request).facts.institution.id;
    const actor = actorOf(requestOf(request));
    return this.administration.perform(requestException, actor, office, { readerId, ...body }, body.note);
  }

  @ApiRoute(listReaderExceptions)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: ReaderExceptionQuery }) query: ReaderExceptionQuery,
  ): Promise<ReaderExceptionPage> {
    const { facts } = requestOf(request);
    // an operator sees their own
    const by = facts.operator.role === 'operator' ? facts.operator.id : undefined;
    return this.administration.transaction((manager) => pageOfExceptions(manager, facts.institution.id, query, by));
  }

  @ApiRoute(decideReaderException)
  async decide(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Body({ schema: ReaderExceptionDecision }) { decision, note }: ReaderExceptionDecision,
  ): Promise<ReaderExceptionDetail> {
    const office = request.facts.institution.id;
    return this.administration.perform(decideException, actorOf(request), office, { id, decision, note }, note);
  }
}

/** @throws {AppError} OPERATOR_REQUIRED, OPERATOR_INACTIVE: somebody stands behind it */
function requestOf(request: AuthorisedRequest): SessionRequest {
  const gate = operatorGates(request.facts)[0];
  if (gate) throw new AppError(gate.code);
  return request as SessionRequest;
}
