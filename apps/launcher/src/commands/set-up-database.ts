import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { env, readConfig, serviceRoles, type DatabaseRole } from '#service';
import { setUpDatabase, type DatabaseTarget } from '../database-setup.js';
import { runCommand } from './run-command.js';

const patienceMs = 60_000;
const retryMs = 500;

/** The server is not there yet, or is still starting or recovering (SQLSTATE 57P03). */
const notYet = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03'];

type ServiceRole = (typeof serviceRoles)[number]['role'];
type PasswordName = `${Uppercase<ServiceRole>}_DATABASE_PASSWORD`;

/** `GATEWAY_DATABASE_PASSWORD`, ...: the same name that the service itself reads. */
const passwordName = (role: ServiceRole) => `${role.toUpperCase()}_DATABASE_PASSWORD` as PasswordName;

const schema = z.object({
  DATABASE_SETUP_HOST: env.host(),
  DATABASE_SETUP_PORT: env.port().default(5432),
  DATABASE_SETUP_NAME: z.string().min(1),
  DATABASE_SETUP_SUPERUSER: z.string().min(1).default('postgres'),
  DATABASE_SETUP_SUPERUSER_PASSWORD: env.secret(),
  MIGRATOR_PASSWORD: env.secret(),
  ...(Object.fromEntries(serviceRoles.map(({ role }) => [passwordName(role), env.secret()])) as Record<
    PasswordName,
    z.ZodString
  >),
});

/** Roles, schemas and migrations, once, before the services start. May be run again: it also sets new passwords. */
await runCommand('database-setup', async () => ({ applied: await whenThere(readTarget()) }));

function readTarget(): DatabaseTarget {
  const given = readConfig(schema, process.env);
  return {
    host: given.DATABASE_SETUP_HOST,
    port: given.DATABASE_SETUP_PORT,
    database: given.DATABASE_SETUP_NAME,
    superuser: { user: given.DATABASE_SETUP_SUPERUSER, password: given.DATABASE_SETUP_SUPERUSER_PASSWORD },
    passwords: {
      migrator: given.MIGRATOR_PASSWORD,
      ...Object.fromEntries(serviceRoles.map(({ role }) => [role, given[passwordName(role)]])),
    } as Record<DatabaseRole, string>,
  };
}

async function whenThere(target: DatabaseTarget): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await setUpDatabase(target);
    } catch (error) {
      const { code } = error as { code?: string };
      if (!notYet.includes(code ?? '') || Date.now() > deadline) throw error;
      await wait(retryMs);
    }
  }
}
