import { join } from 'node:path';
import pg from 'pg';
import { createRoles, migrate, readMigrations, serviceRoles, type DatabaseRole } from '#service';
import { projectRoot } from './project-root.js';

export interface DatabaseTarget {
  host: string;
  port: number;
  database: string;
  superuser: { user: string; password: string };
  passwords: Record<DatabaseRole, string>;
}

/** Roles, schemas and migrations of all apps. May be run again, and by several at once. Returns what was applied. */
export async function setUpDatabase(target: DatabaseTarget): Promise<string[]> {
  const { user, password } = target.superuser;
  const admin = await connect(target, user, password);
  try {
    await createRoles(admin, target.passwords);
  } finally {
    await admin.end();
  }
  const migrator = await connect(target, 'migrator', target.passwords.migrator);
  const applied: string[] = [];
  try {
    for (const { schema, app } of serviceRoles) {
      const migrations = await readMigrations(join(projectRoot, 'apps', app, 'migrations'));
      applied.push(...(await migrate(migrator, schema, migrations)).map((version) => `${schema}/${version}`));
    }
  } finally {
    await migrator.end();
  }
  return applied;
}

async function connect(target: DatabaseTarget, user: string, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user,
    password,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  return client;
}
