import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { openCheckpoint, parseVerifierKey, signCheckpoint, toHex, verifierKey } from '#evidence';
import type { Checkpoint, RpcOutput, acknowledgeRollback, EvidenceStatus } from '#contracts';
import { AppError, counter, gauge, type Log as ServiceLog } from '#service';
import { uuidv7 } from 'uuidv7';
import type { CheckpointFolder, KeptCheckpoint } from './checkpoint-folder.js';
import type { Leadership } from './leadership.js';
import type { LogKey, LogSigner } from './log-key.js';
import {
  addCheckpoint,
  findCheckpoint,
  findLog,
  listWaiting,
  openLog,
  originOf,
  rootAt,
  sequence,
  sizeOf,
  waitingOf,
  type Database,
  type Log,
  type StoredCheckpoint,
} from './log.repository.js';

export type LogFault = NonNullable<EvidenceStatus['fault']>;

export interface SequencerOptions {
  /** First part of the origins. */
  installation: string;
  /** false: this replica never leads by itself. */
  enabled: boolean;
  everyMs: number;
  /** A log that grew is signed after so long. */
  signEveryMs: number;
}

/** Most events that one transaction gives an index. */
const batchSize = 5_000;
/** Events that wait for longer keep a log from being signed by the timer: half of what the format allows. */
const mostLagSeconds = 30;
/** A log that does not grow is signed anew after so long, so that an outsider sees that it is alive. */
const freshMs = 24 * 3_600_000;

const sequencedTotal = counter('gerbang_evidence_sequenced_total', 'Events that got their index in the log', []);
const signedTotal = counter('gerbang_evidence_checkpoints_total', 'Checkpoints signed', []);
const faults = gauge('gerbang_evidence_faults', 'Logs that are not signed, because the database does not fit', []);

export const toContract = (origin: string, { size, root, signedAt, note }: StoredCheckpoint): Checkpoint => ({
  origin,
  size,
  root: root.toString('base64'),
  signedAt: signedAt.toISOString(),
  note,
});

/**
 * Gives committed events their index in the log of their institution and signs checkpoints (docs/evidence-format.md). It keeps
 * nothing between two rounds but a timer: what is signed is read from the database and compared with the last checkpoint
 * outside of it, so a database that was set back is noticed and never signed over.
 */
@Injectable()
export class Sequencer {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failing = false;
  private stopping = false;
  private readonly told = new Map<string, LogFault>();
  /** When a log is due, `performance.now()`. */
  private readonly due = new Map<string, number>();

  constructor(
    private readonly pool: Pool,
    private readonly leadership: Leadership,
    private readonly folder: CheckpointFolder,
    private readonly key: LogKey,
    private readonly log: ServiceLog,
    private readonly options: SequencerOptions,
  ) {}

