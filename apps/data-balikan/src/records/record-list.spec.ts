import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { BalikanPage, BalikanQuery, balikanStates, deliveryFailures, type BalikanRecord } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { deliveryDetail } from './delivery-detail.js';
import { RecordRepository } from './record.repository.js';
import { insertRecord } from './records-fixture.js';
import { registerKey } from './register-key.js';

let database: TestDatabase;
let pool: pg.Pool;
let records: RecordRepository;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan');
  records = new RecordRepository(pool);
});
afterAll(() => database.drop());

type Query = Parameters<RecordRepository['list']>[1];
const ask = (query: Partial<Query> = {}): Query => BalikanQuery.omit({ institutionId: true }).parse(query);

async function readAll(institutionId: string, query: Partial<Query>): Promise<BalikanRecord[]> {
  const all: BalikanRecord[] = [];
  let before: string | undefined;
  do {
    const page = await records.list(institutionId, ask({ ...query, ...(before && { before }) }));
    expect(BalikanPage.safeParse(page).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(250_000);
    expect(page.records.length).toBeLessThanOrEqual(query.limit ?? 50);
    all.push(...page.records);
    before = page.next ?? undefined;
  } while (before);
  return all;
}

test('every page together is what a plain filter gives, newest first, and nothing of another institution', async () => {
  const [institutionId, other] = [randomUUID(), randomUUID()];
  const batches = [randomUUID(), randomUUID()];
  const lookUps = [randomUUID(), randomUUID(), randomUUID()];
  const numbers = ['500/1', ' 500/1 ', '500/2', 'a  b', 'A B'];
  const expected: { id: string; state: string; date: string; number: string; batch: string | null; lookUp: string }[] =
    [];
  for (let n = 0; n < 60; n += 1) {
    const row = {
      id: uuidv7(),
      state: balikanStates[n % 5]!,
      date: `2024-01-${String((n % 9) + 1).padStart(2, '0')}`,
      number: numbers[(n * 7) % 5]!,
      batch: n % 4 === 0 ? batches[n % 2]! : null,
      lookUp: lookUps[n % 3]!,
    };
    await insertRecord(pool, n % 6 === 5 ? other : institutionId, {
      id: row.id,
      state: row.state,
      register_date: row.date,
      register_number: row.number,
      register_key: registerKey(row.number),
      batch_id: row.batch,
      verification_id: row.lookUp,
      person_hmac: Buffer.alloc(32, n),
    });
    if (n % 6 !== 5) expected.unshift(row);
  }
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const query = fc.record({
    state: optional(fc.constantFrom(...balikanStates)),
    from: optional(fc.constantFrom('2024-01-02', '2024-01-05')),
    to: optional(fc.constantFrom('2024-01-04', '2024-01-08')),
    nomorRegister: optional(fc.constantFrom('500/1', 'a b', 'tidak ada')),
    batchId: optional(fc.constantFrom(...batches)),
    verificationId: optional(fc.constantFrom(...lookUps)),
    limit: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(query, async (given) => {
      const wanted = expected.filter(
        (row) =>
          (given.state === undefined || row.state === given.state) &&
          (given.from === undefined || row.date >= given.from) &&
          (given.to === undefined || row.date <= given.to) &&
          (given.nomorRegister === undefined || registerKey(row.number) === registerKey(given.nomorRegister)) &&
          (given.batchId === undefined || row.batch === given.batchId) &&
          (given.verificationId === undefined || row.lookUp === given.verificationId),
      );
      const found = await readAll(institutionId, JSON.parse(JSON.stringify(given)) as Partial<Query>);
      expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    }),
    { numRuns: 60 },
  );
});

test('a page of the longest texts still fits one message', async () => {
  const institutionId = randomUUID();
  for (let n = 0; n < 300; n += 1)
    await insertRecord(pool, institutionId, {
      id: uuidv7(),
      business_name: 'あ'.repeat(200),
      business_type: 'あ'.repeat(200),
      person_hmac: Buffer.alloc(32, n),
    });
  expect(await readAll(institutionId, { limit: 500 })).toHaveLength(300);
});

test('one record is found in its own institution alone', async () => {
  const institutionId = randomUUID();
  const id = await insertRecord(pool, institutionId);
  expect(await records.find(institutionId, id)).toMatchObject({ id });
  expect(await records.find(randomUUID(), id)).toBeUndefined();
});

test('why it has not arrived is told with what to do, until it has', async () => {
  const institutionId = randomUUID();
  const at = await insertRecord(pool, institutionId, { failure: 'TIMEOUT', attempts: 2, state: 'WAITING' });
  expect((await records.find(institutionId, at))?.delivery).toMatchObject({
    state: 'WAITING',
    attempts: 2,
    failure: 'TIMEOUT',
    nextAttemptAt: expect.any(String),
    detail: expect.stringContaining('dikirim lagi secara otomatis'),
  });
  const arrived = await insertRecord(pool, institutionId, { failure: 'TIMEOUT', state: 'DELIVERED' });
  expect((await records.find(institutionId, arrived))?.delivery).toMatchObject({
    failure: null,
    detail: null,
    nextAttemptAt: null,
    receipt: 'SUCCESS',
  });
});

test('every failure has its own words in every state in which it can be seen', () => {
  for (const state of ['WAITING', 'DEAD', 'PACKED'] as const) {
    const said = deliveryFailures.map((failure) => deliveryDetail(state, failure));
    expect(new Set(said).size).toBe(deliveryFailures.length);
    expect(said.every((text) => text?.endsWith('.'))).toBe(true);
    expect(deliveryDetail(state, null)).toBeNull();
  }
  expect(deliveryDetail('DEAD', 'REFUSED')).toContain('mengirim ulang');
});
