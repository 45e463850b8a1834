import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { countHits, grantQuota, makeLedger, makeReservation, settled, soon } from './ledger-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
  await database.setLedgerClock({ at: '2026-03-10T03:00:00Z' }); // 10:00 in Jakarta
});
afterAll(() => database.drop());

const day = '2026-03-10';

async function office(limit: number): Promise<string> {
  const id = randomUUID();
  await grantQuota(pool, id, limit);
  return id;
}

describe('the quota', () => {
  test('is exact when ten replicas ask at once', async () => {
    const institution = await office(100);
    const ledgers = Array.from({ length: 10 }, (_, i) => makeLedger(pool, { holder: `replica-${i}` }));
    const admissions = await Promise.all(
      ledgers.flatMap((ledger) =>
        Array.from({ length: 30 }, () => ledger.reserve(makeReservation(institution), soon())),
      ),
    );
    expect(admissions.filter(({ verdict }) => verdict === 'reserved')).toHaveLength(100);
    expect(admissions.filter(({ verdict }) => verdict === 'QUOTA_EXHAUSTED')).toHaveLength(200);
    expect(await countHits(pool, institution, day)).toEqual({ used: 100, carried: 0, rows: 100 });
  });

  test('tells what is used after each look-up, and a released hit gives its place back', async () => {
    const institution = await office(2);
    const ledger = makeLedger(pool);
    const first = makeReservation(institution);
    expect(await ledger.reserve(first, soon())).toMatchObject({ verdict: 'reserved', used: 1, limit: 2, day });
    expect(await ledger.reserve(makeReservation(institution), soon())).toMatchObject({ verdict: 'reserved', used: 2 });
    expect(await ledger.reserve(makeReservation(institution), soon())).toMatchObject({
      verdict: 'QUOTA_EXHAUSTED',
      used: 2,
    });
    expect(
      await ledger.settle(
        settled(first.id, { state: 'released', outcome: 'UPSTREAM_UNAVAILABLE', effect: 'none' }),
        soon(),
      ),
    ).toEqual({ eventId: expect.any(String), at: '2026-03-10T03:00:00.000000Z' });
    expect(await ledger.reserve(makeReservation(institution), soon())).toMatchObject({ verdict: 'reserved', used: 2 });
    expect(await countHits(pool, institution, day)).toMatchObject({ used: 2, rows: 2 });
  });

  test('follows the grant that is in effect on the day (O-04), and without one nothing passes', async () => {
    const institution = randomUUID();
    expect(await makeLedger(pool).reserve(makeReservation(institution), soon())).toMatchObject({
      verdict: 'QUOTA_NOT_GRANTED',
    });
    await grantQuota(pool, institution, 1, '2026-01-01');
    await grantQuota(pool, institution, 3, '2026-03-10');
    await grantQuota(pool, institution, 9, '2026-03-11');
    expect(await makeLedger(pool).reserve(makeReservation(institution), soon())).toMatchObject({ limit: 3 });
  });

  test('is by institution', async () => {
    const [one, other] = [await office(1), await office(1)];
    const ledger = makeLedger(pool);
    const both = await Promise.all([one, other, one, other].map((id) => ledger.reserve(makeReservation(id), soon())));
    expect(both.map(({ verdict }) => verdict)).toEqual(['reserved', 'reserved', 'QUOTA_EXHAUSTED', 'QUOTA_EXHAUSTED']);
  });
});

describe('a hit', () => {
  test('is settled once; a given up one may still be confirmed, but never released', async () => {
    const institution = await office(10);
    const ledger = makeLedger(pool, { leaseMs: 1 });
    const lost = makeReservation(institution);
    const late = makeReservation(institution);
    await ledger.reserve(lost, soon());
    await ledger.reserve(late, soon());
    await pool.query(
      "UPDATE verification.hit SET expires_at = clock_timestamp() - interval '1 second' WHERE institution_id = $1",
      [institution],
    );
    await pool.query('SELECT verification.give_up_expired()');
    expect(await ledger.settle(settled(lost.id, { state: 'released' }), soon())).toBe(null);
    const event = await ledger.settle(settled(late.id), soon());
    expect(event).toEqual({ eventId: expect.any(String), at: expect.any(String) });
    // again, because the word of it was lost
    expect(await ledger.settle(settled(late.id), soon())).toEqual(event);
    const { rows } = await pool.query('SELECT state FROM verification.hit WHERE institution_id = $1 ORDER BY state', [
      institution,
    ]);
    expect(rows).toEqual([{ state: 'confirmed' }, { state: 'unknown' }]);
    expect(await countHits(pool, institution, day)).toMatchObject({ used: 2, rows: 2 });
  });

  test('has its evidence in the same transaction: asked before it leaves, answered after', async () => {
    const institution = await office(10);
    const ledger = makeLedger(pool);
    const reservation = makeReservation(institution, { fields: ['namaLengkap', 'alamat'] });
    await ledger.reserve(reservation, soon());
    const asked =
      'SELECT kind, hit_state, outcome, fields, nik_hmac, service, case_reference, mode, latency_ms FROM verification.access_event WHERE verification_id = $1 ORDER BY at, id';
    const first = await pool.query(asked, [reservation.id]);
    expect(first.rows).toEqual([
      {
        kind: 'REQUESTED',
        hit_state: 'reserved',
        outcome: null,
        fields: ['namaLengkap', 'alamat'],
        nik_hmac: reservation.nikHmac,
        service: 'SKU',
        case_reference: '500/001',
        mode: 'LOOKUP',
        latency_ms: null,
      },
    ]);
    await ledger.settle(settled(reservation.id), soon());
    const both = await pool.query<{ kind: string }>(asked, [reservation.id]);
    expect(both.rows.map(({ kind }) => kind).sort()).toEqual(['ANSWERED', 'REQUESTED']);
  });

  test('outside the agreement is refused by the day of the database, whatever the caller believed (O-18)', async () => {
    const institution = await office(10);
    const ledger = makeLedger(pool);
    expect(await ledger.reserve(makeReservation(institution, { validUntil: '2026-03-09' }), soon())).toMatchObject({
      verdict: 'AGREEMENT_ENDED',
    });
    expect(await ledger.reserve(makeReservation(institution, { validFrom: '2026-03-11' }), soon())).toMatchObject({
      verdict: 'AGREEMENT_NOT_STARTED',
    });
    expect(
      await ledger.reserve(makeReservation(institution, { validFrom: day, validUntil: day }), soon()),
    ).toMatchObject({ verdict: 'reserved' });
  });

  test('refused is evidence without a NIK and without a hit', async () => {
    const institution = await office(10);
    const refused = makeReservation(institution, { validUntil: '2026-03-09' });
    await makeLedger(pool).reserve(refused, soon());
    const { rows } = await pool.query(
      'SELECT kind, outcome, nik_hmac, hit_state FROM verification.access_event WHERE verification_id = $1',
      [refused.id],
    );
    expect(rows).toEqual([{ kind: 'REFUSED', outcome: 'AGREEMENT_ENDED', nik_hmac: null, hit_state: null }]);
    expect(await countHits(pool, institution, day)).toMatchObject({ used: 0, rows: 0 });
  });
});

