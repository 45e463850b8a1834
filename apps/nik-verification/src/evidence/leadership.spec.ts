import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { waitFor } from '../../../../test/support/wait-for.js';
import { Leadership } from './leadership.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
});
afterAll(() => database.drop());

const terms: number[] = [];
const replica = (holder: string, silenceMs = 60_000) => new Leadership(pool, { holder, silenceMs });
const note = (term: number) => (client: pg.PoolClient) =>
  client.query(
    `INSERT INTO verification.log_checkpoint VALUES (1, $1, clock_timestamp(), decode(repeat('00', 32), 'hex'), 'x')`,
    [term],
  );

async function leaveBehind(): Promise<void> {
  await database.asSuperuser(database.name, (client) =>
    client.query("UPDATE verification.log_leader SET seen_at = '-infinity'; DELETE FROM verification.log_checkpoint"),
  );
}
beforeEach(async () => {
  terms.length = 0;
  await leaveBehind();
});

test('while one leads, nobody else does', async () => {
  let leading = 0;
  let most = 0;
  const replicas = Array.from({ length: 5 }, (_, n) => replica(`r${n}`));
  await Promise.all(
    replicas.flatMap((one) =>
      Array.from({ length: 10 }, (_, n) =>
        one.lead(
          async (client, term) => {
            leading += 1;
            most = Math.max(most, leading);
            terms.push(term);
            await client.query('SELECT pg_sleep(0.002)');
            leading -= 1;
          },
          n % 2 === 0,
        ),
      ),
    ),
  );
  expect(most).toBe(1);
  expect(terms.length).toBeGreaterThanOrEqual(25);
  // a new leader has a new term, and no term comes back
  expect(terms).toEqual([...terms].sort((a, b) => a - b));
});

test('the leader stays it until it is gone', async () => {
  const [first, second] = [replica('first'), replica('second')];
  expect(await first.lead(async () => 'first')).toBe('first');
  expect(await second.lead(async () => 'second')).toBeUndefined();
  expect(await first.lead(async () => 'first again')).toBe('first again');
  await leaveBehind();
  expect(await second.lead(async () => 'second')).toBe('second');
  expect(await first.lead(async () => 'first')).toBeUndefined();
});

test('a leader that was paused finds on waking that it leads no more, and writes nothing (fencing)', async () => {
  const paused = replica('paused', 300);
  let wakeUp = () => {};
  const sleep = new Promise<void>((resolve) => (wakeUp = resolve));
  let asleep = () => {};
  const isAsleep = new Promise<void>((resolve) => (asleep = resolve));
  const late = paused.lead(async (client, term) => {
    await note(term)(client);
    asleep();
    await sleep;
    await client.query('SELECT 1');
  });
  const outcome = late.then(
    () => 'written',
    () => 'refused',
  );
  await isAsleep;
  // the other one waits for the lock, and gets it when the database has given the sleeper up
  const successor = await replica('successor', 60_000).lead(async (client, term) => {
    await note(term)(client);
    return term;
  }, true);
  wakeUp();
  expect(await outcome).toBe('refused');
  const { rows } = await pool.query<{ size: string }>('SELECT size FROM verification.log_checkpoint');
  expect(rows).toEqual([{ size: String(successor) }]);
  // and the connections are whole again
  await waitFor(
    () => pool.query('SELECT 1'),
    ({ rowCount }) => rowCount === 1,
  );
});

test('what fails leaves nothing behind and leads no longer', async () => {
  const one = replica('one');
  const failing = one.lead(async (client, term) => {
    await note(term)(client);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const { rowCount } = await pool.query('SELECT 1 FROM verification.log_checkpoint');
  expect(rowCount).toBe(0);
  expect(await replica('two').lead(async () => 'two', true)).toBe('two');
});
