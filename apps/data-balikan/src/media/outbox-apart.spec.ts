import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { makeRecord, MediaOffice } from './media-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let office: MediaOffice;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 12 });
});
beforeEach(async () => {
  office = await MediaOffice.open(pool);
});
afterEach(() => office.close());
afterAll(() => database.drop());

const conflict = (message: RegExp) => ({
  code: 'STATE_CONFLICT',
  extras: { issues: [{ path: '', message: expect.stringMatching(message) as unknown as string }] },
});

/** As a delivery worker takes the next records: what waits, is due and nobody else has. */
async function claim(client: pg.Pool | pg.PoolClient, most: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE balikan.record SET claimed_until = clock_timestamp() + interval '1 minute'
     WHERE id IN (
       SELECT id FROM balikan.record WHERE institution_id = $1 AND state = 'WAITING' AND due_at <= balikan.clock()
         AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
       ORDER BY register_date, id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [office.actor.institutionId, most],
  );
  return rows.map(({ id }) => id);
}

async function sentIn(packageId: string): Promise<number> {
  const [lembaga] = JSON.parse((await office.opened(packageId)).get('data.json')!.toString()) as { data: unknown[] }[];
  return lembaga!.data.length;
}

test('what a worker has in hand is not packed; when its time is over it is', async () => {
  const ids = await office.accept([makeRecord(1), makeRecord(2), makeRecord(3)]);
  const claimed = await claim(pool, 1);
  const made = await office.packages.make(office.actor);
  expect(made.records).toBe(2);
  expect(await office.states()).toEqual({ PACKED: 2, WAITING: 1 });
  await office.packages.cancel(office.actor.institutionId, made.id);
  await pool.query(
    `UPDATE balikan.record SET claimed_until = clock_timestamp() - interval '1 second' WHERE id = ANY ($1)`,
    [claimed],
  );
  expect((await office.packages.make(office.actor)).records).toBe(ids.length);
});

test('a worker that is just claiming is not waited for, and what is packed cannot be claimed', async () => {
  await office.accept(Array.from({ length: 6 }, (_, n) => makeRecord(n)));
  const worker = await pool.connect();
  await worker.query('BEGIN');
  const claimed = await claim(worker, 2);
  const made = await office.packages.make(office.actor);
  await worker.query('COMMIT');
  worker.release();
  expect(claimed).toHaveLength(2);
  expect(made.records).toBe(4);
  expect(await claim(pool, 10)).toEqual([]);
});

test('no record is both in a package and with a worker, whoever comes first', async () => {
  for (let round = 0; round < 8; round += 1) {
    await office.close();
    const here = (office = await MediaOffice.open(pool));
    await here.accept(Array.from({ length: 60 }, (_, n) => makeRecord(n)));
    const workers = Array.from({ length: 4 }, async () => {
      const taken: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) taken.push(...(await claim(pool, 3)));
      return taken;
    });
    const [made, ...taken] = await Promise.all([
      here.packages.make(here.actor).catch((error: unknown) => error as Error),
      ...workers,
    ]);
    if (made instanceof Error) expect(made).toMatchObject(conflict(/Tidak ada/));
    const packed = made instanceof Error ? 0 : made.records;
    const claimed = taken.flat();
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(claimed.length + packed).toBe(60);
    const { rows } = await pool.query('SELECT FROM balikan.record WHERE id = ANY ($1) AND state = $2', [
      claimed,
      'PACKED',
    ]);
    expect(rows).toEqual([]);
    if (!(made instanceof Error)) expect(await sentIn(made.id)).toBe(packed);
  }
});

test('nor with the claim that delivery makes', async () => {
  for (let round = 0; round < 4; round += 1) {
    const here = await MediaOffice.open(pool);
    await here.accept(Array.from({ length: 30 }, (_, n) => makeRecord(n)));
    const claiming = Array.from({ length: 3 }, (_, n) =>
      pool.query<{ id: string; institution_id: string }>('SELECT id, institution_id FROM balikan.claim($1, 60000)', [
        `worker-${round}-${n}`,
      ]),
    );
    const [made, ...answers] = await Promise.all([here.packages.make(here.actor), ...claiming]);
    const claimed = answers
      .flatMap(({ rows }) => rows)
      .filter((row) => row.institution_id === here.actor.institutionId)
      .map(({ id }) => id);
    const { rows } = await pool.query<{ state: string }>('SELECT state FROM balikan.record WHERE id = ANY ($1)', [
      claimed,
    ]);
    expect(rows).toEqual(claimed.map(() => ({ state: 'WAITING' })));
    expect(await here.states()).toEqual({
      PACKED: made.records,
      ...(made.records < 30 && { WAITING: 30 - made.records }),
    });
    expect(made.records + claimed.length).toBe(30);
    await here.close();
  }
});

