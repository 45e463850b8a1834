import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { BalikanOutbox } from '../../../../test/support/balikan-outbox.js';
import { RecordRepository } from '../records/record.repository.js';
import { Outbox, type DeliveryRules } from './outbox.repository.js';

const rules: DeliveryRules = { strikes: 8, breaker: { failures: 3, waitMs: 10_000, mostWaitMs: 60_000 } };
const lease = 60_000;
const waiting = 10_000;

let fixture: BalikanOutbox;
/** One connection: it keeps the plans that it made while the table was small. */
let one: pg.Pool;

beforeEach(async () => {
  fixture = await BalikanOutbox.create();
  one = fixture.database.pool('data_balikan', { max: 1 });
});
afterEach(() => fixture.drop());

/** Copies of a record that waits, as many as an institution has that was offline for long. */
const multiply = () =>
  fixture.database.asSuperuser(fixture.database.name, (admin) =>
    admin.query(
      `INSERT INTO balikan.record
       SELECT (jsonb_populate_record(record, jsonb_build_object('id', uuidv7(), 'register_key', 'X' || n))).*
       FROM (SELECT record FROM balikan.record WHERE state = 'WAITING' LIMIT 1) AS known, generate_series(1, $1::int) AS n`,
      [waiting],
    ),
  );

async function reads(): Promise<{ scans: number; read: number }> {
  await one.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await one.query<{ scans: string; read: string }>(
    `SELECT (SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'balikan.record'::regclass) AS scans,
       (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relid = 'balikan.record'::regclass) AS read`,
  );
  return { scans: Number(rows[0]?.scans), read: Number(rows[0]?.read) };
}

test('what one delivery reads does not grow with the records of its institution, also with a plan made when there were few', async () => {
  const outbox = new Outbox(one);
  const office = await fixture.office();
  await office.accept(60);
  const turn = async (outcome: 'delivered' | 'failed') => {
    const claimed = await outbox.claim('satu', lease);
    if (!claimed) throw new Error('nothing to claim');
    const [first, ...rest] = claimed.records.map(({ id }) => id);
    if (first === undefined) throw new Error('nothing was claimed');
    const settled =
      outcome === 'delivered'
        ? { id: first, receipt: 'SUCCESS' as const, contentHash: 'ab'.repeat(32) }
        : { id: first, failure: 'REFUSED' as const, delayMs: 1_000 };
    await outbox.maySend(claimed.hold, [first, ...rest], lease);
    await outbox.settle(claimed.hold, [settled], rules);
    const unsent = rest.map((id) => ({ id }));
    await outbox.settle(claimed.hold, unsent, rules, { restMs: 0, portion: 3 });
  };
  for (let n = 0; n < 8; n += 1) await turn(n % 2 === 0 ? 'delivered' : 'failed');
  await multiply();
  const start = await reads();
  for (let n = 0; n < 4; n += 1) await turn(n % 2 === 0 ? 'delivered' : 'failed');
  const end = await reads();
  expect(end.scans - start.scans).toBe(0);
  // four turns of three records: found, claimed, renewed, settled
  expect(end.read - start.read).toBeLessThan(waiting / 10);
});

test('a poll that finds nothing due does not read what waits for its time, also with a plan made when there was little', async () => {
  const outbox = new Outbox(one);
  const office = await fixture.office();
  await office.accept(5);
  await one.query("UPDATE balikan.record SET due_at = balikan.clock() + interval '1 hour'");
  const poll = async () => expect(await outbox.claim('satu', lease)).toBeUndefined();
  for (let n = 0; n < 8; n += 1) await poll();
  await multiply();
  const start = await reads();
  for (let n = 0; n < 4; n += 1) await poll();
  const end = await reads();
  expect(end.scans - start.scans).toBe(0);
  expect(end.read - start.read).toBeLessThan(waiting / 100);
});

test.each(['DEAD', 'PACKED', 'HANDED_OVER'] as const)('a list of what is %s reads only that', async (state) => {
  const office = await fixture.office();
  const [id] = await office.accept(2);
  await multiply();
  await one.query(
    `UPDATE balikan.record SET state = $2, media_package_id = CASE $2 WHEN 'DEAD' THEN NULL ELSE uuidv7() END,
       sealed_nik = CASE $2 WHEN 'HANDED_OVER' THEN NULL ELSE sealed_nik END,
       receipt = CASE $2 WHEN 'HANDED_OVER' THEN 'MEDIA' END,
       delivered_at = CASE $2 WHEN 'HANDED_OVER' THEN balikan.clock() END WHERE id = $1`,
    [id, state],
  );
  await fixture.database.asSuperuser(fixture.database.name, (admin) => admin.query('ANALYZE balikan.record'));
  const start = await reads();
  const { records } = await new RecordRepository(one).list(office.institutionId, { state, limit: 50 });
  const end = await reads();
  expect(records.map((record) => record.id)).toEqual([id]);
  expect(end.scans - start.scans).toBe(0);
  expect(end.read - start.read).toBeLessThan(waiting / 100);
});
