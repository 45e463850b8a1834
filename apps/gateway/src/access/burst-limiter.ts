import { LRUCache } from 'lru-cache';

export interface BurstLimit {
  perSecond: number;
  size: number;
}

export type BurstVerdict = { allowed: true } | { allowed: false; retryAfter: number; first: boolean };

/** Token bucket by client and operator, in this gateway's memory; it protects the service and costs no hit. */
export class BurstLimiter {
  private readonly buckets = new LRUCache<string, { tokens: number; at: number; refusing: boolean }>({ max: 20_000 });

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns `retryAfter` in seconds; `first` for the first refusal in a row, the one that goes on record */
  take(key: string, limit: BurstLimit): BurstVerdict {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: limit.size, at: now, refusing: false };
    bucket.tokens = Math.min(limit.size, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      bucket.refusing = false;
      return { allowed: true };
    }
    const first = !bucket.refusing;
    bucket.refusing = true;
    return { allowed: false, retryAfter: Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond)), first };
  }
}
