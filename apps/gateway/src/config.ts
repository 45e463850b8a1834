import { z } from 'zod';
import { busEnv, databaseEnv, env, readConfig } from '#service';

const schema = z.object({
  ...busEnv('GATEWAY'),
  ...databaseEnv('GATEWAY'),
  GATEWAY_LOG_LEVEL: env.logLevel(),
  GATEWAY_HOST: env.host().default('127.0.0.1'),
  GATEWAY_PORT: env.port().default(8080),
  GATEWAY_MANAGEMENT_HOST: env.host().default('127.0.0.1'),
  GATEWAY_MANAGEMENT_PORT: env.port().default(0),
  /** Addresses or ranges of the reverse proxies whose X-Forwarded-For is believed; none by default. */
  GATEWAY_TRUSTED_PROXIES: env.list().default([]),
  /** Origins of browser front ends that may call from another host; none by default. */
  GATEWAY_CORS_ORIGINS: env.list().default([]),
  /** Folder of the token signing keys; replicas share it. */
  GATEWAY_KEY_DIR: z.string().min(1),
  /** `iss` and `aud` of the tokens. */
  GATEWAY_ISSUER: z.string().min(1).default('gerbang-paten'),
  /** How long one signing key signs, seconds. */
  GATEWAY_SIGNING_KEY_PERIOD_S: env.count(60).default(7 * 86_400),
  /** Longest wait for the look-up service: its own deadline for the ministry and a margin. */
  GATEWAY_VERIFY_DEADLINE_MS: env.milliseconds(500, 120_000).default(10_000),
  /** Short-time limit for a client that has none of its own, by client and operator. */
  GATEWAY_BURST_PER_SECOND: z.coerce.number().positive().default(5),
  GATEWAY_BURST_SIZE: env.count().default(20),
  GATEWAY_BODY_LIMIT_BYTES: env.count(1_024).default(64 * 1_024),
  GATEWAY_DRAIN_MS: env.milliseconds().default(15_000),
});

export type Config = ReturnType<typeof loadConfig>;

export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = readConfig(schema, environment);
  return {
    logLevel: given.GATEWAY_LOG_LEVEL,
    host: given.GATEWAY_HOST,
    port: given.GATEWAY_PORT,
    management: { host: given.GATEWAY_MANAGEMENT_HOST, port: given.GATEWAY_MANAGEMENT_PORT },
    trustedProxies: given.GATEWAY_TRUSTED_PROXIES,
    corsOrigins: given.GATEWAY_CORS_ORIGINS,
    keyDir: given.GATEWAY_KEY_DIR,
    issuer: given.GATEWAY_ISSUER,
    signingKeyPeriodMs: given.GATEWAY_SIGNING_KEY_PERIOD_S * 1_000,
    verifyDeadlineMs: given.GATEWAY_VERIFY_DEADLINE_MS,
    burst: { perSecond: given.GATEWAY_BURST_PER_SECOND, size: given.GATEWAY_BURST_SIZE },
    bodyLimit: given.GATEWAY_BODY_LIMIT_BYTES,
    drainMs: given.GATEWAY_DRAIN_MS,
    bus: { servers: given.GATEWAY_NATS_URL, user: given.GATEWAY_NATS_USER, password: given.GATEWAY_NATS_PASSWORD },
    database: {
      host: given.GATEWAY_DATABASE_HOST,
      port: given.GATEWAY_DATABASE_PORT,
      name: given.GATEWAY_DATABASE_NAME,
      user: given.GATEWAY_DATABASE_USER,
      password: given.GATEWAY_DATABASE_PASSWORD,
      poolSize: given.GATEWAY_DATABASE_POOL,
    },
  };
}
