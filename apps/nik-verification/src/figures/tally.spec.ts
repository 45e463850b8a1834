import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Log, metrics } from '#service';
import { until } from '../../../../test/support/until.js';
import { History } from './history-fixture.js';
import { madeEvents } from './year-fixture.js';

let history: History;
let office: string;
const year = { from: '2024-01-01', until: '2024-12-31' };

beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());
beforeEach(async () => {
  await history.asSuperuser('TRUNCATE verification.tally_chunk, verification.tally_cell, verification.log CASCADE');
  await history.asSuperuser('TRUNCATE verification.log_leaf, verification.log_checkpoint');
  await history.database.setLedgerClock({ offsetMs: 0 });
  office = randomUUID();
  await history.write(office, madeEvents(office, 11, 500));
  await history.sign(office);
});

const figures = async () => JSON.stringify((await history.figures().get({ institutionId: office, ...year })).lookUps);
const plain = async (size: number) => JSON.stringify(await history.plainFigures(office, { ...year, size }));
const sizeNow = async () => (await history.sign(office)).size;

/** A log that keeps what is told as an error. */
function listen(): { log: Log; told: [string, object][] } {
  const told: [string, object][] = [];
  const log = Log.create('uji', 'error');
  log.event = (level, msg, fields = {}) => void (level === 'error' && told.push([msg, fields]));
  return { log, told };
}

const chunks = async () =>
  (
    await history.pool.query<{ first: number; cells: number }>(
      `SELECT first::int, count(cell)::int AS cells FROM verification.tally_chunk LEFT JOIN verification.tally_cell USING (log_id, first)
       GROUP BY first ORDER BY first`,
    )
  ).rows;

const firsts = (count: number) => Array.from({ length: count }, (_, n) => n * 64);

