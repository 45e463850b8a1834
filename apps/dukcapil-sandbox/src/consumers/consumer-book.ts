import { randomBytes } from 'node:crypto';
import { HitCount } from './hit-count.js';
import type { Consumer } from './consumer.js';

/** A consumer with its count; the count survives a replacement of the consumer. */
export interface Account {
  consumer: Consumer;
  /** For data balikan; like the count, it survives a replacement that gives no other. */
  token: string;
  readonly count: HitCount;
}

/** All consumers, found by the path they call and the User ID they name. */
export class ConsumerBook {
  /** Requests that named no User ID of the path they called, since the last reset. */
  requestsOfNobody = 0;
  readonly #byUserId = new Map<string, Account>();
  readonly #byPath = new Map<string, Map<string, Account>>();

  constructor(consumers: readonly Consumer[] = []) {
    for (const consumer of consumers) this.put(consumer);
  }

  /** Creates or replaces; true when it is new. */
  put(consumer: Consumer): boolean {
    const known = this.#byUserId.get(consumer.userId);
    const account = known ?? { consumer, token: randomBytes(24).toString('base64url'), count: new HitCount() };
    if (known !== undefined) this.#removeFromPath(known.consumer);
    account.consumer = consumer;
    account.token = consumer.token ?? account.token;
    this.#byUserId.set(consumer.userId, account);
    const atPath = this.#byPath.get(consumer.pathPrefix) ?? new Map<string, Account>();
    this.#byPath.set(consumer.pathPrefix, atPath.set(consumer.userId, account));
    return known === undefined;
  }

  /** The accounts behind a path by User ID; undefined where the server has no such path. */
  findAtPath(pathPrefix: string): ReadonlyMap<string, Account> | undefined {
    return this.#byPath.get(pathPrefix);
  }

  /** User ID of whoever has this token. */
  findByToken(token: string | undefined): string | undefined {
    return this.all().find((account) => account.token === token)?.consumer.userId;
  }

  all(): Account[] {
    return [...this.#byUserId.values()];
  }

  resetCounts(): void {
    this.requestsOfNobody = 0;
    for (const { count } of this.#byUserId.values()) count.reset();
  }

  #removeFromPath({ pathPrefix, userId }: Consumer): void {
    const atPath = this.#byPath.get(pathPrefix);
    atPath?.delete(userId);
    if (atPath?.size === 0) this.#byPath.delete(pathPrefix);
  }
}
