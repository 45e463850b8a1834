import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { CheckpointPage, CheckpointQuery, ConsistencyProof, InclusionProof } from '#contracts';
import { consistencyNodes, consistencyProof, inclusionNodes, inclusionProof, verifierKey } from '#evidence';
import { AppError } from '#service';
import type { LogKey } from './log-key.js';
import {
  fetchNodes,
  findCheckpoint,
  findLeaf,
  findLog,
  findLogById,
  isWaiting,
  listCheckpoints,
  type Log,
  type StoredCheckpoint,
  type StoredLeaf,
  type WantedLeaf,
} from './log.repository.js';
import { toContract } from './sequencer.js';

/** Reads the log for those who check it: checkpoints and RFC 6962 proofs against them. */
@Injectable()
export class Proofs {
  constructor(
    private readonly pool: Pool,
    private readonly key: LogKey,
  ) {}

  async listCheckpoints(institutionId: string, query: Omit<CheckpointQuery, 'institutionId'>): Promise<CheckpointPage> {
    const log = await this.findLog(institutionId);
    const found = await listCheckpoints(this.pool, log.id, query.limit + 1, query.before);
    const shown = found.slice(0, query.limit);
    return {
      origin: log.origin,
      keys: await this.keys(log),
      checkpoints: shown.map((checkpoint) => toContract(log.origin, checkpoint)),
      next: found.length > query.limit ? (shown.at(-1)?.size ?? null) : null,
    };
  }

  async keys(log: Log): Promise<string[]> {
    const { publicKey } = await this.key.signer();
    return [verifierKey(log.origin, publicKey)];
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND; NOT_IN_CHECKPOINT when the leaf has no index yet or no checkpoint covers it */
  async proveInclusion(institutionId: string, wanted: WantedLeaf, size?: number): Promise<InclusionProof> {
    const leaf = await this.findLeaf(institutionId, wanted);
    const log = await findLogById(this.pool, institutionId, leaf.logId);
    const checkpoint = log && (await findCheckpoint(this.pool, log.id, size));
    if (!checkpoint || checkpoint.size <= leaf.index) throw new AppError('NOT_IN_CHECKPOINT', { retryAfter: 60 });
    const nodes = await fetchNodes(this.pool, log.id, inclusionNodes(leaf.index, checkpoint.size));
    return {
      index: leaf.index,
      size: checkpoint.size,
      leafHash: leaf.leafHash.toString('base64'),
      hashes: inBase64(inclusionProof(leaf.index, checkpoint.size, nodes)),
      checkpoint: toContract(log.origin, checkpoint),
    };
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND; NOT_IN_CHECKPOINT when there is no checkpoint of one of the sizes */
  async proveConsistency(institutionId: string, from: number, to?: number): Promise<ConsistencyProof> {
    const log = await this.findLog(institutionId);
    const newer = await this.findCheckpoint(log, to);
    if (from > 0) await this.findCheckpoint(log, from);
    if (from > newer.size) throw new AppError('NOT_IN_CHECKPOINT');
    const nodes = await fetchNodes(this.pool, log.id, consistencyNodes(from, newer.size));
    return {
      from,
      to: newer.size,
      hashes: inBase64(consistencyProof(from, newer.size, nodes)),
      checkpoint: toContract(log.origin, newer),
    };
  }

  private async findLog(institutionId: string): Promise<Log> {
    const log = await findLog(this.pool, institutionId);
    if (!log) throw new AppError('RESOURCE_NOT_FOUND');
    return log;
  }

  private async findCheckpoint(log: Log, size: number | undefined): Promise<StoredCheckpoint> {
    const checkpoint = await findCheckpoint(this.pool, log.id, size);
    if (!checkpoint) throw new AppError('NOT_IN_CHECKPOINT');
    return checkpoint;
  }

  /** What is on record and waits for its index is told from what is not there. */
  private async findLeaf(institutionId: string, wanted: WantedLeaf): Promise<StoredLeaf> {
    const leaf = await findLeaf(this.pool, institutionId, wanted);
    if (leaf) return leaf;
    if (!('index' in wanted) && (await isWaiting(this.pool, institutionId, wanted)))
      throw new AppError('NOT_IN_CHECKPOINT', { retryAfter: 60 });
    // it may have got its index between the two looks
    const found = await findLeaf(this.pool, institutionId, wanted);
    if (!found) throw new AppError('RESOURCE_NOT_FOUND');
    return found;
  }
}

const inBase64 = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('base64'));
