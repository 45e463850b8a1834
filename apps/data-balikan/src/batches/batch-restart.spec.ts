import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { FileReplicas, makeActor, makeCsv, makeRow, poolLimits, type FileReplica } from './batch-fixture.js';

let database: TestDatabase;
let replicas: FileReplicas;
let one: FileReplica;
let other: FileReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await FileReplicas.create(() => database.pool('data_balikan', poolLimits));
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});
beforeEach(() => {
  one = replicas.start();
  other = replicas.start();
});
afterEach(async () => {
  await Promise.all([one.checker.stop(), other.checker.stop()]);
});

const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => makeRow(from + i));

/** Its look-ups stop from the third load on; returns how to let them go on. */
function pauseLookUps(replica: FileReplica): { paused: () => Promise<boolean>; resume: () => void } {
  let paused = false;
  let resume = () => undefined as void;
  const gate = new Promise<void>((resolve) => (resume = resolve));
  replica.bus.before = async (call) => {
    if (call <= 3) return;
    paused = true;
    await gate;
  };
  return { paused: async () => paused, resume };
}

const abandon = (id: string) =>
  one.pool.query(`UPDATE balikan.batch SET held_until = clock_timestamp() - interval '1 second' WHERE id = $1`, [id]);

describe('a check that is left in the middle', () => {
  test('is taken over: nothing twice and nothing lost, and the first one writes nothing any more', async () => {
    const actor = makeActor();
    const { paused, resume } = pauseLookUps(one);
    const rows = many(0, 3_000).map((row, n) => (n % 500 === 7 ? { ...row, name: '' } : row));
    const id = await one.upload(actor, makeCsv(rows), 'GOOD_ROWS');
    const first = one.checker.next();
    await until(paused);
    // rows of the first attempt are in its open transaction
    await until(async () => (await one.get(actor, id)).progress.rows >= 500);
    await abandon(id);
    await until(() => other.checker.next());
    resume();
    await first;
    expect(await other.get(actor, id)).toMatchObject({
      state: 'DONE',
      counts: { checked: 3_000, accepted: 2_994, alreadyThere: 0, refused: 6, faults: 6 },
      resultReady: true,
    });
    const records = await other.recordsOf(actor);
    expect(new Set(records.map(({ register }) => register)).size).toBe(2_994);
    expect(records).toHaveLength(2_994);
    expect(await other.faults(actor, id)).toHaveLength(6);
  });

  test('cannot be finished by who lost it, even at the last moment', async () => {
    const actor = makeActor();
    const id = await one.upload(actor, makeCsv(many(0, 10)), 'GOOD_ROWS');
    let taken = false;
    one.bus.before = async () => {
      // the hold is lost between two of its heartbeats
      await one.pool.query('UPDATE balikan.batch SET attempt = attempt + 1, held_until = NULL WHERE id = $1', [id]);
      taken = true;
    };
    await one.checker.next();
    expect(taken).toBe(true);
    expect(await one.recordsOf(actor)).toEqual([]);
    expect(await one.get(actor, id)).toMatchObject({ state: 'CHECKING', counts: { checked: 0 } });
    await other.checkAll();
    expect(await other.get(actor, id)).toMatchObject({ state: 'DONE', counts: { accepted: 10 } });
  });

  test('is given back at a shutdown, and costs no attempt', async () => {
    const actor = makeActor();
    const { paused, resume } = pauseLookUps(one);
    const id = await one.upload(actor, makeCsv(many(0, 3_000)), 'GOOD_ROWS');
    one.checker.start();
    await until(paused);
    await one.checker.stop();
    resume();
    expect(await one.get(actor, id)).toMatchObject({ state: 'QUEUED' });
    expect(await one.recordsOf(actor)).toEqual([]);
    const { rows } = await one.pool.query('SELECT failures FROM balikan.batch WHERE id = $1', [id]);
    expect(rows).toEqual([{ failures: 0 }]);
    other.checker.start();
    await until(async () => (await other.get(actor, id)).state === 'DONE');
    expect(await other.recordsOf(actor)).toHaveLength(3_000);
  });

  test('too often is given up', async () => {
    const actor = makeActor();
    const id = await one.upload(actor, makeCsv(many(0, 10)), 'GOOD_ROWS');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(await one.queue.claim()).toMatchObject({ id, failures: attempt - 1 });
      await abandon(id);
    }
    await one.checker.next();
    expect(await one.get(actor, id)).toMatchObject({ state: 'FAILED' });
    expect(one.bus.calls).toBe(0);
  });

  test('after its rows were committed goes on with the marked-up copy', async () => {
    const actor = makeActor();
    const id = await one.upload(actor, makeCsv([makeRow(0), makeRow(1, { name: '' })]), 'GOOD_ROWS');
    await one.checker.next();
    const copy = await one.result(actor, id);
    // as if the process had ended before the copy was there
    const actor2 = makeActor();
    const id2 = await one.upload(actor2, makeCsv([makeRow(0), makeRow(1, { name: '' })]), 'GOOD_ROWS');
    const addResult = one.queue.addResult.bind(one.queue);
    one.queue.addResult = async () => {
      throw new Error('ended');
    };
    await one.checker.next();
    one.queue.addResult = addResult;
    expect(await one.get(actor2, id2)).toMatchObject({ state: 'DONE', counts: { accepted: 1 }, resultReady: false });
    await abandon(id2);
    await until(() => other.checker.next());
    expect(await other.get(actor2, id2)).toMatchObject({ state: 'DONE', counts: { accepted: 1 }, resultReady: true });
    expect(await other.result(actor2, id2)).toEqual(copy);
  });

  test('by the database is taken up again', async () => {
    const actor = makeActor();
    const { paused, resume } = pauseLookUps(one);
    const id = await one.upload(actor, makeCsv(many(0, 3_000)), 'GOOD_ROWS');
    const first = one.checker.next();
    await until(paused);
    await until(async () => (await one.get(actor, id)).progress.rows >= 500);
    await database.asSuperuser(database.name, (admin) =>
      admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND usename = 'data_balikan' AND state = 'idle in transaction'`,
        [database.name],
      ),
    );
    resume();
    await first;
    await until(async () => {
      await other.checker.next();
      return (await other.get(actor, id)).state === 'DONE';
    });
    expect(await other.recordsOf(actor)).toHaveLength(3_000);
  });
});

describe('two checkers at once', () => {
  test('take each file once', async () => {
    const actors = Array.from({ length: 6 }, () => makeActor());
    const ids = await Promise.all(
      actors.map((actor, n) => one.upload(actor, makeCsv(many(n * 100, 300)), 'ALL_OR_NOTHING')),
    );
    one.checker.start();
    other.checker.start();
    for (const [n, actor] of actors.entries()) {
      await until(async () => (await one.get(actor, ids[n] ?? '')).state === 'DONE');
      expect(await one.get(actor, ids[n] ?? '')).toMatchObject({ counts: { checked: 300, accepted: 300 } });
      expect(await one.recordsOf(actor)).toHaveLength(300);
    }
    const { rows } = await one.pool.query<{ attempt: number }>(
      'SELECT attempt FROM balikan.batch WHERE id = ANY ($1)',
      [ids],
    );
    expect(rows.map(({ attempt }) => attempt)).toEqual(ids.map(() => 1));
  });

  test('take the files of one agreement one after the other: what they have in common is taken once', async () => {
    const actor = makeActor();
    const files = [many(0, 900), many(300, 900).reverse(), many(0, 1_200)];
    const ids = await Promise.all(files.map((rows) => one.upload(actor, makeCsv(rows), 'GOOD_ROWS')));
    one.checker.start();
    other.checker.start();
    const done = async () => {
      const states = await Promise.all(ids.map(async (id) => (await one.get(actor, id)).state));
      expect(states.filter((state) => state === 'CHECKING').length).toBeLessThan(2);
      return states.every((state) => state === 'DONE');
    };
    await until(done);
    const batches = await Promise.all(ids.map((id) => one.get(actor, id)));
    expect(batches.reduce((sum, { counts }) => sum + counts.accepted, 0)).toBe(1_200);
    expect(batches.reduce((sum, { counts }) => sum + counts.alreadyThere, 0)).toBe(1_800);
    expect(await one.recordsOf(actor)).toHaveLength(1_200);
  });
});
