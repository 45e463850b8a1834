import { Controller } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import {
  configureInstitution,
  describeUpstream,
  destroyAgreementKeys,
  rearmUpstream,
  rotateSealingKey,
  testUpstream,
  type RpcInput,
  type UpstreamTest,
} from '#contracts';
import { AgreementKeys, AppError, type Call, RpcHandler } from '#service';
import { QuotaGrant } from '../ledger/entities.js';
import { AccessRights } from '../upstream/access-rights.js';
import { GateKeeper } from '../upstream/gate-keeper.js';
import { UpstreamDirectory } from '../upstream/upstream-directory.js';

const testDeadlineMs = 5_000;
/** Time kept back from the caller's deadline for the answer, milliseconds. */
const reserveForAnswerMs = 250;

/** What only a look-up would tell, and that costs a hit. */
const notChecked: UpstreamTest['notChecked'] = ['USER_ID', 'PASSWORD', 'IP_LAN', 'PATH'];

/** The life of an institution here: quota, the agreement's keys and the ministry's access come, are tended, and go. */
@Controller()
export class ConfigurationController {
  constructor(
    @InjectRepository(QuotaGrant) private readonly grants: Repository<QuotaGrant>,
    private readonly keys: AgreementKeys,
    private readonly rights: AccessRights,
    private readonly directory: UpstreamDirectory,
    private readonly gates: GateKeeper,
  ) {}

  @RpcHandler(configureInstitution)
  async configure({ institutionId, agreementId, quota, upstream }: RpcInput<typeof configureInstitution>) {
    await this.keys.ensureHmacKey(agreementId);
    if (quota.length > 0) {
      await this.grants.upsert(
        quota.map(({ effectiveFrom, dailyLimit }) => ({ institutionId, effectiveFrom, dailyLimit })),
        ['institutionId', 'effectiveFrom'],
      );
    }
    if (upstream) {
      await this.rights.save(institutionId, agreementId, upstream);
      this.directory.expire(institutionId);
      // whoever brings the access in again has mended it
      await this.gates.rearm(institutionId);
    }
    return { configured: true as const };
  }

  @RpcHandler(rearmUpstream)
  async rearm({ institutionId }: RpcInput<typeof rearmUpstream>) {
    return { rearmed: await this.gates.rearm(institutionId) };
  }

  @RpcHandler(describeUpstream)
  async describe({ institutionId }: RpcInput<typeof describeUpstream>) {
    const row = await this.rights.findRow(institutionId);
    // this replica may hold for half a second what another one destroyed
    if (!row) this.directory.expire(institutionId);
    return {
      configured: row !== null,
      configuredAt: row?.configuredAt.toISOString() ?? null,
      agreementId: row?.agreementId ?? null,
      keyId: row?.keyId ?? null,
      upstream: await this.gates.findState(institutionId),
    };
  }

  @RpcHandler(testUpstream)
  async test({ institutionId }: RpcInput<typeof testUpstream>, { deadlineAt }: Call) {
    const upstream = await this.directory.find(institutionId);
    if (!upstream) throw new AppError('UPSTREAM_NOT_CONFIGURED');
    const timeLeftMs = deadlineAt - performance.now() - reserveForAnswerMs;
    const result = await upstream.client.test(Math.max(1, Math.min(testDeadlineMs, timeLeftMs)));
    return { ...result, hits: 0 as const, notChecked };
  }

  @RpcHandler(rotateSealingKey)
  async rotate({ institutionId }: RpcInput<typeof rotateSealingKey>) {
    return this.rights.rotate(institutionId);
  }

  @RpcHandler(destroyAgreementKeys)
  async destroyKeys({ institutionId, agreementId }: RpcInput<typeof destroyAgreementKeys>) {
    const destroyedKeyIds = await this.rights.destroy(institutionId, agreementId);
    this.directory.expire(institutionId);
    return { destroyedKeyIds };
  }
}
