import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Log } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { OldKeys } from './old-keys.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

test('a round forgets all that are older than two days, however many, in two replicas at once, and no other', async () => {
  const pool = database.pool('data_balikan');
  await pool.query(
    `INSERT INTO balikan.idempotency
     SELECT $1, 'uji', decode(lpad(to_hex(n), 64, '0'), 'hex'), '\\x00', gen_random_uuid(),
       balikan.clock() - CASE WHEN n % 100 = 0 THEN interval '47 hours' ELSE interval '49 hours' END
     FROM generate_series(1, 12000) AS n`,
    [randomUUID()],
  );
  const replicas = [1, 2].map(() => new OldKeys(new IdempotencyKeys(pool), Log.create('uji', 'error')));
  for (const replica of replicas) replica.start();
  await Promise.all(replicas.map((replica) => replica.round()));
  // what one had locked the other passed over
  await replicas[0]!.round();
  await Promise.all(replicas.map((replica) => replica.stop()));
  const { rows } = await pool.query('SELECT count(*)::int AS count FROM balikan.idempotency');
  expect(rows).toEqual([{ count: 120 }]);
});
