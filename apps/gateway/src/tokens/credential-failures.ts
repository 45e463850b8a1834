import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '#service';

/** Failures in a row that cost nothing: somebody is setting up an application. */
export const freeFailures = 20;
/** Seconds. */
export const longestWait = 60;
const forgottenAfter = 3_600;

interface Streak {
  failures: number;
  /** Milliseconds on the clock. */
  lastAt: number;
  blockedUntil: number;
}

/**
 * Slows down who guesses credentials, by client id and source address, in this gateway's memory. Never by address alone:
 * one address may be a whole office. After 20 failures in a row the pair waits 1, 2, 4, ... 60 seconds between attempts, and
 * is refused meanwhile without a look at what it brings: a right guess must not be told from a wrong one.
 */
export class CredentialFailures {
  /** By SHA-256: names that nobody has may be long. */
  private readonly streaks = new LRUCache<string, Streak>({ max: 20_000 });

  /** @param now whole milliseconds, of a clock that is never set back */
  constructor(private readonly now: () => number = () => Math.floor(performance.now())) {}

  /** @throws {AppError} RATE_LIMITED with the seconds to wait */
  admit(clientId: string, address: string): void {
    const wait = (this.find(keyOf(clientId, address))?.blockedUntil ?? 0) - this.now();
    if (wait > 0) throw new AppError('RATE_LIMITED', { retryAfter: Math.ceil(wait / 1000) });
  }

  /**
   * Counts how an attempt came out. Of attempts that were admitted together, those that end after the pair was blocked are
   * not told how: many at once are not more guesses than one after the other.
   *
   * @throws {AppError} RATE_LIMITED
   */
  settle(clientId: string, address: string, succeeded: boolean): void {
    this.admit(clientId, address);
    const key = keyOf(clientId, address);
    if (succeeded) {
      this.streaks.delete(key);
      return;
    }
    const failures = (this.find(key)?.failures ?? 0) + 1;
    const now = this.now();
    const wait = failures < freeFailures ? 0 : Math.min(longestWait, 2 ** (failures - freeFailures));
    this.streaks.set(key, { failures, lastAt: now, blockedUntil: now + wait * 1000 });
  }

  private find(key: string): Streak | undefined {
    const streak = this.streaks.get(key);
    return streak && this.now() - streak.lastAt < forgottenAfter * 1000 ? streak : undefined;
  }
}

const keyOf = (clientId: string, address: string): string =>
  createHash('sha256').update(`${address}\n${clientId}`).digest('base64');
