import { z } from 'zod';
import { busEnv, databaseEnv, env, readConfig } from '#service';

const schema = z.object({
  ...busEnv('DATA_BALIKAN'),
  ...databaseEnv('DATA_BALIKAN'),
  DATA_BALIKAN_LOG_LEVEL: env.logLevel(),
  DATA_BALIKAN_MANAGEMENT_HOST: env.host().default('127.0.0.1'),
  DATA_BALIKAN_MANAGEMENT_PORT: env.port().default(0),
  /** Folder of the keys that are kept outside the database: for each agreement one HMAC key and the sealing keys. */
  DATA_BALIKAN_KEY_DIR: z.string().min(1),
  /** Workers of this replica that send; each serves one institution at a time. */
  DATA_BALIKAN_WORKERS: env.count(0, 64).default(4),
  /** Requests at once for one institution. With 1 they leave in the order of their register dates. */
  DATA_BALIKAN_PARALLEL: env.count(1, 64).default(1),
  /** How often a worker looks for work, and so how soon the kill switch is obeyed, milliseconds. */
  DATA_BALIKAN_POLL_MS: env.milliseconds(20, 4_000).default(1_000),
  /** First wait after a failed delivery; doubles up to the most, with jitter. */
  DATA_BALIKAN_RETRY_MS: env.milliseconds(10).default(30_000),
  DATA_BALIKAN_MOST_RETRY_MS: env.milliseconds(10).default(900_000),
  /** Failures in a row that open the breaker of an institution. */
  DATA_BALIKAN_BREAKER_FAILURES: env.count(1, 1_000).default(5),
  DATA_BALIKAN_BREAKER_WAIT_MS: env.milliseconds(10).default(10_000),
  DATA_BALIKAN_BREAKER_MOST_WAIT_MS: env.milliseconds(10).default(300_000),
  /** Strikes after which a record is dead: a refusal is three, any other failure of its own one. */
  DATA_BALIKAN_STRIKES: env.count(1, 1_000).default(8),
  /** Files that this replica checks at once. */
  DATA_BALIKAN_CHECKERS: env.count(0, 8).default(1),
  /** How long an uploaded file and its marked-up copy are kept, hours. */
  DATA_BALIKAN_KEEP_FILES_HOURS: env.count(1, 720).default(72),
  /** How long a shutdown waits for what is in flight. */
  DATA_BALIKAN_DRAIN_MS: env.milliseconds().default(15_000),
});

export type Config = ReturnType<typeof loadConfig>;

export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = readConfig(schema, environment);
  return {
    logLevel: given.DATA_BALIKAN_LOG_LEVEL,
    keyDir: given.DATA_BALIKAN_KEY_DIR,
    drainMs: given.DATA_BALIKAN_DRAIN_MS,
    management: { host: given.DATA_BALIKAN_MANAGEMENT_HOST, port: given.DATA_BALIKAN_MANAGEMENT_PORT },
    bus: {
      servers: given.DATA_BALIKAN_NATS_URL,
      user: given.DATA_BALIKAN_NATS_USER,
      password: given.DATA_BALIKAN_NATS_PASSWORD,
    },
    database: {
      host: given.DATA_BALIKAN_DATABASE_HOST,
      port: given.DATA_BALIKAN_DATABASE_PORT,
      name: given.DATA_BALIKAN_DATABASE_NAME,
      user: given.DATA_BALIKAN_DATABASE_USER,
      password: given.DATA_BALIKAN_DATABASE_PASSWORD,
      poolSize: given.DATA_BALIKAN_DATABASE_POOL,
    },
    delivery: {
      workers: given.DATA_BALIKAN_WORKERS,
      parallel: given.DATA_BALIKAN_PARALLEL,
      pollMs: given.DATA_BALIKAN_POLL_MS,
      retry: { firstMs: given.DATA_BALIKAN_RETRY_MS, mostMs: given.DATA_BALIKAN_MOST_RETRY_MS },
      breaker: {
        failures: given.DATA_BALIKAN_BREAKER_FAILURES,
        waitMs: given.DATA_BALIKAN_BREAKER_WAIT_MS,
        mostWaitMs: given.DATA_BALIKAN_BREAKER_MOST_WAIT_MS,
      },
      strikes: given.DATA_BALIKAN_STRIKES,
    },
    batches: { checkers: given.DATA_BALIKAN_CHECKERS, keepHours: given.DATA_BALIKAN_KEEP_FILES_HOURS },
  };
}
