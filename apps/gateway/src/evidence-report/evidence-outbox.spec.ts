import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { migrate, readMigrations } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { AdminEvent } from '../administration/entities.js';
import { record } from '../administration/admin-record.js';
import { ActsFixture, atTheMachine } from '../operators/acts-fixture.js';

let fixture: ActsFixture;
let gateway: pg.Pool;

beforeAll(async () => {
  const database = await TestDatabase.create();
  fixture = await ActsFixture.create(database);
  gateway = database.pool('gateway');
});
afterAll(() => fixture.drop());

const queued = async () =>
  (await fixture.sql<{ id: string }>('SELECT admin_event_id AS id FROM access.evidence_outbox ORDER BY 1')).map(
    ({ id }) => id,
  );
const insert = `INSERT INTO access.admin_event (at, institution_id, act, subject_type, subject_id, actor_kind)
  SELECT now(), $1, 'uji', 'uji', n::text, 'system' FROM generate_series(1, $2) AS n RETURNING id`;

test('whatever is put on record is queued, by whichever way, and only if it is committed', async () => {
  const { rows } = await gateway.query<{ id: string }>(insert, [fixture.kecamatan, 3]);
  const by = { institutionId: fixture.kecamatan, act: 'session.end', subject: { type: 'uji', id: 'x' } } as const;
  const id = await fixture.source.transaction((manager) => record(manager, { ...by, actor: atTheMachine }));
  await expect(
    fixture.source.transaction(async (manager) => {
      await record(manager, { ...by, actor: atTheMachine });
      throw new Error('not after all');
    }),
  ).rejects.toThrow('not after all');
  expect(await queued()).toEqual([...rows.map((row) => row.id), id].sort());
});

test('each event has a salt of its own', async () => {
  await gateway.query(insert, [fixture.kecamatan, 200]);
  const events = await fixture.source.manager.find(AdminEvent);
  expect(new Set(events.map(({ salt }) => salt.toString('hex'))).size).toBe(events.length);
  expect(events.every(({ salt }) => salt.length === 32)).toBe(true);
});

test('an act of no institution cannot be put on record: there would be no log for it', async () => {
  await expect(gateway.query(insert, [null, 1])).rejects.toThrow('admin_event_institution_id_check');
});

test.each([
  'INSERT INTO access.evidence_outbox VALUES (uuidv7())',
  'UPDATE access.evidence_outbox SET admin_event_id = uuidv7()',
  'TRUNCATE access.evidence_outbox',
  'SELECT FROM access.evidence_outbox FOR UPDATE',
  'ALTER TABLE access.evidence_outbox ADD COLUMN x int',
  'UPDATE access.admin_event SET salt = access.new_salt()',
  'DELETE FROM access.admin_event',
  'ALTER TABLE access.admin_event DISABLE TRIGGER queue_for_evidence',
  'DROP TRIGGER queue_for_evidence ON access.admin_event',
  "SET session_replication_role = 'replica'",
])('the gateway may not %s', async (statement) => {
  await expect(gateway.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('nobody else claims anything', async () => {
  await expect(
    fixture.sql("SET ROLE nik_verification; SELECT access.claim_for_evidence(1, '{}')"),
  ).rejects.toMatchObject({ code: '42501' });
});

test('what was done before there was a log is queued, with salts', async () => {
  const database = await TestDatabase.create();
  try {
    const migrations = await readMigrations('apps/gateway/migrations');
    const before = migrations.filter(({ version }) => version < '0003');
    await database.asSuperuser(database.name, async (admin) => {
      await admin.query('DROP SCHEMA access CASCADE; CREATE SCHEMA access');
      await migrate(admin, 'access', before);
      const { rows: institutions } = await admin.query<{ id: string }>(
        "INSERT INTO access.institution (name, region_code) VALUES ('Kecamatan Uji', '33.98.01') RETURNING id",
      );
      const { rows: old } = await admin.query<{ id: string }>(insert, [institutions[0]?.id, 250]);
      // nothing ever wrote one, and it does not stand in the way
      await admin.query(insert, [null, 1]);
      await migrate(admin, 'access', migrations);
      const { rows: outbox } = await admin.query<{ id: string }>(
        'SELECT admin_event_id AS id FROM access.evidence_outbox ORDER BY 1',
      );
      expect(outbox).toEqual(old);
      const { rows: salts } = await admin.query(
        'SELECT count(DISTINCT salt)::int AS salts, min(octet_length(salt)) AS shortest FROM access.admin_event',
      );
      expect(salts).toEqual([{ salts: 251, shortest: 32 }]);
    });
  } finally {
    await database.drop();
  }
});
