import type { ConnectionOptions } from '@nats-io/transport-node';

export interface Broker {
  servers: readonly string[];
  caPem: string | null;
  /** Subjects below it are this agent's own, inbox included. */
  readerId: string;
}

/** Reconnects for ever; `tls://` in any address means that no connection without TLS is used, whatever the server offers. */
export function dialOptions({ servers, caPem, readerId }: Broker): ConnectionOptions {
  const tls = servers.some((server) => server.startsWith('tls://'));
  return {
    servers: servers.map((server) => server.replace(/^(tls|nats):\/\//, '')),
    ...(tls ? { tls: caPem === null ? {} : { ca: caPem } } : { tls: null }),
    name: `reader-agent ${readerId}`,
    inboxPrefix: `reader.${readerId}.inbox`,
    maxReconnectAttempts: -1,
    // an agreement that is in order again lets the agent in again, with nobody at the PC
    ignoreAuthErrorAbort: true,
    ignoreClusterUpdates: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    timeout: 5_000,
  };
}

const mostWaitMs = 10_000;

/** Longer with each attempt, and never in step with the other agents of the kabupaten. */
export function waitBeforeRedial(attempt: number, random = Math.random()): number {
  const base = Math.min(mostWaitMs, 250 * 2 ** Math.min(attempt, 10));
  return base / 2 + (base / 2) * random;
}
