import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConsumerList, type Consumer } from './consumers/consumer.js';

/** The environment of this app after it has been read and checked once. */
export interface Configuration {
  host: string;
  /** 0 asks the system for a free port. */
  port: number;
  consumers: Consumer[];
  tls: { cert: string; key: string } | undefined;
}

const fileText = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be read: ${(error as Error).message}` });
    return z.NEVER;
  }
});

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const Environment = z.object({
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SANDBOX_CONSUMERS: jsonText.pipe(ConsumerList).optional(),
  SANDBOX_CONSUMERS_FILE: fileText.pipe(jsonText).pipe(ConsumerList).optional(),
  SANDBOX_TLS_CERT_FILE: fileText.optional(),
  SANDBOX_TLS_KEY_FILE: fileText.optional(),
});

/** Throws one error that lists every fault of the environment at once. */
export function readConfiguration(env: Record<string, string | undefined>): Configuration {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if ('SANDBOX_TLS_CERT_FILE' in given !== 'SANDBOX_TLS_KEY_FILE' in given) {
    faults.push('SANDBOX_TLS_CERT_FILE and SANDBOX_TLS_KEY_FILE: set both or neither');
  }
  const consumers = parsed.success
    ? [...(parsed.data.SANDBOX_CONSUMERS ?? []), ...(parsed.data.SANDBOX_CONSUMERS_FILE ?? [])]
    : [];
  const userIds = consumers.map((consumer) => consumer.userId);
  for (const userId of new Set(userIds.filter((id, index) => userIds.indexOf(id) !== index))) {
    faults.push(`SANDBOX_CONSUMERS: userId ${userId} is given twice`);
  }
  if (!parsed.success || faults.length > 0) {
    throw new Error(`Configuration is wrong:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  }
  const {
    SANDBOX_HOST: host,
    SANDBOX_PORT: port,
    SANDBOX_TLS_CERT_FILE: cert,
    SANDBOX_TLS_KEY_FILE: key,
  } = parsed.data;
  return { host, port, consumers, tls: cert !== undefined && key !== undefined ? { cert, key } : undefined };
}
