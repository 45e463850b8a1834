import { z } from 'zod';
import { busEnv, databaseEnv, env, readConfig } from '#service';
import { readReminderConfig, reminderEnv } from './reminders/reminder-config.js';

const schema = z.object({
  ...busEnv('REPORTING'),
  ...databaseEnv('REPORTING'),
  REPORTING_LOG_LEVEL: env.logLevel(),
  REPORTING_MANAGEMENT_HOST: env.host().default('127.0.0.1'),
  REPORTING_MANAGEMENT_PORT: env.port().default(0),
  /** Folder of the key that seals the secrets of webhooks, outside the database; replicas share it. */
  REPORTING_KEY_DIR: z.string().min(1),
  /** How often the calendar is looked at: reports to draft, reminders to send. */
  REPORTING_STEWARD_EVERY_MS: env.milliseconds(20, 3_600_000).default(60_000),
  /** How often particulars of reads and deliveries are opened in advance, and it is looked whether the night's opening is due. */
  REPORTING_OPENING_EVERY_MS: env.milliseconds(20, 3_600_000).default(60_000),
  /** How long all the questions may take that one report is made of. */
  REPORTING_COUNT_MS: env.milliseconds(100, 240_000).default(60_000),
  /** How long a shutdown waits for what is in flight. */
  REPORTING_DRAIN_MS: env.milliseconds().default(15_000),
  ...reminderEnv,
});

export type Config = ReturnType<typeof loadConfig>;

export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = readConfig(schema, environment);
  return {
    logLevel: given.REPORTING_LOG_LEVEL,
    keyDir: given.REPORTING_KEY_DIR,
    stewardEveryMs: given.REPORTING_STEWARD_EVERY_MS,
    openingEveryMs: given.REPORTING_OPENING_EVERY_MS,
    countMs: given.REPORTING_COUNT_MS,
    drainMs: given.REPORTING_DRAIN_MS,
    reminders: readReminderConfig(given),
    management: { host: given.REPORTING_MANAGEMENT_HOST, port: given.REPORTING_MANAGEMENT_PORT },
    bus: {
      servers: given.REPORTING_NATS_URL,
      user: given.REPORTING_NATS_USER,
      password: given.REPORTING_NATS_PASSWORD,
    },
    database: {
      host: given.REPORTING_DATABASE_HOST,
      port: given.REPORTING_DATABASE_PORT,
      name: given.REPORTING_DATABASE_NAME,
      user: given.REPORTING_DATABASE_USER,
      password: given.REPORTING_DATABASE_PASSWORD,
      poolSize: given.REPORTING_DATABASE_POOL,
    },
  };
}
