import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { waitFor } from '../../../../test/support/wait-for.js';
import { migrate, readMigrations, type Migration } from './migrations.js';

let database: TestDatabase;
let folder: string;
let schema: string;
let made = 0;

beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-migrations-'));
  made += 1;
  schema = `uji_${made}`;
  await admin((client) => client.query(`CREATE SCHEMA ${schema}`));
});
afterEach(() => rm(folder, { recursive: true }));

const admin = <T>(work: (client: Client) => Promise<T>): Promise<T> => database.asSuperuser(database.name, work);
const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);
const run = async (): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  return admin((client) => migrate(client, schema, migrations));
};
const applied = (): Promise<string[]> =>
  admin(async (client) => {
    const { rows } = await client.query<{ version: string }>(
      `SELECT version FROM ${schema}.migration ORDER BY version`,
    );
    return rows.map(({ version }) => version);
  });
const tables = (): Promise<string[]> =>
  admin(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 AND table_name <> 'migration' ORDER BY 1",
      [schema],
    );
    return rows.map(({ name }) => name);
  });

describe('readMigrations', () => {
  test('takes NNNN_what.sql in the order of the names, and nothing else', async () => {
    for (const name of [
      '0002_b.sql',
      '0010_c.sql',
      '0001_a-1.sql',
      'README.md',
      '1_x.sql',
      '0003_X.sql',
      '0004_d.sql.bak',
    ])
      await write(name, `-- ${name}`);
    expect((await readMigrations(folder)).map(({ version }) => version)).toEqual(['0001_a-1', '0002_b', '0010_c']);
  });
});

describe('migrate', () => {
  test('applies what is missing, once', async () => {
    await write('0001_one.sql', `CREATE TABLE ${schema}.one ()`);
    expect(await run()).toEqual(['0001_one']);
    expect(await run()).toEqual([]);
    await write('0002_two.sql', `CREATE TABLE ${schema}.two ()`);
    expect(await run()).toEqual(['0002_two']);
    expect(await tables()).toEqual(['one', 'two']);
  });

  test('refuses one that was edited after it was applied, and applies nothing behind it', async () => {
    await write('0001_one.sql', `CREATE TABLE ${schema}.one ()`);
    await run();
    await write('0001_one.sql', `CREATE TABLE ${schema}.one (); `);
    await write('0002_two.sql', `CREATE TABLE ${schema}.two ()`);
    await expect(run()).rejects.toThrow(`Migration ${schema}/0001_one was changed after it was applied`);
    expect(await tables()).toEqual(['one']);
    expect(await applied()).toEqual(['0001_one']);
  });

  test('one that fails leaves nothing of itself, keeps those before it, and can be mended', async () => {
    await write('0001_one.sql', `CREATE TABLE ${schema}.one ()`);
    await write('0002_two.sql', `CREATE TABLE ${schema}.two (); SELECT 1 / 0;`);
    await write('0003_three.sql', `CREATE TABLE ${schema}.three ()`);
    await expect(run()).rejects.toThrow('division by zero');
    expect(await tables()).toEqual(['one']);
    expect(await applied()).toEqual(['0001_one']);
    await write('0002_two.sql', `CREATE TABLE ${schema}.two ()`);
    expect(await run()).toEqual(['0002_two', '0003_three']);
  });

  test('lets the lock go when one has failed', async () => {
    await write('0001_one.sql', 'SELECT 1 / 0');
    const migrations = await readMigrations(folder);
    await admin(async (client) => {
      await expect(migrate(client, schema, migrations)).rejects.toThrow();
      const { rows } = await client.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
      );
      expect(rows).toEqual([]);
    });
  });

  test('of several migrators at once each migration is applied by one, once', async () => {
    const migrations: Migration[] = [];
    for (let i = 1; i <= 3; i += 1) await write(`000${i}_t${i}.sql`, `CREATE TABLE ${schema}.t${i} ()`);
    migrations.push(...(await readMigrations(folder)));
    const done = await Promise.all(
      Array.from({ length: 4 }, () => admin((client) => migrate(client, schema, migrations))),
    );
    expect(done.flat().sort()).toEqual(['0001_t1', '0002_t2', '0003_t3']);
    expect(done.filter((versions) => versions.length > 0)).toHaveLength(1);
    expect(await tables()).toEqual(['t1', 't2', 't3']);
  });

  test('a second migrator waits for the first', async () => {
    await write('0001_one.sql', `CREATE TABLE ${schema}.one ()`);
    const migrations = await readMigrations(folder);
    await admin(async (holder) => {
      await holder.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate ${schema}`]);
      const waiting = admin((client) => migrate(client, schema, migrations));
      // it is there, and waits for the lock
      await waitFor(
        () => holder.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"),
        ({ rowCount }) => rowCount !== 0,
      );
      expect(await tables()).toEqual([]);
      await holder.query('SELECT pg_advisory_unlock(hashtext($1))', [`migrate ${schema}`]);
      expect(await waiting).toEqual(['0001_one']);
    });
  });
});
