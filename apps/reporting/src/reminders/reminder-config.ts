import { z } from 'zod';
import { ConfigError, env } from '#service';

export const reminderEnv = {
  /** The office's or Kominfo's mail server; without one there are no reminders by e-mail. */
  REPORTING_SMTP_HOST: env.host().optional(),
  /** Default: 587 with starttls, 465 with tls, 25 with none. */
  REPORTING_SMTP_PORT: env.port().min(1).optional(),
  REPORTING_SMTP_TLS: z.enum(['none', 'starttls', 'tls']).default('starttls'),
  REPORTING_SMTP_USER: z.string().min(1).optional(),
  REPORTING_SMTP_PASSWORD: z.string().min(1).optional(),
  REPORTING_SMTP_FROM: z.email().optional(),
  /** PEM of a private authority; with _FILE its file. Verification is never switched off. */
  REPORTING_SMTP_CA: z.string().min(1).optional(),
  /** The same for webhooks. */
  REPORTING_WEBHOOK_CA: z.string().min(1).optional(),
  /** Reminders that this replica sends at once. */
  REPORTING_REMINDER_WORKERS: env.count(0, 16).default(2),
  REPORTING_REMINDER_POLL_MS: env.milliseconds(10, 60_000).default(5_000),
  /** For a connection, a greeting and each answer; a whole delivery takes three times as long at most. */
  REPORTING_REMINDER_TIMEOUT_MS: env.milliseconds(50, 120_000).default(20_000),
  /** First wait after a delivery that was not accepted; doubles up to the most. */
  REPORTING_REMINDER_RETRY_MS: env.milliseconds(10).default(60_000),
  REPORTING_REMINDER_MOST_RETRY_MS: env.milliseconds(10, 86_400_000).default(21_600_000),
  /** Attempts after which a reminder has failed: with the waits above a day and a half. */
  REPORTING_REMINDER_ATTEMPTS: env.count(1, 100).default(14),
};

type Given = z.infer<z.ZodObject<typeof reminderEnv>>;

const ports = { none: 25, starttls: 587, tls: 465 } as const;

export interface MailServer {
  host: string;
  port: number;
  tls: keyof typeof ports;
  login: { user: string; pass: string } | undefined;
  from: string;
  ca: string | undefined;
}

export type ReminderConfig = ReturnType<typeof readReminderConfig>;

/** @throws {ConfigError} when the settings of the mail server do not go together */
export function readReminderConfig(given: Given) {
  return {
    mail: mailServerOf(given),
    webhookCa: given.REPORTING_WEBHOOK_CA,
    workers: given.REPORTING_REMINDER_WORKERS,
    pollMs: given.REPORTING_REMINDER_POLL_MS,
    timeoutMs: given.REPORTING_REMINDER_TIMEOUT_MS,
    retry: { firstMs: given.REPORTING_REMINDER_RETRY_MS, mostMs: given.REPORTING_REMINDER_MOST_RETRY_MS },
    attempts: given.REPORTING_REMINDER_ATTEMPTS,
  };
}

function mailServerOf(given: Given): MailServer | undefined {
  const {
    REPORTING_SMTP_HOST: host,
    REPORTING_SMTP_TLS: tls,
    REPORTING_SMTP_USER: user,
    REPORTING_SMTP_PASSWORD: pass,
    REPORTING_SMTP_FROM: from,
  } = given;
  if (host === undefined) return undefined;
  const faults: string[] = [];
  if (from === undefined) faults.push('REPORTING_SMTP_FROM: is required with REPORTING_SMTP_HOST');
  if ((user === undefined) !== (pass === undefined))
    faults.push('REPORTING_SMTP_USER, REPORTING_SMTP_PASSWORD: both or none');
  if (user !== undefined && tls === 'none')
    faults.push('REPORTING_SMTP_TLS: with none the password would travel in the clear');
  if (faults.length > 0 || from === undefined) throw new ConfigError(faults);
  return {
    host,
    port: given.REPORTING_SMTP_PORT ?? ports[tls],
    tls,
    login: user !== undefined && pass !== undefined ? { user, pass } : undefined,
    from,
    ca: given.REPORTING_SMTP_CA,
  };
}
