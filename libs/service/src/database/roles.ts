import type { Client } from 'pg';
import pg from 'pg';

/** Who owns what: one schema and one least-privilege role for each service; `migrator` owns the tables. */
export const serviceRoles = [
  { role: 'gateway', schema: 'access', app: 'gateway' },
  { role: 'nik_verification', schema: 'verification', app: 'nik-verification' },
  { role: 'data_balikan', schema: 'balikan', app: 'data-balikan' },
  { role: 'reporting', schema: 'reporting', app: 'reporting' },
] as const;

export type DatabaseRole = 'migrator' | (typeof serviceRoles)[number]['role'];

/**
 * Makes the roles and empty schemas, as superuser, in the database that `admin` is connected to. May be run again: then it
 * sets the passwords that it is given (that is how they are rotated).
 */
export async function createRoles(admin: Client, passwords: Record<DatabaseRole, string>): Promise<void> {
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', ['create roles']);
  try {
    for (const role of Object.keys(passwords) as DatabaseRole[]) {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = rowCount ? 'ALTER' : 'CREATE';
      await admin.query(
        `${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(passwords[role])}`,
      );
    }
    await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    for (const { role, schema } of serviceRoles) {
      await admin.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION migrator`);
      await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
      await admin.query(`ALTER ROLE ${role} SET search_path = ${schema}`);
    }
  } finally {
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', ['create roles']);
  }
}
