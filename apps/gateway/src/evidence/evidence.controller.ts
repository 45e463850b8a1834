import { Body, Controller, Param, Query, Req } from '@nestjs/common';
import {
  acknowledgeEvidenceRollback,
  CheckpointQuery,
  ConsistencyQuery,
  createEvidenceCheckpoint,
  EvidenceQuery,
  getConsistencyProof,
  getEvidenceState,
  getEvidenceStatus,
  getInclusionProof,
  InclusionQuery,
  listCheckpoints,
  listEvidenceCheckpoints,
  proveConsistency,
  proveInclusion,
  signCheckpoint,
  UpstreamAct,
  type Checkpoint,
  type CheckpointPage,
  type ConsistencyProof,
  type EvidenceGap,
  type EvidenceStatus,
  type InclusionProof,
} from '#contracts';
import { RpcClient } from '#service';
import type { z } from 'zod';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { makeEvidenceActs } from './evidence-acts.js';
import { askedInstitution } from './evidence-reader.js';

const readDeadlineMs = 5_000;
/** What waits is sequenced first. */
const signDeadlineMs = 15_000;

/** The log of one institution: what was signed, and the proofs that lead there. */
@Controller()
export class EvidenceController {
  private readonly acts: ReturnType<typeof makeEvidenceActs>;

  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {
    this.acts = makeEvidenceActs(bus);
  }

  @ApiRoute(listEvidenceCheckpoints)
  async checkpoints(
    @Req() request: AuthorisedRequest,
    @Query({ schema: CheckpointQuery }) { institutionId: wanted, ...query }: CheckpointQuery,
  ): Promise<CheckpointPage> {
    const institutionId = await this.idOf(request, wanted);
    return this.bus.call(listCheckpoints, { institutionId, query }, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(createEvidenceCheckpoint)
  async sign(
    @Req() request: AuthorisedRequest,
    @Query({ schema: EvidenceQuery }) { institutionId: wanted }: z.infer<typeof EvidenceQuery>,
  ): Promise<Checkpoint> {
    const institutionId = await this.idOf(request, wanted);
    return this.bus.call(signCheckpoint, { institutionId }, { deadlineMs: signDeadlineMs });
  }

  @ApiRoute(getInclusionProof)
  async inclusion(
    @Req() request: AuthorisedRequest,
    @Query({ schema: InclusionQuery }) { institutionId: wanted, size, ...asked }: InclusionQuery,
  ): Promise<InclusionProof> {
    const institutionId = await this.idOf(request, wanted);
    const leaf = leafOf(asked);
    const input = { institutionId, leaf, ...(size === undefined ? {} : { size }) };
    return this.bus.call(proveInclusion, input, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(getConsistencyProof)
  async consistency(
    @Req() request: AuthorisedRequest,
    @Query({ schema: ConsistencyQuery }) { institutionId: wanted, from, to }: ConsistencyQuery,
  ): Promise<ConsistencyProof> {
    const institutionId = await this.idOf(request, wanted);
    const input = { institutionId, from, ...(to === undefined ? {} : { to }) };
    return this.bus.call(proveConsistency, input, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(getEvidenceState)
  async status(
    @Req() request: AuthorisedRequest,
    @Query({ schema: EvidenceQuery }) { institutionId: wanted }: z.infer<typeof EvidenceQuery>,
  ): Promise<EvidenceStatus> {
    const institutionId = await this.idOf(request, wanted);
    return this.bus.call(getEvidenceStatus, { institutionId }, { deadlineMs: readDeadlineMs });
  }

  @ApiRoute(acknowledgeEvidenceRollback)
  async acknowledge(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Body({ schema: UpstreamAct }) { reason }: { reason: string },
  ): Promise<z.infer<typeof EvidenceGap>> {
    const input = { why: reason };
    return this.administration.perform(this.acts.acknowledgeRollback, actorOf(request), id, input, reason);
  }

  private async idOf(request: AuthorisedRequest, wanted: string | undefined): Promise<string> {
    return (await askedInstitution(this.administration, request, wanted)).id;
  }
}

/** The query's schema lets exactly one of them through. */
function leafOf({ verificationId, eventId, index = 0 }: Omit<InclusionQuery, 'institutionId' | 'size'>) {
  if (verificationId !== undefined) return { verificationId };
  return eventId === undefined ? { index } : { eventId };
}
