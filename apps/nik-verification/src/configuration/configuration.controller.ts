import { Controller } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { configureInstitution, rearmUpstream, type RpcInput } from '#contracts';
import { RpcHandler } from '#service';
import { hmacKeyName } from '../evidence/pseudonym.js';
import { KeyFolder } from '../key-folder.js';
import { QuotaGrant } from '../ledger/entities.js';
import { GateKeeper } from '../upstream/gate-keeper.js';
import { UpstreamDirectory } from '../upstream/upstream-directory.js';

/** What an institution needs here before its first look-up: quota, the agreement's HMAC key, the ministry's access. */
@Controller()
export class ConfigurationController {
  constructor(
    @InjectRepository(QuotaGrant) private readonly grants: Repository<QuotaGrant>,
    private readonly keys: KeyFolder,
    private readonly directory: UpstreamDirectory,
    private readonly gates: GateKeeper,
  ) {}

  @RpcHandler(configureInstitution)
  async configure({ institutionId, agreementId, quota, upstream }: RpcInput<typeof configureInstitution>) {
    await this.keys.getOrMakeKey(hmacKeyName(agreementId));
    if (quota.length > 0) {
      await this.grants.upsert(
        quota.map(({ effectiveFrom, dailyLimit }) => ({ institutionId, effectiveFrom, dailyLimit })),
        ['institutionId', 'effectiveFrom'],
      );
    }
    if (upstream) {
      await this.directory.save(institutionId, agreementId, upstream);
      // whoever brings the access in again has mended it
      await this.gates.rearm(institutionId);
    }
    return { configured: true as const };
  }

  @RpcHandler(rearmUpstream)
  async rearm({ institutionId }: RpcInput<typeof rearmUpstream>) {
    return { rearmed: await this.gates.rearm(institutionId) };
  }
}
