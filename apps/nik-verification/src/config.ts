import { join } from 'node:path';
import { z } from 'zod';
import { busEnv, databaseEnv, env, readConfig } from '#service';

const schema = z.object({
  ...busEnv('NIK_VERIFICATION'),
  ...databaseEnv('NIK_VERIFICATION'),
  NIK_VERIFICATION_LOG_LEVEL: env.logLevel(),
  NIK_VERIFICATION_MANAGEMENT_HOST: env.host().default('127.0.0.1'),
  NIK_VERIFICATION_MANAGEMENT_PORT: env.port().default(0),
  /** Folder of the keys that are kept outside the database: for each agreement one HMAC key and the sealing keys. */
  NIK_VERIFICATION_KEY_DIR: z.string().min(1),
  /** How long the ministry may take, milliseconds. */
  NIK_VERIFICATION_UPSTREAM_DEADLINE_MS: env.milliseconds(100, 60_000).default(8_000),
  NIK_VERIFICATION_UPSTREAM_CONNECT_MS: env.milliseconds(50, 30_000).default(3_000),
  NIK_VERIFICATION_UPSTREAM_CONNECTIONS: env.count(1, 1_000).default(64),
  /** Failures in a row, over all replicas, that open the breaker. */
  NIK_VERIFICATION_BREAKER_FAILURES: env.count(1, 1_000).default(5),
  /** First wait before the way is tried again; doubles with each failed try up to the most. */
  NIK_VERIFICATION_BREAKER_WAIT_MS: env.milliseconds(100).default(5_000),
  NIK_VERIFICATION_BREAKER_MOST_WAIT_MS: env.milliseconds(100).default(120_000),
  /** First part of the origins of the evidence logs; another one makes other logs, so it stays as it was chosen. */
  NIK_VERIFICATION_LOG_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'lower case letters, digits, dots and dashes')
    .default('gerbang-paten'),
  /** Whether this replica gives events their index and signs; one of all that may does. */
  NIK_VERIFICATION_SEQUENCER: z.enum(['on', 'off']).default('on'),
  NIK_VERIFICATION_SEQUENCE_EVERY_MS: env.milliseconds(50, 60_000).default(500),
  NIK_VERIFICATION_CHECKPOINT_EVERY_MS: env.milliseconds(100).default(60_000),
  /** Where the last checkpoints are kept outside of the database; all replicas share it. Default: `checkpoints` in the key folder. */
  NIK_VERIFICATION_CHECKPOINT_DIR: z.string().min(1).optional(),
  /** Evidence that has no index after so long is warned of, milliseconds. */
  NIK_VERIFICATION_EVIDENCE_WARN_MS: env.milliseconds(100).default(300_000),
  /** After so long look-ups stop. */
  NIK_VERIFICATION_EVIDENCE_STOP_MS: env.milliseconds(1_000).default(4 * 3_600_000),
  /** How long a shutdown waits for look-ups in flight. */
  NIK_VERIFICATION_DRAIN_MS: env.milliseconds().default(15_000),
});

export type Config = ReturnType<typeof loadConfig>;

export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = readConfig(schema, environment);
  return {
    logLevel: given.NIK_VERIFICATION_LOG_LEVEL,
    keyDir: given.NIK_VERIFICATION_KEY_DIR,
    drainMs: given.NIK_VERIFICATION_DRAIN_MS,
    management: { host: given.NIK_VERIFICATION_MANAGEMENT_HOST, port: given.NIK_VERIFICATION_MANAGEMENT_PORT },
    bus: {
      servers: given.NIK_VERIFICATION_NATS_URL,
      user: given.NIK_VERIFICATION_NATS_USER,
      password: given.NIK_VERIFICATION_NATS_PASSWORD,
    },
    database: {
      host: given.NIK_VERIFICATION_DATABASE_HOST,
      port: given.NIK_VERIFICATION_DATABASE_PORT,
      name: given.NIK_VERIFICATION_DATABASE_NAME,
      user: given.NIK_VERIFICATION_DATABASE_USER,
      password: given.NIK_VERIFICATION_DATABASE_PASSWORD,
      poolSize: given.NIK_VERIFICATION_DATABASE_POOL,
    },
    upstream: {
      deadlineMs: given.NIK_VERIFICATION_UPSTREAM_DEADLINE_MS,
      connectMs: given.NIK_VERIFICATION_UPSTREAM_CONNECT_MS,
      connections: given.NIK_VERIFICATION_UPSTREAM_CONNECTIONS,
    },
    evidence: {
      checkpointDir: given.NIK_VERIFICATION_CHECKPOINT_DIR ?? join(given.NIK_VERIFICATION_KEY_DIR, 'checkpoints'),
      lag: { warnMs: given.NIK_VERIFICATION_EVIDENCE_WARN_MS, stopMs: given.NIK_VERIFICATION_EVIDENCE_STOP_MS },
      sequencer: {
        installation: given.NIK_VERIFICATION_LOG_NAME,
        enabled: given.NIK_VERIFICATION_SEQUENCER === 'on',
        everyMs: given.NIK_VERIFICATION_SEQUENCE_EVERY_MS,
        signEveryMs: given.NIK_VERIFICATION_CHECKPOINT_EVERY_MS,
      },
    },
    breaker: {
      failures: given.NIK_VERIFICATION_BREAKER_FAILURES,
      waitMs: given.NIK_VERIFICATION_BREAKER_WAIT_MS,
      mostWaitMs: given.NIK_VERIFICATION_BREAKER_MOST_WAIT_MS,
    },
  };
}
