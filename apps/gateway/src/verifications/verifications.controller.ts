import { Body, Controller, Headers, Inject, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  createVerification,
  listTrail,
  listVerifications,
  VerificationRequest,
  VerificationTrailQuery,
  verify,
  type Actor,
  type VerificationResult,
  type VerificationTrail,
} from '#contracts';
import { AppError, RpcClient } from '#service';
import type { AccessFacts } from '../access/access-facts.js';
import { AccessRefused } from '../access/access-refused.js';
import { AccessService } from '../access/access.service.js';
import { decideLookup, operatorGates } from '../access/decide-access.js';
import type { AuthorisedRequest, Principal, SessionRequest } from '../access/principal.js';
import { RefusalInterceptor } from '../access/refusal.interceptor.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { readIdempotencyKey } from '../http/idempotency-key.js';
import { quotaHeaders } from '../http/quota-headers.js';
import { ApiRoute } from '../http/route.decorator.js';

const trailDeadlineMs = 5_000;

@Controller()
@UseInterceptors(RefusalInterceptor)
export class VerificationsController {
  constructor(
    private readonly bus: RpcClient,
    private readonly access: AccessService,
    private readonly administration: Administration,
    @Inject('deadlines') private readonly deadlines: { verifyMs: number },
  ) {}

  @ApiRoute(createVerification)
  async create(
    @Req() { facts, ip, user }: AuthorisedRequest,
    @Body({ schema: VerificationRequest }) request: VerificationRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationResult> {
    const decision = decideLookup(facts, ip, request);
    if (!decision.allowed) {
      const path = (name: string) => (request.match ? `match.${name}` : 'fields');
      const issues = decision.offending?.map((name) => ({
        path: path(name),
        message: `Unsur "${name}" tidak diberikan.`,
      }));
      throw new AccessRefused(decision.code, issues ? { issues } : {});
    }
    const key = readIdempotencyKey(idempotencyKey);
    const ask = (actor: Actor) =>
      this.bus.call(
        verify,
        { actor, request, ...(key === undefined ? {} : { idempotencyKey: key }) },
        { deadlineMs: this.deadlines.verifyMs },
      );
    const result = await ask(decision.actor).catch(async (error: unknown) => {
      if (!isOfAnotherDay(error)) throw error;
      const today = await this.readAnew(user);
      const anew = today && decideLookup(today, ip, request);
      if (!anew?.allowed || anew.actor.agreementVersionId === decision.actor.agreementVersionId) throw error;
      return ask(anew.actor);
    });
    void reply.headers(quotaHeaders(result.quota));
    return result;
  }

  private readAnew(user: Principal): Promise<AccessFacts | undefined> {
    return user.kind === 'client'
      ? this.access.readFacts(user.clientId, user.operatorId)
      : this.access.findSessionFacts(user.tokenSha256, true);
  }

  @ApiRoute(listVerifications)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: VerificationTrailQuery }) { institutionId: wanted, ...query }: VerificationTrailQuery,
  ): Promise<VerificationTrail> {
    const { facts } = request;
    const { operator } = facts;
    const gate = operatorGates(facts)[0];
    if (gate || !operator) throw new AppError(gate?.code ?? 'OPERATOR_REQUIRED');
    // an operator sees their own look-ups, the Camat and the evaluator the whole institution
    const own = operator.role === 'operator' ? { operatorId: operator.id } : {};
    const institutionId = await this.institutionOf(request, wanted);
    return this.bus.call(listTrail, { institutionId, query: { ...query, ...own } }, { deadlineMs: trailDeadlineMs });
  }

  /** Of whom the trail is asked for; of another institution only by an evaluator in person. */
  private async institutionOf(request: AuthorisedRequest, wanted: string | undefined): Promise<string> {
    const own = request.facts.institution.id;
    if (wanted === undefined || wanted === own) return own;
    if (!request.facts.session) throw new AppError('RESOURCE_NOT_FOUND');
    return this.administration.read(
      actorOf(request as SessionRequest),
      wanted,
      async ({ institution }) => institution.id,
    );
  }
}

/** The ledger has seen midnight, and the facts were remembered from before it: an extension may count by now (PKS 10(2)). */
const isOfAnotherDay = (error: unknown): boolean =>
  error instanceof AppError && ['AGREEMENT_ENDED', 'AGREEMENT_NOT_STARTED'].includes(error.code);
