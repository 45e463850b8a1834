import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Log, metrics } from '#service';
import { Coverage } from './coverage.js';
import { expectRight, Office, rowsOf, writeHistory } from './coverage-fixture.js';
import { History } from './history-fixture.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const coverage = (width = 64, most = 1_000, log = history.log) =>
  new Coverage(history.pool, log, { everyMs: 1_000, width, most });

describe('the nightly check', () => {
  let office: Office;
  let right: Awaited<ReturnType<typeof rowsOf>>;
  const checkedTotal = async (name = 'checked') =>
    (await metrics.getSingleMetric(`gerbang_coverage_${name}_total`)!.get()).values[0]?.value ?? 0;
  const night = (day: number) =>
    history.database.setLedgerClock({
      at: new Date(Date.parse('2025-03-03T17:00:00Z') + day * 86_400_000).toISOString(),
    });

  /** A log that keeps what is told as an error. */
  const listen = () => {
    const told: [string, object][] = [];
    const log = Log.create('uji', 'error');
    log.event = (level, msg, fields = {}) => void (level === 'error' && told.push([msg, fields]));
    return { log, told };
  };

  beforeAll(async () => {
    await history.database.setLedgerClock({ at: '2025-03-03T03:00:00Z' });
    office = new Office(history);
    await writeHistory(office, 9, async () => undefined);
    await coverage().round();
    right = await rowsOf(office);
    expect(right.length).toBeGreaterThan(10);
  });

  let days = 0;
  test.each([
    ['a row that is gone', 'DELETE FROM verification.sent_look_up WHERE verification_id = $1', 1],
    [
      'a row of a look-up that is not sent',
      `INSERT INTO verification.sent_look_up SELECT $2::uuid, log_id, index, day FROM verification.sent_look_up WHERE verification_id = $1`,
      1,
    ],
    [
      'a row behind everything that was worked out',
      `INSERT INTO verification.sent_look_up SELECT $2::uuid, log_id, 1000000, day FROM verification.sent_look_up WHERE verification_id = $1`,
      1,
    ],
    [
      'a second row, in the other generation',
      `INSERT INTO verification.sent_look_up SELECT verification_id, log.id, 0, day FROM verification.sent_look_up, verification.log
       WHERE verification_id = $1 AND log.id <> log_id`,
      1,
    ],
    ['another day', `UPDATE verification.sent_look_up SET day = day + 1 WHERE verification_id = $1`, 1],
    // one too many there, one too few here
    ['an earlier place', `UPDATE verification.sent_look_up SET index = 0 WHERE verification_id = $1`, 2],
    ['a later place', `UPDATE verification.sent_look_up SET index = index + 64 WHERE verification_id = $1`, 1],
  ])('finds %s, sets it right and tells it', async (_what, sql, differing) => {
    const { log, told } = listen();
    // the last one that is sent, which has no other in its generation behind it
    const { id } = right.reduce((a, b) => (b.log > a.log || (b.log === a.log && b.index > a.index) ? b : a));
    await history.asSuperuser(sql, sql.includes('$2') ? [id, randomUUID()] : [id]);
    const wrong = await rowsOf(office);
    expect(wrong).not.toEqual(right);
    await coverage(64, 1_000, log).round();
    expect([told, await rowsOf(office)]).toEqual([[], wrong]);
    const before = await checkedTotal('repaired');
    await night(days++);
    await coverage(64, 1_000, log).round();
    expect(await rowsOf(office)).toEqual(right);
    expect((await checkedTotal('repaired')) - before).toBe(differing);
    for (const [message, fields] of told) {
      expect(message).toContain('coverage differs from the evidence');
      expect(fields).toMatchObject({ institutionId: office.id });
    }
    expect(told.map(([, fields]) => (fields as { count: number }).count).reduce((a, b) => a + b)).toBe(differing);
    await coverage(64, 1_000, log).round();
    expect((await checkedTotal('repaired')) - before).toBe(differing);
  });

  test('works everything out once a day from midnight in Jakarta on, so many parts of it in a round, whoever does', async () => {
    const size = ({ index }: { index: string }) => Math.ceil(Number(index) / 50);
    const { rows } = await history.asSuperuser('SELECT index FROM verification.covered_until');
    const parts = (rows as { index: string }[]).map(size).reduce((a, b) => a + b);
    const before = await checkedTotal();
    await coverage(50).round();
    expect(await checkedTotal()).toBe(before);
    await night(days++);
    await coverage(50, 3).round();
    expect((await checkedTotal()) - before).toBe(3);
    for (let n = 0; n < 2; n += 1) await Promise.all(Array.from({ length: 4 }, () => coverage(50).round()));
    expect((await checkedTotal()) - before).toBe(parts);
    await history.database.setLedgerClock({
      at: new Date(Date.parse('2025-03-03T16:59:59.999Z') + days * 86_400_000).toISOString(),
    });
    await coverage(50).round();
    expect((await checkedTotal()) - before).toBe(parts);
    // what is added on the same day is worked out once
    await office.write(Office.events(10, 20));
    await office.sign();
    await office.open();
    await coverage(50).round();
    expect((await checkedTotal()) - before).toBe(parts);
    right = await rowsOf(office);
  });

  test('does not wait for the night when a delivery says something else than before', async () => {
    const last = office.checkpoints.at(-1)!;
    const { rows } = await office.sql(
      `UPDATE verification.opened_event SET verification_id = NULL WHERE institution_id = $1 AND verification_id IS NOT NULL
       RETURNING log_id, index, event_id, OLD.verification_id AS named`,
    );
    const { log, told } = listen();
    await coverage(64, 1_000, log).round();
    expect(await rowsOf(office)).toEqual([]);
    expect(told.length).toBeGreaterThan(0);
    // handed in again: some are changed, one was missing altogether
    const [gone] = rows as { event_id: string }[];
    await office.sql(
      'DELETE FROM verification.opened_event WHERE institution_id = $1 AND event_id = $2',
      gone!.event_id,
    );
    for (const { log_id, index, event_id, named } of rows as Record<string, unknown>[])
      await office.sql(
        `INSERT INTO verification.opened_event (log_id, index, event_id, institution_id, type, act, day, verification_id)
         VALUES ($2, $3, $4, $1, 'DATA_BALIKAN', 'data-balikan.delivered', '2024-03-03', $5)
         ON CONFLICT (log_id, index) DO UPDATE SET verification_id = excluded.verification_id`,
        log_id,
        index,
        event_id,
        named,
      );
    await coverage().round();
    expect(await rowsOf(office)).toEqual(right);
    await expectRight(office, coverage(), last, []);
  });

  test('rows are written by the database alone', async () => {
    for (const sql of [
      'INSERT INTO verification.sent_look_up SELECT * FROM verification.sent_look_up',
      'UPDATE verification.sent_look_up SET index = 0',
      'DELETE FROM verification.sent_look_up',
      'TRUNCATE verification.sent_look_up',
      'INSERT INTO verification.covered_until SELECT * FROM verification.covered_until',
      'UPDATE verification.covered_until SET index = 0',
      'DELETE FROM verification.covered_until',
    ])
      await expect(history.pool.query(sql)).rejects.toThrow(/permission denied/);
  });
});
