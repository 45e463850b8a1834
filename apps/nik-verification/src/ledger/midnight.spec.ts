import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { countHits, grantQuota, makeLedger, makeReservation, settled, soon } from './ledger-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let institution: string;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
});
afterAll(() => database.drop());

beforeEach(async () => {
  institution = randomUUID();
  await grantQuota(pool, institution, 5);
});

const at = (jakarta: string) => database.setLedgerClock({ at: `${jakarta}+07:00` });

async function reserveMany(count: number): Promise<string[]> {
  const ledger = makeLedger(pool);
  const verdicts = await Promise.all(
    Array.from({ length: count }, () => ledger.reserve(makeReservation(institution), soon())),
  );
  return verdicts.map(({ verdict }) => verdict);
}

test('23:59:59 and 00:00:01 in Jakarta are two days, each with its own exact quota', async () => {
  await at('2026-05-01 23:59:59');
  const first = makeReservation(institution);
  const ledger = makeLedger(pool);
  expect(await ledger.reserve(first, soon())).toMatchObject({
    verdict: 'reserved',
    day: '2026-05-01',
    msToMidnight: 1000,
  });
  await ledger.settle(settled(first.id), soon());
  expect((await reserveMany(6)).filter((verdict) => verdict === 'reserved')).toHaveLength(4);
  await pool.query(
    "SELECT verification.settle(jsonb_agg(jsonb_build_object('id', verification_id, 'state', 'confirmed', 'outcome', 'FOUND', 'effect', 'none', 'latencyMs', 1, 'eventId', uuidv7())), 9, 1, 1) FROM verification.hit WHERE institution_id = $1 AND state = 'reserved'",
    [institution],
  );
  await at('2026-05-02 00:00:01');
  expect((await reserveMany(7)).filter((verdict) => verdict === 'reserved')).toHaveLength(5);
  expect(await countHits(pool, institution, '2026-05-01')).toEqual({ used: 5, carried: 0, rows: 5 });
  expect(await countHits(pool, institution, '2026-05-02')).toEqual({ used: 5, carried: 0, rows: 5 });
});

test('hits on their way at midnight are counted on both days, because nobody knows on which the ministry counts them', async () => {
  await at('2026-05-01 23:59:58');
  const [open, lateAnswer, returned] = [
    makeReservation(institution),
    makeReservation(institution),
    makeReservation(institution),
  ];
  const ledger = makeLedger(pool);
  for (const one of [open, lateAnswer, returned]) await ledger.reserve(one, soon());
  await at('2026-05-02 00:00:01');
  await ledger.settle(settled(lateAnswer.id), soon());
  expect((await reserveMany(5)).filter((verdict) => verdict === 'reserved')).toHaveLength(2);
  expect(await countHits(pool, institution, '2026-05-02')).toEqual({ used: 5, carried: 3, rows: 5 });
  // one of them provably never left: its place comes back on both days
  await ledger.settle(
    settled(returned.id, { state: 'released', outcome: 'UPSTREAM_UNAVAILABLE', effect: 'none' }),
    soon(),
  );
  expect(await countHits(pool, institution, '2026-05-01')).toMatchObject({ used: 2, rows: 2 });
  expect(await countHits(pool, institution, '2026-05-02')).toMatchObject({ used: 4, rows: 4 });
  expect(await reserveMany(2)).toEqual(['reserved', 'QUOTA_EXHAUSTED']);
});

test('a reservation that is told of only after midnight is given back and taken anew on the new day', async () => {
  // a clock that runs, one millisecond before midnight: by the time the answer is here, it is past
  const [{ offset } = { offset: 0 }] = (
    await pool.query<{ offset: number }>(
      "SELECT (extract(epoch FROM timestamptz '2026-06-30 23:59:59.999+07' - clock_timestamp()) * 1000)::float8 AS offset",
    )
  ).rows;
  await database.setLedgerClock({ offsetMs: Math.round(offset) });
  const admission = await makeLedger(pool).reserve(makeReservation(institution), soon());
  expect(admission).toMatchObject({ verdict: 'reserved', day: '2026-07-01' });
  const { rows } = await pool.query<{ state: string; day: string }>(
    'SELECT state, day::text FROM verification.hit WHERE institution_id = $1 ORDER BY verification_id',
    [institution],
  );
  expect(rows.filter(({ state }) => state === 'reserved')).toEqual([{ state: 'reserved', day: '2026-07-01' }]);
});

test('a clock that jumps back over midnight opens no second quota', async () => {
  await at('2026-05-01 23:59:59');
  expect(await reserveMany(3)).toEqual(['reserved', 'reserved', 'reserved']);
  await at('2026-05-02 00:00:01');
  await reserveMany(9);
  await at('2026-05-01 23:59:59');
  expect((await reserveMany(9)).filter((verdict) => verdict === 'reserved')).toHaveLength(2);
  await at('2026-05-02 00:00:01');
  expect((await reserveMany(9)).filter((verdict) => verdict === 'reserved')).toHaveLength(0);
  expect(await countHits(pool, institution, '2026-05-01')).toMatchObject({ used: 5, rows: 5 });
  expect(await countHits(pool, institution, '2026-05-02')).toMatchObject({ used: 5, rows: 5 });
});

test.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'])(
  "the day is Jakarta's also in a database that lives in %s",
  async (zone) => {
    await at('2026-05-01 23:30:00');
    const foreign = database.pool('nik_verification', { max: 2, options: `-c TimeZone=${zone}` });
    expect((await foreign.query<{ TimeZone: string }>('SHOW TimeZone')).rows[0]?.TimeZone).toBe(zone);
    const admission = await makeLedger(foreign).reserve(makeReservation(institution), soon());
    expect(admission).toMatchObject({ verdict: 'reserved', day: '2026-05-01', msToMidnight: 30 * 60_000 });
  },
);