test('of several makers at once one makes the package, and all is in it', async () => {
  await office.accept(Array.from({ length: 40 }, (_, n) => makeRecord(n)));
  const makers = [office.packages, office.replica, office.packages, office.replica];
  const settled = await Promise.allSettled(makers.map((packages) => packages.make(office.actor)));
  const [made, ...others] = settled.filter(({ status }) => status === 'fulfilled');
  expect(others).toEqual([]);
  expect(made).toMatchObject({ value: { number: 1, records: 40, state: 'OPEN' } });
  for (const one of settled)
    if (one.status === 'rejected') expect(one.reason).toMatchObject(conflict(/paket media yang terbuka/));
  await office.accept([makeRecord(50)]);
  await expect(office.packages.make(office.actor)).rejects.toMatchObject(conflict(/paket media yang terbuka/));
});

test('all that this institution owes, under whichever agreement, and nothing of another one', async () => {
  const other = await MediaOffice.open(pool);
  await other.accept([makeRecord(1)]);
  await office.accept([makeRecord(1)]);
  await office.accept([makeRecord(2), makeRecord(3, { state: 'DEAD' })], randomUUID());
  const made = await office.packages.make(office.actor);
  expect(made.records).toBe(3);
  expect(await sentIn(made.id)).toBe(3);
  expect(await office.states()).toEqual({ PACKED: 3 });
  expect(await other.states()).toEqual({ WAITING: 1 });
  await other.close();
});

test('also when nothing is owed under the agreement in force', async () => {
  await office.accept([makeRecord(1)], randomUUID());
  expect((await office.packages.make(office.actor)).records).toBe(1);
});

test('what no key opens any more stays where it is', async () => {
  const closed = randomUUID();
  await office.accept([makeRecord(1)]);
  await office.accept([makeRecord(2), makeRecord(3)], closed);
  await office.keys.close(closed);
  await office.keys.destroyAll(closed);
  const made = await office.packages.make(office.actor);
  expect(made.records).toBe(1);
  expect(await sentIn(made.id)).toBe(1);
  expect(await office.states()).toEqual({ PACKED: 1, WAITING: 2 });
});

test('nothing to pack, nobody to open it, nobody who makes it, a closed agreement: each says so', async () => {
  await expect(office.packages.make(office.actor)).rejects.toMatchObject(conflict(/Tidak ada data balikan/));
  const [deaf, mistyped] = [
    await MediaOffice.open(pool, { mediaRecipients: [] }),
    await MediaOffice.open(pool, { mediaRecipients: [`age1${'q'.repeat(58)}`] }),
  ];
  for (const one of [deaf, mistyped]) await one.accept([makeRecord(1)]);
  await expect(deaf.packages.make(deaf.actor)).rejects.toMatchObject(conflict(/belum diatur/));
  await expect(mistyped.packages.make(mistyped.actor)).rejects.toMatchObject(conflict(/tidak sah/));
  const nobody = { ...office.actor, operatorId: null };
  await expect(office.packages.make(nobody)).rejects.toMatchObject(conflict(/petugas/));

  await office.accept([makeRecord(1)]);
  await office.keys.close(office.actor.agreementId);
  await office.keys.destroyAll(office.actor.agreementId);
  await expect(office.packages.make(office.actor)).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
  for (const one of [office, deaf, mistyped]) {
    expect(await one.states()).toEqual({ WAITING: 1 });
    expect(await one.packages.list(one.actor.institutionId)).toEqual([]);
  }
  for (const one of [deaf, mistyped]) await one.close();
});

test('a package that cannot be finished leaves no trace, and the connection goes on', async () => {
  await office.accept(Array.from({ length: 5 }, (_, n) => makeRecord(n)));
  await pool.query(
    `UPDATE balikan.record SET sealed_nik = '\\x00' WHERE id = (SELECT max(id::text)::uuid FROM balikan.record WHERE institution_id = $1)`,
    [office.actor.institutionId],
  );
  await expect(office.packages.make(office.actor)).rejects.toThrow();
  expect(await office.states()).toEqual({ WAITING: 5 });
  expect(await office.packages.list(office.actor.institutionId)).toEqual([]);
  const { rows } =
    await pool.query(`SELECT FROM pg_stat_activity WHERE usename = 'data_balikan' AND state LIKE 'idle in%'
    AND datname = current_database()`);
  expect(rows).toEqual([]);
});