describe('chunks', () => {
  test('are tallied once by several workers at once, each with its cells, and no more of them in a round than allowed', async () => {
    const size = await sizeNow();
    await history.tally(64, 2).round();
    expect((await chunks()).map(({ first }) => first)).toEqual([0, 64]);
    await Promise.all(Array.from({ length: 6 }, () => history.tally().round()));
    await history.tally().round();
    const all = await chunks();
    expect(all.map(({ first }) => first)).toEqual(firsts(Math.floor(size / 64)));
    expect(all.every(({ cells }) => cells > 0)).toBe(true);
    expect(await figures()).toBe(await plain(size));
  });

  test('of a worker that is killed at its work is nothing, and the next one does it', async () => {
    const size = await sizeNow();
    const doomed = history.database.pool('nik_verification', { max: 1, application_name: 'doomed' });
    const other = history.database.pool('nik_verification', { max: 1, statement_timeout: 5_000 });
    // it waits for the table of cells, with its chunk written and not committed
    await history.database.asSuperuser(history.database.name, async (admin) => {
      await admin.query('BEGIN; LOCK TABLE verification.tally_cell IN ACCESS EXCLUSIVE MODE');
      const work = history.tally(64, 1_000, doomed).round();
      const failed = expect(work).rejects.toThrow();
      await until(async () => {
        const { rows } = await other.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE application_name = 'doomed' AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      // another one goes on with other logs instead of waiting
      expect(
        (await other.query<{ done: boolean }>('SELECT verification.tally_next(id, 64) AS done FROM verification.log'))
          .rows,
      ).toEqual([{ done: false }]);
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'`);
      await failed;
      await admin.query('ROLLBACK');
    });
    expect(await chunks()).toEqual([]);
    await history.tally().round();
    expect((await chunks()).map(({ first }) => first)).toEqual(firsts(Math.floor(size / 64)));
    expect(await figures()).toBe(await plain(size));
  });

  test('are written by the database alone: the service may neither add, change nor forget one', async () => {
    for (const sql of [
      'INSERT INTO verification.tally_chunk SELECT * FROM verification.tally_chunk',
      'UPDATE verification.tally_cell SET events = 0',
      'UPDATE verification.tally_chunk SET faulty_since = NULL',
      'DELETE FROM verification.tally_chunk',
    ])
      await expect(history.pool.query(sql)).rejects.toThrow(/permission denied/);
  });
});

describe('the nightly check', () => {
  const tamper = () =>
    history.asSuperuser(
      `UPDATE verification.tally_cell SET events = events + 3 WHERE (log_id, first, cell) = (
         SELECT log_id, first, cell FROM verification.tally_cell WHERE kind = 'REQUESTED' AND first = 128 LIMIT 1)`,
    );
  const faultyGauge = async () =>
    (await metrics.getSingleMetric('gerbang_tally_faulty_chunks')!.get()).values.map(({ value }) => value);
  const checkedOn = async () =>
    (
      await history.pool.query<{ day: string }>('SELECT DISTINCT checked_on::text AS day FROM verification.tally_chunk')
    ).rows.map(({ day }) => day);

  test('finds a cell that was changed, tells it, and from then on the figures are right', async () => {
    await history.database.setLedgerClock({ at: '2025-03-03T03:00:00Z' });
    const size = await sizeNow();
    const right = await plain(size);
    await history.tally().round();
    await tamper();
    // the cells are what is counted
    expect(await figures()).not.toBe(right);
    const today = listen();
    await history.tally(64, 1_000, history.pool, today.log).round();
    expect(today.told).toEqual([]);

    // a microsecond before and at midnight in Jakarta
    await history.database.setLedgerClock({ at: '2025-03-03T16:59:59.999999Z' });
    await history.tally(64, 1_000, history.pool, today.log).round();
    expect(today.told).toEqual([]);
    await history.database.setLedgerClock({ at: '2025-03-03T17:00:00Z' });
    await history.tally(64, 1_000, history.pool, today.log).round();
    expect(today.told).toEqual([
      [expect.stringContaining('a roll-up differs from the evidence'), { institutionId: office, count: 128 }],
    ]);
    expect(await faultyGauge()).toEqual([1]);
    expect(await figures()).toBe(right);
    // it stays so, and is told once
    await history.database.setLedgerClock({ at: '2025-03-05T17:00:00Z' });
    await history.tally(64, 1_000, history.pool, today.log).round();
    expect(today.told).toHaveLength(1);
    expect(await faultyGauge()).toEqual([1]);
    expect(await figures()).toBe(right);
  });

  test.each([
    ['cell that is gone', `DELETE FROM verification.tally_cell WHERE first = 64 AND cell = 1`],
    [
      'cell too many',
      `INSERT INTO verification.tally_cell (log_id, first, cell, day, kind, events)
       SELECT log_id, first, 9999, '2024-05-05', 'REQUESTED', 1 FROM verification.tally_chunk WHERE first = 64`,
    ],
    [
      'row of evidence that is gone',
      `DELETE FROM verification.access_event WHERE id = (
       SELECT event_id FROM verification.log_leaf JOIN verification.access_event ON id = event_id WHERE kind = 'REFUSED' AND index BETWEEN 64 AND 127 LIMIT 1)`,
    ],
  ])('finds a %s', async (_what, sql) => {
    await history.tally().round();
    await history.asSuperuser(sql);
    await history.database.setLedgerClock({ offsetMs: 86_400_000 });
    const { log, told } = listen();
    await history.tally(64, 1_000, history.pool, log).round();
    expect(told.map(([, fields]) => fields)).toEqual([{ institutionId: office, count: 64 }]);
  });

  test('counts every chunk once a day over all replicas, after days without a service as well, a few at a time', async () => {
    const checked = async () =>
      (await metrics.getSingleMetric('gerbang_tally_checked_total')!.get()).values[0]?.value ?? 0;
    await history.database.setLedgerClock({ at: '2025-03-03T03:00:00Z' });
    await history.tally().round();
    const count = (await chunks()).length;
    const before = await checked();
    await history.database.setLedgerClock({ at: '2025-03-20T03:00:00Z' });
    await history.tally(64, 3).round();
    expect((await checked()) - before).toBe(3);
    await Promise.all(Array.from({ length: 5 }, () => history.tally().round()));
    await Promise.all(Array.from({ length: 5 }, () => history.tally().round()));
    expect((await checked()) - before).toBe(count);
    expect(await checkedOn()).toEqual(['2025-03-20']);
  });
});
