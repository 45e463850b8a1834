import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { AsOf, Checkpoint, LogState } from '#contracts';
import { parseCheckpointBody, parseNote, toBase64 } from '#evidence';
import { AppError } from '#service';
import {
  findCheckpoint,
  findGapAfter,
  findLogByOrigin,
  findSigned,
  listGenerations,
  type Log,
} from '../evidence/log.repository.js';
import type { Sequencer } from '../evidence/sequencer.js';

/** What is counted: of `log` the leaves below `size`, and all leaves of the generations before it. */
export interface Counted {
  institutionId: string;
  log: Log;
  size: number;
  /** When the checkpoint was signed, whole seconds. */
  at: Date;
  /** Oldest first, `log` among them as the last. */
  generations: Log[];
}

/** Finds the checkpoint that is counted up to. */
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
    const generations = await listGenerations(this.pool, institutionId, log.generation);
    return { institutionId, log, size: signed.size, at: signed.signedAt, generations };
  }

  /** Each generation's last checkpoint, and the one that is counted up to. */
  async listStates({ log, size, at, generations }: Counted): Promise<LogState[]> {
    const states: LogState[] = [];
    for (const one of generations) {
      const signed =
        one.id === log.id
          ? await findSigned(this.pool, log.id, { size, at: at.toISOString() })
          : await findCheckpoint(this.pool, one.id);
      if (signed) {
        const { root, note } = signed;
        states.push({ origin: one.origin, size: signed.size, root: root.toString('base64'), note });
      } else states.push(await this.lostState(one));
    }
    return states;
  }

  /** Of a generation that was set back to before its first checkpoint: the last one, as the gap after it quotes it. */
  private async lostState({ id, origin }: Log): Promise<LogState> {
    const note = await findGapAfter(this.pool, id);
    const parsed = note === undefined ? undefined : parseNote(note);
    const checkpoint = parsed && parseCheckpointBody(parsed.text);
    if (note === undefined || !checkpoint) throw new Error('a generation ended without a checkpoint and without a gap');
    return { origin, size: checkpoint.size, root: toBase64(checkpoint.root), note };
  }
}

const toAsOf = ({ origin, size, signedAt }: Checkpoint): AsOf => ({ origin, size, at: signedAt });
