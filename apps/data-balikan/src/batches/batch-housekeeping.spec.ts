import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { FileReplicas, makeActor, makeCsv, makeRow, poolLimits, type FileReplica } from './batch-fixture.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
  replica = replicas.start();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

const age = (id: string, hours: number) =>
  replica.pool.query(
    `UPDATE balikan.batch SET created_at = created_at - make_interval(hours => $2),
       expires_at = expires_at - make_interval(hours => $2) WHERE id = $1`,
    [id, hours],
  );
const faulty = () => makeCsv([makeRow(0), makeRow(1, { name: '' })]);

test('a file without a fault is erased as soon as it is done', async () => {
  const actor = makeActor();
  const id = await replica.upload(actor, makeCsv([makeRow(0)]), 'GOOD_ROWS');
  await replica.checkAll();
  await replica.housekeeping.round();
  expect(await replica.chunksOf(id)).toBe(0);
  expect(await replica.get(actor, id)).toMatchObject({ state: 'DONE', expiresAt: null, counts: { accepted: 1 } });
});

test('a file is kept while it waits, its marked-up copy for three days, and the counts for good', async () => {
  const actor = makeActor();
  const held = await replica.upload(actor, faulty(), 'ALL_OR_NOTHING');
  const done = await replica.upload(actor, faulty(), 'GOOD_ROWS');
  await replica.checkAll();
  for (const id of [held, done]) await age(id, 71);
  await replica.housekeeping.round();
  // file and copy of one, of the other the copy alone
  expect([await replica.chunksOf(held), await replica.chunksOf(done)]).toEqual([2, 1]);
  for (const id of [held, done]) await age(id, 2);
  await replica.housekeeping.round();
  expect([await replica.chunksOf(held), await replica.chunksOf(done)]).toEqual([0, 0]);
  expect(await replica.get(actor, held)).toMatchObject({ state: 'CANCELLED', expiresAt: null, counts: { checked: 2 } });
  expect(await replica.get(actor, done)).toMatchObject({ state: 'DONE', resultReady: false, counts: { accepted: 1 } });
  await expect(replica.result(actor, done)).rejects.toThrow('STATE_CONFLICT');
  await expect(replica.decide(actor, held, 'TAKE_GOOD_ROWS')).rejects.toThrow('STATE_CONFLICT');
});

test('an upload that was never finished is cancelled after an hour', async () => {
  const actor = makeActor();
  const { institutionId } = actor;
  const ids: string[] = [];
  for (const hours of [0, 2]) {
    const { id } = await replica.value<{ id: string }>('begin', { actor, policy: 'GOOD_ROWS' });
    await replica.value('put', { institutionId, id, n: 0, bytes: faulty().toString('base64') });
    await age(id, hours);
    ids.push(id);
  }
  await replica.housekeeping.round();
  const [young, old] = ids as [string, string];
  expect(await replica.get(actor, young)).toMatchObject({ state: 'RECEIVING' });
  expect(await replica.chunksOf(young)).toBe(1);
  expect(await replica.get(actor, old)).toMatchObject({ state: 'CANCELLED' });
  expect(await replica.chunksOf(old)).toBe(0);
  const late = { institutionId, id: old, n: 1, bytes: 'AAAA' };
  expect(await replica.ask('put', late)).toMatchObject({ error: { code: 'STATE_CONFLICT' } });
});

test('what somebody works on is left alone', async () => {
  const actor = makeActor();
  const id = await replica.upload(actor, faulty(), 'GOOD_ROWS');
  await replica.queue.claim();
  await age(id, 100);
  await replica.housekeeping.round();
  expect(await replica.get(actor, id)).toMatchObject({ state: 'CHECKING' });
  expect(await replica.chunksOf(id)).toBe(1);
});
