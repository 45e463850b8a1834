import type { Clock } from '../clock.js';

/**
 * The broker refuses an assertion of a PC whose clock is wrong, and only behind the broker is the gateway's clock told. So a
 * refused agent reads the `Date` of the gateway's HTTP answer, to the second.
 */
export async function askGatewayTime(gatewayUrl: string, clock: Clock): Promise<void> {
  const asked = clock.monotonicNow();
  try {
    const url = new URL('/.well-known/jwks.json', gatewayUrl);
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    const now = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(now)) clock.sync(now, asked);
  } catch {
    // the gateway cannot be reached either: the next attempt asks again
  }
}
