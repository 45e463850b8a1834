import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { grantQuota, makeLedger, makeReservation, settled, soon } from './ledger-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
});
afterAll(() => database.drop());

/** One thing that may happen: look-ups at a replica, ends of some that are open, lost ones given up, time going by (or back). */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      replica: fc.nat(2),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      pick: fc.nat(50),
      state: fc.constantFrom('confirmed' as const, 'unknown' as const, 'released' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('giveUp' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), minutes: fc.integer({ min: -90, max: 90 }) }),
  },
);

test('whatever happens in whatever order, no day ever holds more hits than its quota, and the count is the rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(step, { minLength: 5, maxLength: 25 }),
      async (limit, steps) => {
        const institution = randomUUID();
        await grantQuota(pool, institution, limit);
        const ledgers = [0, 1, 2].map((i) =>
          makeLedger(pool, { holder: `replica-${i}`, breaker: { failures: 1e6, waitMs: 1, mostWaitMs: 1 } }),
        );
        let now = Date.parse('2026-08-15T23:30:00+07:00');
        await database.setLedgerClock({ at: new Date(now).toISOString() });
        const open: string[] = [];
        for (const one of steps) {
          if (one.kind === 'clock') {
            now += one.minutes * 60_000;
            await database.setLedgerClock({ at: new Date(now).toISOString() });
          } else if (one.kind === 'giveUp') {
            await pool.query('UPDATE verification.hit SET expires_at = clock_timestamp() WHERE institution_id = $1', [
              institution,
            ]);
            await pool.query('SELECT verification.give_up_expired()');
          } else if (one.kind === 'settle') {
            const id = open.splice(one.pick % Math.max(1, open.length), 1)[0];
            if (id) await ledgers[0]?.settle(settled(id, { state: one.state, effect: 'none' }), soon());
          } else {
            const asked = Array.from({ length: one.count }, () => makeReservation(institution));
            const ledger = ledgers[one.replica];
            if (!ledger) throw new Error('there are three replicas');
            const admissions = await Promise.all(asked.map((reservation) => ledger.reserve(reservation, soon())));
            admissions.forEach((admission, i) => {
              if (admission.verdict === 'reserved' && asked[i]) open.push(asked[i].id);
            });
          }
          const { rows } = await pool.query<{ day: string; used: number; rows: number }>(
            `SELECT hit_day.day::text, used, count(hit.*) FILTER (WHERE hit.state <> 'released')::int AS rows FROM verification.hit_day
           LEFT JOIN verification.hit ON hit.institution_id = hit_day.institution_id AND (hit.day = hit_day.day OR hit.carried_to = hit_day.day)
           WHERE hit_day.institution_id = $1 GROUP BY hit_day.day, used`,
            [institution],
          );
          for (const row of rows) {
            expect(row.rows).toBe(row.used);
            expect(row.used).toBeLessThanOrEqual(limit);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
