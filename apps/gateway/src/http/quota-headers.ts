import { Quota } from '#contracts';

/** draft-ietf-httpapi-ratelimit-headers-10: what is left of the day's hits, and seconds until it is full again. */
export function quotaHeaders(quota: unknown, now: number = Date.now()): Record<string, string> {
  const parsed = Quota.safeParse(quota);
  if (!parsed.success) return {};
  const { limit, left, resetAt } = parsed.data;
  const seconds = Math.max(0, Math.ceil((Date.parse(resetAt) - now) / 1000));
  return { 'RateLimit-Policy': `"hits";q=${limit};w=86400`, RateLimit: `"hits";r=${left};t=${seconds}` };
}
