import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { RpcInput, RpcOutput, beginExport, readExport } from '#contracts';
import { rootNodes } from '#evidence';
import { AppError } from '#service';
import { checkpointsBetween, fetchNodes, findCheckpoint, findLog, findLogById, readLeaves } from './log.repository.js';
import type { Proofs } from './proofs.js';

/** Leaves of one page: with a checkpoint after each they stay below what the bus carries. */
const pageSize = 120;
/** Of one page, so that it stays below what the bus carries; a note has some 500 bytes. */
const checkpointsOfPage = 120;

/** A bundle, page by page (docs/evidence-format.md). */
@Injectable()
export class BundleExport {
  constructor(
    private readonly pool: Pool,
    private readonly proofs: Proofs,
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND; NOT_IN_CHECKPOINT when a bound is no checkpoint's size */
  async begin({
    institutionId,
    from,
    to,
    generation,
  }: RpcInput<typeof beginExport>): Promise<RpcOutput<typeof beginExport>> {
    const log = await findLog(this.pool, institutionId, generation);
    if (!log) throw new AppError('RESOURCE_NOT_FOUND');
    const last = await findCheckpoint(this.pool, log.id, to);
    if (!last || from >= last.size) throw new AppError('NOT_IN_CHECKPOINT');
    if (from > 0 && !(await findCheckpoint(this.pool, log.id, from))) throw new AppError('NOT_IN_CHECKPOINT');
    const nodes = rootNodes(from);
    const read = await fetchNodes(this.pool, log.id, nodes);
    return {
      logId: log.id,
      origin: log.origin,
      keys: await this.proofs.keys(log),
      from,
      to: last.size,
      before: nodes.map(({ level, index }) => Buffer.from(read(level, index)).toString('base64')),
    };
  }

  async read({
    institutionId,
    logId,
    from,
    next,
    to,
  }: RpcInput<typeof readExport>): Promise<RpcOutput<typeof readExport>> {
    const log = await findLogById(this.pool, institutionId, logId);
    if (!log || next < from || next >= to) throw new AppError('RESOURCE_NOT_FOUND');
    const isFirst = next === from && from > 0;
    const all = await checkpointsBetween(this.pool, log.id, isFirst ? from - 1 : next, Math.min(next + pageSize, to));
    const checkpoints = all.slice(0, checkpointsOfPage);
    // a page ends where its checkpoints end
    const end = all.length > checkpoints.length ? checkpoints.at(-1)!.size : Math.min(next + pageSize, to);
    const lines: string[] = [];
    const addCheckpoints = (size: number) =>
      lines.push(
        ...checkpoints.filter((one) => one.size === size).map(({ note }) => JSON.stringify({ checkpoint: note })),
      );
    if (isFirst) addCheckpoints(from);
    for (const { index, hash, leaf } of await readLeaves(this.pool, log.id, next, end)) {
      lines.push(`{"i":${index},"h":"${hash}","leaf":${leaf ?? 'null'}}`);
      addCheckpoints(index + 1);
    }
    return { lines, checkpoints: lines.filter((line) => line.startsWith('{"checkpoint"')).length, next: end };
  }
}
