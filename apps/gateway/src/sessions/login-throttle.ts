import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#service';
import { clockOf, record } from '../administration/admin-record.js';
import { Devices } from './devices.js';

/** From where somebody tries to be somebody. */
export interface Visitor {
  address: string;
  deviceCookie: string | undefined;
}

/** `device`: a browser with which this person has logged in before. */
type BucketKind = 'device' | 'address' | 'everywhere';

interface Bucket {
  kind: BucketKind;
  key: Buffer;
  /** So many failures are free; with the last of them the waiting begins. */
  allowed: number;
}

interface Taken extends Bucket {
  failures: number;
  blockedUntil: Date | null;
}

const allowedFailures = { device: 5, address: 5, everywhere: 50 } as const;
/** Seconds; doubled with each failure after the first block. */
const firstWait = 30;
const longestWait = 15 * 60;
/** Seconds without a failure after which a bucket is forgotten. */
const memory = 86_400;

/** Clears the buckets of one attempt. */
type Clear = (manager: EntityManager) => Promise<void>;

/**
 * Slows down guessing, shared by all gateways. Never by an address alone, because one address is a whole office; and what
 * strangers do never slows a person down at a computer of their own (device cookies). Names that nobody has take the same way.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly source: DataSource,
    private readonly devices: Devices,
  ) {}

  /**
   * Does `work` if there are attempts left. The attempt counts before the work begins, so that any number at once get no
   * more than what is allowed; where it came to no guess (OVERLOADED, ...) it is given back.
   *
   * @param work is handed what clears the buckets, for the transaction that succeeds
   * @throws {AppError} LOGIN_BLOCKED with `retryAfter`, seconds
   */
  async guard<T>(username: string, visitor: Visitor, work: (clear: Clear) => Promise<T>): Promise<T> {
    const device = await this.devices.find(username, visitor.deviceCookie);
    const taken = await this.take(bucketsOf(username, visitor.address, device));
    try {
      return await work((manager) => this.clear(manager, taken));
    } catch (error) {
      if (isWrongGuess(error)) await this.recordBlocks(username, visitor.address, taken);
      // a fault that nobody foresaw stays counted, so that none can be used for guessing; the fault itself has to be told
      else if (error instanceof AppError) await this.giveBack(taken).catch(() => undefined);
      throw error;
    }
  }

  /** Forgets buckets that nobody has failed in for a day. */
  async removeOld(): Promise<void> {
    await this.source.query(
      'DELETE FROM access.login_throttle WHERE updated_at < access.clock() - make_interval(secs => $1)',
      [memory],
    );
  }

  private async take(buckets: Bucket[]): Promise<Taken[]> {
    return this.source.transaction(async (manager) => {
      const taken: Taken[] = [];
      // all or none, and the narrow one first in every transaction
      for (const bucket of buckets) taken.push(await takeFrom(manager, bucket));
      return taken;
    });
  }

  private async clear(manager: EntityManager, taken: Taken[]): Promise<void> {
    for (const { key } of taken) await manager.query('DELETE FROM access.login_throttle WHERE key_sha256 = $1', [key]);
  }

  private async giveBack(taken: Taken[]): Promise<void> {
    for (const { key, failures } of taken)
      await this.source.query(
        `UPDATE access.login_throttle SET failures = greatest(failures - 1, 0),
           blocked_until = CASE WHEN failures = $2 THEN NULL ELSE blocked_until END
         WHERE key_sha256 = $1`,
        [key, failures],
      );
  }

  /** Once a block, and only what concerns somebody; a name that nobody has is not on record, it may be a mistyped password. */
  private async recordBlocks(username: string, address: string, taken: Taken[]): Promise<void> {
    const blocked = taken.filter(({ blockedUntil }) => blockedUntil !== null);
    if (blocked.length === 0) return;
    await this.source.transaction(async (manager) => {
      const [person] = await manager.query<{ id: string; institutionId: string }[]>(
        `SELECT operator.id, operator.institution_id AS "institutionId"
         FROM access.account JOIN access.operator ON operator.id = account.operator_id WHERE account.username = $1`,
        [username],
      );
      for (const { kind, key, failures, blockedUntil } of blocked) {
        // a write and a reading of the clock for every name, so that the answer takes as long for one that nobody has
        await manager.query('UPDATE access.login_throttle SET updated_at = access.clock() WHERE key_sha256 = $1', [
          key,
        ]);
        if (!person) await clockOf(manager);
        else
          await record(manager, {
            institutionId: person.institutionId,
            act: 'session.block',
            subject: { type: 'operator', id: person.id },
            actor: { kind: 'system' },
            after: { bucket: kind, address, failures, blockedUntil: blockedUntil?.toISOString() },
          });
      }
    });
  }
}

const isWrongGuess = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'LOGIN_FAILED' || error.code === 'ACTIVATION_FAILED');

function bucketsOf(username: string, address: string, device: string | undefined): Bucket[] {
  const bucket = (kind: BucketKind, ...source: string[]): Bucket => ({
    kind,
    key: createHash('sha256')
      .update(JSON.stringify([kind, username, ...source]))
      .digest(),
    allowed: allowedFailures[kind],
  });
  if (device !== undefined) return [bucket('device', device)];
  return [bucket('address', networkOf(address)), bucket('everywhere')];
}

/** One IPv6 host has a whole /64 of addresses to itself. */
function networkOf(address: string): string {
  const source = ipaddr.process(address);
  return source instanceof ipaddr.IPv6 ? source.parts.slice(0, 4).join(':') : source.toString();
}

/** @throws {AppError} LOGIN_BLOCKED */
async function takeFrom(manager: EntityManager, bucket: Bucket): Promise<Taken> {
  const [taken] = await manager.query<Pick<Taken, 'failures' | 'blockedUntil'>[]>(
    `INSERT INTO access.login_throttle AS bucket (key_sha256, failures, blocked_until, updated_at)
     VALUES ($1, 1, NULL, access.clock())
     ON CONFLICT (key_sha256) DO UPDATE SET (failures, blocked_until, updated_at) = (
       SELECT next.failures, CASE WHEN next.failures >= $2
         THEN next.now + make_interval(secs => least($3 * 2 ^ least(next.failures - $2, 20), $4)) END, next.now
       FROM (SELECT access.clock() AS now, CASE WHEN bucket.updated_at < access.clock() - make_interval(secs => $5)
         THEN 1 ELSE bucket.failures + 1 END AS failures OFFSET 0) AS next)
     WHERE bucket.blocked_until IS NULL OR bucket.blocked_until <= access.clock()
     RETURNING failures, blocked_until AS "blockedUntil"`,
    [bucket.key, bucket.allowed, firstWait, longestWait, memory],
  );
  if (taken) return { ...bucket, ...taken };
  const [blocked] = await manager.query<{ seconds: number }[]>(
    `SELECT extract(epoch FROM blocked_until - access.clock())::float8 AS seconds
     FROM access.login_throttle WHERE key_sha256 = $1`,
    [bucket.key],
  );
  throw new AppError('LOGIN_BLOCKED', { retryAfter: Math.max(1, Math.ceil(blocked?.seconds ?? 1)) });
}
