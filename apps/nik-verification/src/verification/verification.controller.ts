import { Controller } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { getStanding, listTrail, recordRefusal, verify, verifyAt, type RpcInput } from '#contracts';
import { RpcHandler, type Call } from '#service';
import { uuidv7 } from 'uuidv7';
import { TrailRepository } from '../evidence/trail.repository.js';
import { HitLedger } from '../ledger/hit-ledger.js';
import { GateKeeper } from '../upstream/gate-keeper.js';
import { VerificationService } from './verification.service.js';
import { describeQuota } from './quota.js';

/** Names this process on the bus and in the ledger. */
export const replica = randomBytes(6).toString('hex');

@Controller()
export class VerificationController {
  constructor(
    private readonly service: VerificationService,
    private readonly ledger: HitLedger,
    private readonly trail: TrailRepository,
    private readonly gates: GateKeeper,
  ) {}

  @RpcHandler(verify)
  async verify(input: RpcInput<typeof verify>, call: Call) {
    return this.service.verify(input, call);
  }

  @RpcHandler(verifyAt(replica))
  async verifyHere(input: RpcInput<typeof verify>, call: Call) {
    return this.service.verify(input, call, { forwarded: true });
  }

  @RpcHandler(recordRefusal)
  async recordRefusal({ purpose, ...refusal }: RpcInput<typeof recordRefusal>, call: Call) {
    const id = uuidv7();
    await this.ledger.recordRefusal(
      { id, ...refusal, service: purpose?.service ?? null, reference: purpose?.reference ?? null },
      call.deadlineAt,
    );
    return { id };
  }

  @RpcHandler(listTrail)
  async listTrail({ institutionId, query }: RpcInput<typeof listTrail>) {
    return this.trail.page(institutionId, query);
  }

  @RpcHandler(getStanding)
  async getStanding({ institutionId }: RpcInput<typeof getStanding>) {
    const [day, upstream] = await Promise.all([
      this.trail.quotaToday(institutionId),
      this.gates.findState(institutionId),
    ]);
    return { quota: describeQuota(day), upstream };
  }
}
