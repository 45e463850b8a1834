import { Controller } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  acknowledgeRollback,
  beginExport,
  getEvidenceStatus,
  listCheckpoints,
  proveConsistency,
  proveInclusion,
  readExport,
  signCheckpoint,
  tracePerson,
  verifyReceipt,
  type EvidenceStatus,
  type RpcInput,
} from '#contracts';
import { poolOf, RpcHandler } from '#service';
import { BundleExport } from './bundle-export.js';
import { EvidenceLag } from './evidence-lag.js';
import { findCheckpoint, findLog, sizeOf, waitingOf } from './log.repository.js';
import { PersonTrace } from './person-trace.js';
import { Proofs } from './proofs.js';
import { Receipts } from './receipts.js';
import { Sequencer, toContract } from './sequencer.js';

@Controller()
export class EvidenceController {
  constructor(
    private readonly sequencer: Sequencer,
    private readonly proofs: Proofs,
    private readonly bundles: BundleExport,
    private readonly receipts: Receipts,
    private readonly persons: PersonTrace,
    private readonly lag: EvidenceLag,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  @RpcHandler(listCheckpoints)
  async listCheckpoints({ institutionId, query }: RpcInput<typeof listCheckpoints>) {
    return this.proofs.listCheckpoints(institutionId, query);
  }

  @RpcHandler(signCheckpoint)
  async signCheckpoint({ institutionId }: RpcInput<typeof signCheckpoint>) {
    return this.sequencer.signNow(institutionId);
  }

  @RpcHandler(proveInclusion)
  async proveInclusion({ institutionId, leaf, size }: RpcInput<typeof proveInclusion>) {
    return this.proofs.proveInclusion(institutionId, leaf, size);
  }

  @RpcHandler(proveConsistency)
  async proveConsistency({ institutionId, from, to }: RpcInput<typeof proveConsistency>) {
    return this.proofs.proveConsistency(institutionId, from, to);
  }

  @RpcHandler(getEvidenceStatus)
  async getEvidenceStatus({ institutionId }: RpcInput<typeof getEvidenceStatus>): Promise<EvidenceStatus> {
    const pool = poolOf(this.source);
    const log = await findLog(pool, institutionId);
    const last = log && (await findCheckpoint(pool, log.id));
    return {
      origin: log?.origin ?? null,
      size: log ? await sizeOf(pool, log.id) : 0,
      ...(await waitingOf(pool, institutionId)),
      lastCheckpoint: last ? toContract(log.origin, last) : null,
      fault: await this.sequencer.inspect(pool, institutionId),
      stalled: this.lag.isStalled(institutionId),
    };
  }

  @RpcHandler(beginExport)
  async beginExport(input: RpcInput<typeof beginExport>) {
    return this.bundles.begin(input);
  }

  @RpcHandler(readExport)
  async readExport(input: RpcInput<typeof readExport>) {
    return this.bundles.read(input);
  }

  @RpcHandler(acknowledgeRollback)
  async acknowledgeRollback({ institutionId, acknowledgedBy, reason }: RpcInput<typeof acknowledgeRollback>) {
    return this.sequencer.acknowledge(institutionId, acknowledgedBy, reason);
  }

  @RpcHandler(verifyReceipt)
  async verifyReceipt({ receipt }: RpcInput<typeof verifyReceipt>) {
    return this.receipts.verify(receipt);
  }

  @RpcHandler(tracePerson)
  async tracePerson(input: RpcInput<typeof tracePerson>) {
    return this.persons.trace(input);
  }
}
