import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isSafeAddress } from './bus/safe-address.js';

export const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20) });
export type Jwks = z.infer<typeof Jwks>;

const atMostEveryMs = 60_000;
const withinMs = 5_000;
const mostBytes = 64 * 1024;

/** Keys that sign permits: pinned when joining, and later fetched from the gateway itself, never taken from the bus. */
export class TrustedKeys {
  private askedAt: number | undefined;
  private asking: Promise<void> | undefined;

  constructor(
    private jwks: Jwks,
    /** @throws when the gateway is not reached, or what it says is no key set */
    private readonly ask: () => Promise<Jwks>,
    /** Keeps them over a restart. */
    private readonly keep: (jwks: Jwks) => void,
    private readonly monotonicNow: () => number,
  ) {}

  /** A key that is not known may be a new one: the gateway is asked, at most once a minute. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (header.kid === undefined) throw new TypeError('no kid');
    if (!this.jwks.keys.some(({ kid }) => kid === header.kid)) await (this.asking ??= this.renew());
    return createLocalJWKSet(this.jwks)(header, token);
  };

  private async renew(): Promise<void> {
    try {
      const now = this.monotonicNow();
      if (this.askedAt !== undefined && now - this.askedAt < atMostEveryMs) return;
      this.askedAt = now;
      this.jwks = await this.ask();
      this.keep(this.jwks);
    } catch {
      // the permit is refused; the next one asks again
    } finally {
      this.asking = undefined;
    }
  }
}

/** The gateway's key set, by the certificates that joining trusted. */
export async function fetchJwks(gatewayUrl: string): Promise<Jwks> {
  const url = new URL('/.well-known/jwks.json', gatewayUrl);
  if (!isSafeAddress(url.href)) throw new TypeError('not encrypted');
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(withinMs) });
  if (!response.ok || !response.body) throw new TypeError('no key set');
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > mostBytes) throw new TypeError('key set is too long');
    parts.push(part);
  }
  return Jwks.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
}
