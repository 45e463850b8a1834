import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { FileReplicas, makeActor, makeCsv, poolLimits, type FileReplica } from './batch-fixture.js';
import type { HeldBatch } from './batch-queue.js';
import { FaultJournal, type FoundFault } from './fault-journal.js';

let database: TestDatabase;
let replicas: FileReplicas;
let replica: FileReplica;
let batch: HeldBatch;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
  replica = replicas.start();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});
beforeEach(async () => {
  await replica.upload(makeActor(), makeCsv([]), 'GOOD_ROWS');
  batch = (await replica.queue.claim()) as HeldBatch;
});

const fault = (row: number): FoundFault => ({ row, column: 1, field: 'nik', code: 'NIK_EMPTY', value: 'empty' });
const faults = (from: number, count: number) => Array.from({ length: count }, (_, i) => fault(from + i));
const kept = async (): Promise<{ n: number; row: number }[]> => {
  const { rows } = await replica.pool.query<{ n: number; row: number }>(
    'SELECT n, row FROM balikan.batch_fault WHERE batch_id = $1 ORDER BY n',
    [batch.id],
  );
  return rows;
};

test('numbers them in their order, whatever the loads are', async () => {
  const journal = new FaultJournal(replica.pool, batch);
  await journal.add(faults(1, 1_999));
  await journal.add([]);
  await journal.add(faults(2_000, 4_500));
  await journal.add(faults(6_500, 1));
  await journal.end();
  expect(await kept()).toEqual(Array.from({ length: 6_500 }, (_, i) => ({ n: i + 1, row: i + 1 })));
});

test('keeps so many and counts the rest', async () => {
  const journal = new FaultJournal(replica.pool, batch, 2_500);
  for (let from = 1; from <= 3_001; from += 1_000) await journal.add(faults(from, 1_000));
  await journal.end();
  expect(journal.count).toBe(4_000);
  expect((await kept()).map(({ n }) => n)).toEqual(Array.from({ length: 2_500 }, (_, i) => i + 1));
});

test('of who lost the batch writes and deletes nothing', async () => {
  const journal = new FaultJournal(replica.pool, batch);
  await journal.add(faults(1, 3));
  await journal.end();
  const late = new FaultJournal(replica.pool, { id: batch.id, attempt: batch.attempt - 1 });
  await late.clear();
  await late.add(faults(10, 3));
  await expect(late.end()).rejects.toThrow('given up');
  expect((await kept()).map(({ row }) => row)).toEqual([1, 2, 3]);
  await new FaultJournal(replica.pool, batch).clear();
  expect(await kept()).toEqual([]);
});
