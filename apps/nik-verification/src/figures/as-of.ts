import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { AsOf, Checkpoint, LogState } from '#contracts';
import { parseCheckpointBody, parseNote, toBase64 } from '#evidence';
import { AppError } from '#service';
import {
  findCheckpoint,
  findLog,
  findLogByOrigin,
  findNoteInGapAfter,
  findSigned,
  listGenerations,
  type Log,
  type StoredCheckpoint,
} from '../evidence/log.repository.js';
import type { Sequencer } from '../evidence/sequencer.js';

/** What is counted: of each of these logs the leaves below its size. */
export interface Counted {
  institutionId: string;
  /** When the last one was signed, whole seconds. */
  at: Date;
  /** Generations of the institution's log, oldest first: each as of its last checkpoint, the last one as of the one asked for. */
  logs: (LogState & Pick<Log, 'id'>)[];
}

/** Finds what a checkpoint covers. */
@Injectable()
export class AsOfFinder {
  constructor(
    private readonly pool: Pool,
    private readonly sequencer: Pick<Sequencer, 'signNow'>,
  ) {}

  /**
   * @param asOf default: a checkpoint that is signed now
   * @throws {AppError} RESOURCE_NOT_FOUND when there is no such log, NOT_IN_CHECKPOINT when no such checkpoint; of `signNow`
   */
  async find(institutionId: string, asOf?: AsOf): Promise<Counted> {
    const wanted = asOf ?? toAsOf(await this.sequencer.signNow(institutionId));
    const log = await findLogByOrigin(this.pool, institutionId, wanted.origin);
    if (!log) throw new AppError('RESOURCE_NOT_FOUND');
    const signed = await findSigned(this.pool, log.id, wanted);
    if (!signed) throw new AppError('NOT_IN_CHECKPOINT');
    return this.upTo(log, signed);
  }

  /** Up to the newest checkpoint that there is: nothing is signed. Nothing when the log has none, or there is no log. */
  async findNewest(institutionId: string): Promise<Counted | undefined> {
    const log = await findLog(this.pool, institutionId);
    const signed = log && (await findCheckpoint(this.pool, log.id));
    return signed && this.upTo(log, signed);
  }

  private async upTo(log: Log, signed: StoredCheckpoint): Promise<Counted> {
    const { institutionId } = log;
    const logs: Counted['logs'] = [];
    for (const earlier of await listGenerations(this.pool, institutionId, log.generation))
      if (earlier.id !== log.id) logs.push(await this.lastStateOf(earlier));
    return { institutionId, at: signed.signedAt, logs: [...logs, toState(log, signed)] };
  }

  private async lastStateOf(log: Log): Promise<Counted['logs'][number]> {
    const signed = await findCheckpoint(this.pool, log.id);
    if (signed) return toState(log, signed);
    // set back to before its first checkpoint: the statement of the gap after it quotes the last one
    const note = await findNoteInGapAfter(this.pool, log.origin);
    const parsed = note === undefined ? undefined : parseNote(note);
    const checkpoint = parsed && parseCheckpointBody(parsed.text);
    if (note === undefined || !checkpoint) throw new Error('a generation ended without a checkpoint and without a gap');
    return { id: log.id, origin: log.origin, size: checkpoint.size, root: toBase64(checkpoint.root), note };
  }
}

const toState = ({ id, origin }: Log, { size, root, note }: StoredCheckpoint): Counted['logs'][number] => ({
  id,
  origin,
  size,
  root: root.toString('base64'),
  note,
});

const toAsOf = ({ origin, size, signedAt }: Checkpoint): AsOf => ({ origin, size, at: signedAt });
