import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Log } from '#service';
import type { Config } from '../config.js';
import { answersBeforeRouting } from './before-routing.js';
import { tlsOptions } from './tls.js';

/** How long the upload of one file may take on a slow network, milliseconds. */
export const uploadTimeMs = 15 * 60_000;

/** The HTTP server; with a certificate of its own it speaks TLS, and nothing else at that port. */
export function makeAdapter(config: Pick<Config, 'trustedProxies' | 'bodyLimit' | 'tls'>, log: Log): FastifyAdapter {
  const adapter = new FastifyAdapter({
    // an address is only believed from these
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: config.bodyLimit,
    // for the slowest upload; http/body-time.ts watches all others
    requestTimeout: uploadTimeMs,
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    ...(answersBeforeRouting(log) as object),
    ...(config.tls ? { https: tlsOptions(config.tls) } : {}),
  });
  // Node would allow as much as for a whole request
  adapter.getInstance().server.headersTimeout = 30_000;
  return adapter;
}