  start(): void {
    if (this.options.enabled) this.timer = setInterval(() => this.begin(), this.options.everyMs);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  private begin(): void {
    this.running ??= this.round().then(
      () => this.ended(undefined),
      (error: unknown) => this.ended(error),
    );
  }

  /** A database that is away is told once, and so is its coming back. */
  private ended(error: unknown): void {
    this.running = undefined;
    if (error !== undefined && !this.failing) this.log.failure('sequencing fails', error, {}, 'warn');
    if (error === undefined && this.failing) this.log.event('info', 'sequencing works again');
    this.failing = error !== undefined;
  }

  /**
   * Everything that waits gets its index, every log that is due is signed. Does nothing while another replica leads. A log
   * that fails holds up no other one; the first failure is thrown at the end.
   */
  async round(): Promise<void> {
    const failures: unknown[] = [];
    const attempt = async <T>(work: () => Promise<T>) => work().catch((error: unknown) => void failures.push(error));
    for (let hasMore = true; hasMore && !this.stopping;) {
      hasMore = false;
      for (const { institutionId } of await listWaiting(this.pool)) {
        const given = await attempt(() => this.leadership.lead((client) => this.sequenceOne(client, institutionId)));
        if (given === undefined && failures.length === 0) return;
        hasMore ||= given === batchSize;
      }
    }
    const now = performance.now();
    for (const institutionId of await this.signedSoFar()) {
      if (this.stopping || (this.due.get(institutionId) ?? 0) > now) continue;
      this.due.set(institutionId, now + this.options.signEveryMs);
      await attempt(() => this.leadership.lead((client) => this.signIfGrown(client, institutionId)));
    }
    faults.set(this.told.size);
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Sequences and signs one log now, as leader.
   *
   * @throws {AppError} EVIDENCE_ROLLED_BACK; RESOURCE_NOT_FOUND when nothing was ever on record; EVIDENCE_UNAVAILABLE
   */
  async signNow(institutionId: string): Promise<Checkpoint> {
    return asUnavailable(async () => {
      for (;;) {
        const given = await this.leadership.lead(async (client) => this.sequenceOne(client, institutionId), true);
        if (given === undefined || given < batchSize) break;
      }
      const signed = await this.leadership.lead(async (client) => {
        const log = await openLog(client, this.options.installation, institutionId);
        return this.sign(client, log);
      }, true);
      if (!signed) throw new AppError('RESOURCE_NOT_FOUND');
      return signed;
    });
  }

  /** Whether database, disk and key fit together; nothing is changed. */
  async inspect(db: Database, institutionId: string): Promise<LogFault | null> {
    const outside = await this.folder.newest(institutionId);
    const log = await findLog(db, institutionId);
    // what is older than a gap was acknowledged with it
    if (!outside || (log && outside.generation < log.generation)) return null;
    const origin = originOf(this.options.installation, institutionId, outside.generation);
    const opened = openCheckpoint(outside.note, keysOf(origin, await this.key.signer()));
    if (!opened.ok) return 'KEY_CHANGED';
    if (!log || (await isBehind(db, log, outside))) return 'ROLLED_BACK';
    return toHex(await rootAt(db, log.id, outside.size)) === toHex(opened.checkpoint.root) ? null : 'FORKED';
  }

  /** After a restore: a new generation, whose first leaf tells what is missing, signed at once. */
  async acknowledge(
    institutionId: string,
    acknowledgedBy: string | null,
    reason: string,
  ): Promise<RpcOutput<typeof acknowledgeRollback>> {
    const gap = await asUnavailable(() =>
      this.leadership.lead(async (client) => {
        const log = await openLog(client, this.options.installation, institutionId);
        const fault = await this.inspect(client, institutionId);
        const outside = await this.folder.newest(institutionId);
        if (fault === null || !outside) {
          throw new AppError('STATE_CONFLICT', {
            issues: [{ path: '', message: 'Tidak ada celah yang perlu diakui.' }],
          });
        }
        return this.openGeneration(client, log, outside, { fault, acknowledgedBy, reason });
      }, true),
    );
    if (!gap) throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 });
    this.told.delete(institutionId);
    this.log.event('warn', 'evidence goes on after a gap', { institutionId, count: gap.lostEvents });
    await this.signNow(institutionId);
    return gap;
  }

  private async openGeneration(
    db: Database,
    log: Log,
    outside: KeptCheckpoint,
    { fault, acknowledgedBy, reason }: { fault: LogFault; acknowledgedBy: string | null; reason: string },
  ) {
    const generation = Math.max(log.generation, outside.generation) + 1;
    const origin = originOf(this.options.installation, log.institutionId, generation);
    const keptSize = await sizeOf(db, log.id);
    const statement = {
      id: uuidv7(),
      institutionId: log.institutionId,
      previousOrigin: log.origin,
      lastCheckpoint: outside.note,
      keptSize,
      keptRoot: toHex(await rootAt(db, log.id, keptSize)),
      acknowledgedBy,
      reason,
    };
    await db.query('SELECT verification.open_after_gap($1, $2, $3)', [JSON.stringify(statement), generation, origin]);
    const signed = outside.generation === log.generation ? outside.size : outside.size + keptSize;
    return { fault, previousOrigin: log.origin, origin, keptSize, lostEvents: Math.max(0, signed - keptSize) };
  }

