import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { issueToken } from '#contracts';

/**
 * URLs of the token endpoint by which this request may have reached it: those of the configuration, and the very address
 * and port that the connection came in at. Never by `Host`: who got an assertion that was meant for another installation
 * would name that one there.
 *
 * @param publicUrls without the path, `https://gerbang.example`
 */
export function tokenEndpoints(request: Pick<FastifyRequest, 'raw'>, publicUrls: readonly string[]): string[] {
  const { encrypted, localAddress, localPort } = request.raw.socket as Partial<TLSSocket>;
  const own = hostsOf(localAddress).map((host) => `${encrypted ? 'https' : 'http'}://${host}:${localPort}`);
  // URL leaves out the port that goes without saying
  return [...publicUrls, ...own.map((url) => new URL(url).origin)].map(
    (url) => `${url.replace(/\/$/, '')}${issueToken.path}`,
  );
}

function hostsOf(address: string | undefined): string[] {
  if (address === undefined || !ipaddr.isValid(address)) return [];
  const parsed = ipaddr.process(address);
  const host = parsed.kind() === 'ipv6' ? `[${parsed.toString()}]` : parsed.toString();
  return parsed.range() === 'loopback' ? [host, 'localhost'] : [host];
}
