import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Log } from '#service';
import type { Config } from '../config.js';
import { answersBeforeRouting } from './before-routing.js';
import { tlsOptions } from './tls.js';

/** The HTTP server; with a certificate of its own it speaks TLS, and nothing else at that port. */
export function makeAdapter(config: Pick<Config, 'trustedProxies' | 'bodyLimit' | 'tls'>, log: Log): FastifyAdapter {
  return new FastifyAdapter({
    // an address is only believed from these
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: config.bodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    ...(answersBeforeRouting(log) as object),
    ...(config.tls ? { https: tlsOptions(config.tls) } : {}),
  });
}
