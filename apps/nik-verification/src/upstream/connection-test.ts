import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { UpstreamAccess, UpstreamTest } from '#contracts';

export type ConnectionTest = Pick<UpstreamTest, 'reachable' | 'tls' | 'fault' | 'durationMs'>;
type ConnectionFault = NonNullable<UpstreamTest['fault']>;

/**
 * A connection, with TLS where it is https, and nothing sent over it: tells that the way is there and costs no hit. Never
 * throws. `reachable` is that a look-up could be sent, so a certificate that is refused is not reachable either.
 */
export async function testConnection(
  { baseUrl, caPem }: Pick<UpstreamAccess, 'baseUrl' | 'caPem'>,
  deadlineMs: number,
): Promise<ConnectionTest> {
  const url = new URL(baseUrl);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 443 : 80));
  const began = performance.now();
  const fault = await new Promise<ConnectionFault | null>((resolve) => {
    const socket: Socket | TLSSocket = secure
      ? connectTls({
          host,
          port,
          // an address has no server name (RFC 6066 3); the certificate is held against `host` then
          ...(isIP(host) ? {} : { servername: host }),
          ...(caPem ? { ca: caPem } : {}),
        })
      : connectTcp({ host, port });
    let connected = false;
    const done = (found: ConnectionFault | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => done('TIMEOUT'), deadlineMs);
    socket.once('connect', () => (connected = true));
    socket.once(secure ? 'secureConnect' : 'connect', () => done(null));
    // stays: a socket that is destroyed may still have something to say
    socket.on('error', (error: Error) => {
      if (!connected) return done(faultBeforeConnection(error));
      done('authorizationError' in socket && socket.authorizationError ? 'CERTIFICATE_REJECTED' : 'TLS_FAILED');
    });
  });
  return {
    reachable: fault === null,
    tls: secure ? (fault === null ? 'verified' : 'failed') : 'none',
    fault,
    durationMs: Math.round(performance.now() - began),
  };
}

const faultByCode: Record<string, ConnectionFault> = {
  ENOTFOUND: 'NAME_NOT_FOUND',
  EAI_AGAIN: 'NAME_NOT_FOUND',
  EAI_FAIL: 'NAME_NOT_FOUND',
  EAI_NODATA: 'NAME_NOT_FOUND',
  EAI_NONAME: 'NAME_NOT_FOUND',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  EHOSTUNREACH: 'NO_ROUTE',
  EHOSTDOWN: 'NO_ROUTE',
  ENETUNREACH: 'NO_ROUTE',
  ENETDOWN: 'NO_ROUTE',
  ETIMEDOUT: 'TIMEOUT',
};

/** Where a name has several addresses, there is an error for each: the one that says most about the ministry's side counts. */
export function faultBeforeConnection(error: Error): ConnectionFault {
  const all = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const faults = all.map((one) => faultByCode[(one as NodeJS.ErrnoException).code ?? ''] ?? 'OTHER');
  const telling = ['CONNECTION_REFUSED', 'TIMEOUT', 'NO_ROUTE', 'NAME_NOT_FOUND'] as const;
  return telling.find((fault) => faults.includes(fault)) ?? 'OTHER';
}
