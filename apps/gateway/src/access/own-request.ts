import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that comes with a cookie was made by our own page or a program, not by another site in the same browser:
 * it names the session's CSRF token, and no other origin. Requests that only read pass.
 */
export function isOwnRequest(request: FastifyRequest, csrfToken: string): boolean {
  if (reading.has(request.method)) return true;
  const named = request.headers['x-csrf-token'];
  return isOfOwnOrigin(request) && typeof named === 'string' && equal(named, csrfToken);
}

/** Fetch metadata (W3C) where the browser sends them, else `Origin` beside `Host`. */
export function isOfOwnOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
