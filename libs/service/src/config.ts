import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The configuration cannot be used; `faults` lists every one, without any value, because a value may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`Configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads an app's environment once, before Nest exists. Any name may also be given as `<NAME>_FILE`, a file that holds the
 * value (docker secrets). Names outside the schema are none of this service's business.
 *
 * @throws {ConfigError} with all faults at once
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name];
    const file = env[`${name}_FILE`];
    if (value && file) faults.push(`${name}: given twice, by ${name} and ${name}_FILE`);
    else if (file) {
      try {
        given[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      } catch (error) {
        faults.push(`${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
      }
    } else if (value) given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = issue.path.join('.');
      if (faults.some((fault) => fault.startsWith(`${name}:`) || fault.startsWith(`${name}_FILE:`))) continue;
      faults.push(given[name] === undefined ? `${name}: is required` : `${name}: ${issue.message}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return parsed.data as z.infer<S>;
}

/** Building blocks for the schemas of the apps. */
export const env = {
  port: () => z.coerce.number().int().min(0).max(65_535),
  host: () => z.string().min(1),
  milliseconds: (least = 1, most = 3_600_000) => z.coerce.number().int().min(least).max(most),
  count: (least = 1, most = 1_000_000_000) => z.coerce.number().int().min(least).max(most),
  secret: () => z.string().min(8, 'must have at least 8 characters'),
  list: () =>
    z.string().transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    ),
  logLevel: () => z.enum(['debug', 'info', 'warn', 'error']).default('info'),
};

/** `GATEWAY_NATS_URL`, ... for prefix `GATEWAY`. */
export function busEnv<P extends string>(prefix: P) {
  return {
    [`${prefix}_NATS_URL`]: env.list(),
    [`${prefix}_NATS_USER`]: z.string().min(1),
    [`${prefix}_NATS_PASSWORD`]: env.secret(),
  } as { [K in `${P}_NATS_URL`]: ReturnType<typeof env.list> } & {
    [K in `${P}_NATS_USER` | `${P}_NATS_PASSWORD`]: z.ZodString;
  };
}

/** `GATEWAY_DATABASE_HOST`, ... for prefix `GATEWAY`. */
export function databaseEnv<P extends string>(prefix: P) {
  return {
    [`${prefix}_DATABASE_HOST`]: env.host(),
    [`${prefix}_DATABASE_PORT`]: env.port().default(5432),
    [`${prefix}_DATABASE_NAME`]: z.string().min(1),
    [`${prefix}_DATABASE_USER`]: z.string().min(1),
    [`${prefix}_DATABASE_PASSWORD`]: env.secret(),
    [`${prefix}_DATABASE_POOL`]: env.count(1, 200).default(10),
  } as {
    [K in `${P}_DATABASE_HOST` | `${P}_DATABASE_NAME` | `${P}_DATABASE_USER` | `${P}_DATABASE_PASSWORD`]: z.ZodString;
  } & {
    [K in `${P}_DATABASE_PORT` | `${P}_DATABASE_POOL`]: z.ZodDefault<z.ZodCoercedNumber>;
  };
}