  /** A log that does not fit is left alone: its events wait until an administrator has spoken. */
  private async sequenceOne(db: Database, institutionId: string): Promise<number> {
    const log = await openLog(db, this.options.installation, institutionId);
    // its size tells most, at each round; its content is compared whenever it is signed, and while something is wrong
    const fault = this.told.has(institutionId)
      ? await this.inspect(db, institutionId)
      : await this.findRollback(db, log);
    if (fault !== null) {
      this.tell(institutionId, fault);
      return 0;
    }
    this.told.delete(institutionId);
    const given = await sequence(db, log.id, batchSize);
    sequencedTotal.inc(given);
    return given;
  }

  private async findRollback(db: Database, log: Log): Promise<LogFault | null> {
    const outside = await this.folder.newest(log.institutionId);
    return outside && (await isBehind(db, log, outside)) ? 'ROLLED_BACK' : null;
  }

  private async signIfGrown(db: Database, institutionId: string): Promise<void> {
    const log = await openLog(db, this.options.installation, institutionId);
    const last = await findCheckpoint(db, log.id);
    const size = await sizeOf(db, log.id);
    const isOld = last !== undefined && Date.now() - last.signedAt.getTime() > freshMs;
    if (size === 0 || (last?.size === size && !isOld)) return;
    // what waits would be older than the checkpoint that leaves it out
    if ((await waitingOf(db, institutionId)).lagSeconds > mostLagSeconds) return;
    await this.sign(db, log).catch((error: unknown) => {
      // told already, and told again in every status
      if (!(error instanceof AppError && error.code === 'EVIDENCE_ROLLED_BACK')) throw error;
    });
  }

  /** Signs what is committed: disk first, then the database, from which others read it. */
  private async sign(db: Database, log: Log): Promise<Checkpoint | undefined> {
    const fault = await this.inspect(db, log.institutionId);
    if (fault !== null) {
      this.tell(log.institutionId, fault);
      throw new AppError('EVIDENCE_ROLLED_BACK');
    }
    this.told.delete(log.institutionId);
    const size = await sizeOf(db, log.id);
    if (size === 0) return undefined;
    const { rows } = await db.query<{ seconds: string }>(
      'SELECT floor(extract(epoch FROM verification.ledger_now())) AS seconds',
    );
    const seconds = Number(rows[0]?.seconds);
    const root = await rootAt(db, log.id, size);
    const note = signCheckpoint({ origin: log.origin, size, root }, seconds, await this.key.signer());
    await this.folder.save(log.institutionId, { generation: log.generation, size, note });
    const checkpoint = { size, signedAt: new Date(seconds * 1_000), root: Buffer.from(root), note };
    await addCheckpoint(db, log.id, checkpoint);
    signedTotal.inc();
    return toContract(log.origin, checkpoint);
  }

  private tell(institutionId: string, fault: LogFault): void {
    if (this.told.get(institutionId) === fault) return;
    this.told.set(institutionId, fault);
    this.log.event(
      'error',
      'the database does not fit the last signed checkpoint: nothing is signed until an admin acknowledges it',
      { institutionId, code: fault },
    );
  }

  private async signedSoFar(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT DISTINCT institution_id AS id FROM verification.log',
    );
    return rows.map(({ id }) => id);
  }
}

export const keysOf = (origin: string, { publicKey }: Pick<LogSigner, 'publicKey'>) => {
  const key = parseVerifierKey(verifierKey(origin, publicKey));
  return key ? [key] : [];
};

async function isBehind(db: Database, log: Log | undefined, outside: KeptCheckpoint): Promise<boolean> {
  if (!log || outside.generation > log.generation) return true;
  return outside.generation === log.generation && outside.size > (await sizeOf(db, log.id));
}

async function asUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
  }
}
