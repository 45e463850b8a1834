import { Body, Controller, Headers, Inject, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  createVerification,
  listTrail,
  listVerifications,
  VerificationRequest,
  VerificationTrailQuery,
  verify,
  type VerificationResult,
  type VerificationTrail,
} from '#contracts';
import { AppError, RpcClient } from '#service';
import { AccessRefused } from '../access/access-refused.js';
import { decideLookup, operatorGates } from '../access/decide-access.js';
import type { AuthorisedRequest } from '../access/principal.js';
import { RefusalInterceptor } from '../access/refusal.interceptor.js';
import { quotaHeaders } from '../http/quota-headers.js';
import { ApiRoute } from '../http/route.decorator.js';

const trailDeadlineMs = 5_000;

@Controller()
@UseInterceptors(RefusalInterceptor)
export class VerificationsController {
  constructor(
    private readonly bus: RpcClient,
    @Inject('deadlines') private readonly deadlines: { verifyMs: number },
  ) {}

  @ApiRoute(createVerification)
  async create(
    @Req() { facts, ip }: AuthorisedRequest,
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
    const result = await this.bus.call(
      verify,
      { actor: decision.actor, request, ...(key === undefined ? {} : { idempotencyKey: key }) },
      { deadlineMs: this.deadlines.verifyMs },
    );
    void reply.headers(quotaHeaders(result.quota));
    return result;
  }

  @ApiRoute(listVerifications)
  async list(
    @Req() { facts }: AuthorisedRequest,
    @Query({ schema: VerificationTrailQuery }) query: VerificationTrailQuery,
  ): Promise<VerificationTrail> {
    const { operator, institution } = facts;
    const gate = operatorGates(facts)[0];
    if (gate || !operator) throw new AppError(gate?.code ?? 'OPERATOR_REQUIRED');
    // an operator sees their own look-ups, the Camat and the evaluator the whole institution
    const own = operator.role === 'operator' ? { operatorId: operator.id } : {};
    return this.bus.call(
      listTrail,
      { institutionId: institution.id, query: { ...query, ...own } },
      { deadlineMs: trailDeadlineMs },
    );
  }
}

function readIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(given)) return given;
  throw new AppError('REQUEST_INVALID', {
    issues: [{ path: 'Idempotency-Key', message: 'Idempotency-Key harus 1 sampai 200 huruf tanpa spasi.' }],
  });
}
