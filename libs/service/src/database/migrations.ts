import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';

export interface Migration {
  version: string;
  sql: string;
  checksum: string;
}

/** Plain SQL, forward-only, `NNNN_what.sql`, in the order of their names. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { version: name.replace(/\.sql$/, ''), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Applies what is missing in `schema`, each in a transaction of its own, one migrator at a time.
 *
 * @returns the versions that were applied
 * @throws when an applied migration was edited afterwards
 */
export async function migrate(client: Client, schema: string, migrations: Migration[]): Promise<string[]> {
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate ${schema}`]);
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migration (version text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query<{ version: string; checksum: string }>(
      `SELECT version, checksum FROM ${schema}.migration`,
    );
    const applied = new Map(rows.map((row) => [row.version, row.checksum]));
    const done: string[] = [];
    for (const { version, sql, checksum } of migrations) {
      if (applied.has(version)) {
        if (applied.get(version) !== checksum)
          throw new Error(
            `Migration ${schema}/${version} was changed after it was applied. Write a new migration instead.`,
          );
        continue;
      }
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query(`INSERT INTO ${schema}.migration (version, checksum) VALUES ($1, $2)`, [version, checksum]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      done.push(version);
    }
    return done;
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtext($1))', [`migrate ${schema}`]);
  }
}