describe('identical look-ups in flight', () => {
  test('share one hit, also across replicas', async () => {
    const institution = await office(10);
    const flightKey = Buffer.alloc(32, 7);
    const first = makeReservation(institution, { flightKey });
    expect(await makeLedger(pool, { holder: 'replica-a' }).reserve(first, soon())).toMatchObject({
      verdict: 'reserved',
    });
    expect(
      await makeLedger(pool, { holder: 'replica-b' }).reserve(makeReservation(institution, { flightKey }), soon()),
    ).toMatchObject({
      verdict: 'joined',
      holder: 'replica-a',
      verificationId: first.id,
      used: 1,
    });
    await makeLedger(pool).settle(settled(first.id), soon());
    expect(await makeLedger(pool).reserve(makeReservation(institution, { flightKey }), soon())).toMatchObject({
      verdict: 'reserved',
      used: 2,
    });
  });
});

describe('an Idempotency-Key', () => {
  const keyHmac = Buffer.alloc(32, 1);
  const flightKey = Buffer.alloc(32, 2);

  test('answers a repeat with the look-up that was answered, and costs no hit', async () => {
    const institution = await office(10);
    const ledger = makeLedger(pool);
    const first = makeReservation(institution, { keyHmac, flightKey });
    await ledger.reserve(first, soon());
    await ledger.settle(settled(first.id), soon());
    expect(await ledger.reserve(makeReservation(institution, { keyHmac, flightKey }), soon())).toMatchObject({
      verdict: 'ALREADY_ANSWERED',
      verificationId: first.id,
      used: 1,
    });
    expect(
      await ledger.reserve(makeReservation(institution, { keyHmac, flightKey: Buffer.alloc(32, 3) }), soon()),
    ).toMatchObject({ verdict: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test.each(['released', 'unknown'] as const)('may be tried again when the first attempt ended %s', async (state) => {
    const institution = await office(10);
    const ledger = makeLedger(pool);
    const first = makeReservation(institution, { keyHmac, flightKey });
    await ledger.reserve(first, soon());
    await ledger.settle(settled(first.id, { state, outcome: 'UPSTREAM_TIMEOUT', effect: 'none' }), soon());
    expect(await ledger.reserve(makeReservation(institution, { keyHmac, flightKey }), soon())).toMatchObject({
      verdict: 'reserved',
    });
  });

  test('stays free when nothing was attempted', async () => {
    const institution = await office(10);
    const ledger = makeLedger(pool);
    expect(
      await ledger.reserve(makeReservation(institution, { keyHmac, flightKey, validUntil: '2026-03-09' }), soon()),
    ).toMatchObject({ verdict: 'AGREEMENT_ENDED' });
    expect(await ledger.reserve(makeReservation(institution, { keyHmac, flightKey }), soon())).toMatchObject({
      verdict: 'reserved',
    });
  });
});

test('evidence is append-only for the service role', async () => {
  await expect(pool.query("UPDATE verification.access_event SET outcome = 'FOUND'")).rejects.toThrow(
    /permission denied/,
  );
  await expect(pool.query('DELETE FROM verification.access_event')).rejects.toThrow(/permission denied/);
  await expect(pool.query('DELETE FROM verification.hit')).rejects.toThrow(/permission denied/);
  await expect(pool.query('TRUNCATE verification.access_event')).rejects.toThrow(/permission denied/);
});

test('one bad item does not take the others of its batch with it', async () => {
  const institution = await office(10);
  const ledger = makeLedger(pool);
  const results = await Promise.allSettled([
    ledger.reserve(makeReservation(institution), soon()),
    ledger.reserve(makeReservation(institution, { operatorId: 'not a uuid' }), soon()),
    ledger.reserve(makeReservation(institution), soon()),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await countHits(pool, institution, day)).toMatchObject({ used: 2, rows: 2 });
});

test('what waited past its deadline is not written', async () => {
  const institution = await office(10);
  await expect(makeLedger(pool).reserve(makeReservation(institution), performance.now() - 1)).rejects.toMatchObject({
    code: 'EVIDENCE_UNAVAILABLE',
  });
  expect(await countHits(pool, institution, day)).toMatchObject({ used: 0, rows: 0 });
});
