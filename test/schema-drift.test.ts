import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '#service';
import * as balikan from '../apps/data-balikan/src/app.module.js';
import * as gateway from '../apps/gateway/src/app.module.js';
import * as verification from '../apps/nik-verification/src/app.module.js';
import * as reporting from '../apps/reporting/src/app.module.js';
import { TestDatabase } from './support/test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

test.each([
  ['gateway', gateway],
  ['nik-verification', verification],
  ['data-balikan', balikan],
  ['reporting', reporting],
] as const)('entities and migrations of %s agree', async (name, { databaseSchema, databaseEntities }) => {
  const { host, port, passwords } = database.server;
  const source = await new DataSource(
    dataSourceOptions(
      name,
      databaseSchema,
      { host, port, name: database.name, user: 'migrator', password: passwords.migrator, poolSize: 1 },
      databaseEntities,
    ),
  ).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    // checks and foreign keys are the database's own business: they stand in the migrations alone
    const drift = upQueries
      .map(({ query }) => query)
      .filter((query) => !/DROP CONSTRAINT "\w+_(check\d*|fkey)"$/.test(query));
    expect(drift).toEqual([]);
  } finally {
    await source.destroy();
  }
});

test('a service role sees its own schema and no other', async () => {
  await expect(database.pool('gateway').query('SELECT 1 FROM verification.hit')).rejects.toThrow(
    /permission denied for schema/,
  );
  await expect(database.pool('nik_verification').query('SELECT 1 FROM access.client')).rejects.toThrow(
    /permission denied for schema/,
  );
  for (const table of ['access.client', 'verification.hit'])
    for (const role of ['data_balikan', 'reporting'] as const)
      await expect(database.pool(role).query(`SELECT 1 FROM ${table}`)).rejects.toThrow(/permission denied for schema/);
  for (const role of ['gateway', 'nik_verification', 'data_balikan'] as const)
    await expect(database.pool(role).query('SELECT 1 FROM reporting.evidence_outbox')).rejects.toThrow(
      /permission denied for schema/,
    );
  for (const role of ['gateway', 'nik_verification', 'reporting'] as const)
    await expect(database.pool(role).query('SELECT 1 FROM balikan.record')).rejects.toThrow(
      /permission denied for schema/,
    );
  await expect(database.pool('gateway').query('CREATE TABLE access.own (id int)')).rejects.toThrow(/permission denied/);
  await expect(database.pool('nik_verification').query('CREATE TABLE public.own (id int)')).rejects.toThrow(
    /permission denied|no schema/,
  );
});

test('what runs as the owner of the tables looks for no type or table of whoever calls it', async () => {
  const schemas = ['access', 'verification', 'balikan', 'reporting'];
  const owned = await database.asSuperuser(database.name, async (client) => {
    const { rows } = await client.query<{ name: string; path: string | null }>(
      `SELECT oid::regprocedure::text AS name, array_to_string(proconfig, ' ') AS path FROM pg_proc
       WHERE prosecdef AND pronamespace::regnamespace::text = ANY ($1)`,
      [schemas],
    );
    return rows;
  });
  expect(owned.length).toBeGreaterThan(5);
  expect(owned.filter(({ path }) => !/search_path=pg_catalog, pg_temp( |$)/.test(path ?? ''))).toEqual([]);
});
