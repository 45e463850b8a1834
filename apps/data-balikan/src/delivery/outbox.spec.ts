import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BalikanOutbox, type Office } from '../../../../test/support/balikan-outbox.js';
import { Lanes } from './lanes.repository.js';
import { Outbox, type DeliveryRules, type Settlement, type Turn, type TurnEnd } from './outbox.repository.js';

const rules: DeliveryRules = { strikes: 8, breaker: { failures: 3, waitMs: 10_000, mostWaitMs: 60_000 } };
const contentHash = 'ab'.repeat(32);
const lease = 60_000;
const over: TurnEnd = { restMs: 0, portion: null };
const delivered = (id: string): Settlement => ({ id, receipt: 'SUCCESS', contentHash });
const failed = (
  id: string,
  failure: 'UNAVAILABLE' | 'REFUSED' | 'ACCESS_BROKEN' | 'KEY_DESTROYED' = 'UNAVAILABLE',
) => ({
  id,
  failure,
  delayMs: 1_000,
});
const nobody = async () => false;

let fixture: BalikanOutbox;
let outbox: Outbox;
let lanes: Lanes;
let office: Office;

beforeAll(async () => {
  fixture = await BalikanOutbox.create();
  outbox = new Outbox(fixture.pool);
  lanes = new Lanes(fixture.pool);
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  await fixture.pool.query(
    "UPDATE balikan.record SET due_at = 'infinity', claimed_until = NULL WHERE state = 'WAITING'",
  );
  await fixture.pool.query('UPDATE balikan.lane SET held_until = NULL');
  office = await fixture.office();
});

async function claim(holder = 'satu'): Promise<Turn> {
  const turn = await outbox.claim(holder, lease);
  if (!turn) throw new Error('nothing to claim');
  return turn;
}
const ids = (turn: Turn | undefined) => turn?.records.map(({ id }) => id);
/** One turn in which everything that was claimed comes to the same end. */
async function turnWith(outcome: (id: string) => Settlement): Promise<Turn> {
  const turn = await claim();
  await outbox.settle(
    turn.hold,
    turn.records.map(({ id }) => outcome(id)),
    rules,
    over,
  );
  return turn;
}

describe('a claim', () => {
  test('has the records in the order of their register dates, as many as a turn takes', async () => {
    const given = await office.accept(15, (n) => 100 - n);
    const turn = await claim();
    expect(ids(turn)).toEqual([...given].reverse().slice(0, 10));
    expect(turn.records[0]).toMatchObject({ namaUsaha: 'WARUNG CONTOH', attempts: 0, kodeKbli: null });
    expect(turn.records[0]?.tanggal).toMatch(/^2020-\d\d-\d\d$/);
  });

  test('keeps everybody else from the lane, until it is given back', async () => {
    await office.accept(15);
    const turn = await claim();
    expect(await outbox.claim('dua', lease)).toBeUndefined();
    await outbox.settle(
      turn.hold,
      turn.records.map(({ id }) => ({ id })),
      rules,
      { restMs: 0, portion: 3 },
    );
    expect(ids(await claim('dua'))).toEqual(ids(turn)?.slice(0, 3));
  });

  test('goes to the lane that has waited longest', async () => {
    const other = await fixture.office();
    await office.accept(20);
    await other.accept(20);
    const turns = [];
    for (let n = 0; n < 4; n += 1) turns.push((await turnWith((id) => ({ id }))).hold.institutionId);
    expect(new Set(turns.slice(0, 2)).size).toBe(2);
    expect(turns.slice(2)).toEqual(turns.slice(0, 2));
  });

  test('is of one lane for each of many who ask at once', async () => {
    const offices = await Promise.all(Array.from({ length: 4 }, () => fixture.office()));
    for (const one of offices) await one.accept(3);
    const turns = await Promise.all(Array.from({ length: 8 }, (_, n) => outbox.claim(`pekerja ${n}`, lease)));
    const held = turns.flatMap((turn) => turn?.hold.institutionId ?? []);
    expect([...held].sort()).toEqual(offices.map(({ institutionId }) => institutionId).sort());
  });

  test('goes on to the next lane where somebody else has the rows of the first', async () => {
    const [packing, next] = [office, await fixture.office()];
    await packing.accept(3);
    await next.accept(3);
    await fixture.pool.query('UPDATE balikan.lane SET served_at = clock_timestamp() WHERE institution_id = $1', [
      next.institutionId,
    ]);
    const packer: pg.PoolClient = await fixture.pool.connect();
    try {
      await packer.query('BEGIN');
      await packer.query('SELECT FROM balikan.record WHERE institution_id = $1 FOR UPDATE', [packing.institutionId]);
      expect((await claim()).hold.institutionId).toBe(next.institutionId);
      // and is not held up by it at the next poll, either
      expect(await outbox.claim('dua', lease)).toBeUndefined();
    } finally {
      await packer.query('ROLLBACK');
      packer.release();
    }
    await fixture.pool.query('UPDATE balikan.lane SET held_until = NULL WHERE institution_id = $1', [
      packing.institutionId,
    ]);
    expect((await claim('dua')).hold.institutionId).toBe(packing.institutionId);
  });

  test('passes over what was put back for later, and leaves it as it was', async () => {
    const [later = '', next = ''] = await office.accept(2);
    const turn = await claim();
    await outbox.settle(turn.hold, [{ id: later, delayMs: 30_000 }, { id: next }], rules, over);
    expect(await office.record(later)).toMatchObject({ state: 'WAITING', attempts: 0, strikes: 0, failure: null });
    expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 0 });
    expect(ids(await turnWith((id) => ({ id })))).toEqual([next]);
    await fixture.pass(30_001);
    expect(ids(await claim())).toEqual([later, next]);
  });

  test('is not of what is not due, is paused, stopped, or rests', async () => {
    await office.accept(1);
    const { institutionId } = office;
    await lanes.pause(institutionId, null, 'uji');
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    await lanes.resume(institutionId);
    await lanes.switchAll(false, null, 'uji');
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    await lanes.switchAll(true, null, 'uji');
    const turn = await claim();
    await outbox.settle(turn.hold, [failed(turn.records[0]?.id ?? '')], rules, over);
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    await fixture.pass(1_001);
    const again = await claim();
    await outbox.settle(again.hold, [{ id: again.records[0]?.id ?? '' }], rules, { restMs: 60_000, portion: null });
    expect(await outbox.claim('satu', lease)).toBeUndefined();
  });
});

describe('what is delivered', () => {
  test('loses its NIK, has its receipt, and leaves evidence once', async () => {
    const [id = ''] = await office.accept(1);
    const turn = await claim();
    for (let n = 0; n < 2; n += 1) await outbox.settle(turn.hold, [delivered(id)], rules);
    const rows = await fixture.rows(
      'SELECT state, sealed_nik, receipt, attempts, failure, delivered_at IS NOT NULL AS at FROM balikan.record WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([
      { state: 'DELIVERED', sealed_nik: null, receipt: 'SUCCESS', attempts: 1, failure: null, at: true },
    ]);
    const evidence = await fixture.rows(
      'SELECT institution_id, act, actor_id, content_hash FROM balikan.evidence_outbox WHERE subject = $1',
      [id],
    );
    expect(evidence).toEqual([
      {
        institution_id: office.institutionId,
        act: 'data-balikan.delivered',
        actor_id: null,
        content_hash: Buffer.from(contentHash, 'hex'),
      },
    ]);
  });

  test('is delivered whoever says it, however late; nothing else counts of who lost the lane', async () => {
    const [late = '', lost = '', dead = '', packed = ''] = await office.accept(4);
    const paused = await claim('tertidur');
    await fixture.pool.query('UPDATE balikan.lane SET held_until = clock_timestamp() WHERE institution_id = $1', [
      office.institutionId,
    ]);
    await fixture.pool.query('UPDATE balikan.record SET claimed_until = clock_timestamp() WHERE institution_id = $1', [
      office.institutionId,
    ]);
    const next = await claim('berikut');
    expect(Number(next.hold.term)).toBe(Number(paused.hold.term) + 1);
    expect(await outbox.maySend(paused.hold, [], lease)).toBe(false);
    expect(await outbox.maySend(next.hold, [], lease)).toBe(true);
    await fixture.pool.query("UPDATE balikan.record SET state = 'DEAD', claimed_until = NULL WHERE id = $1", [dead]);
    await fixture.pool.query(
      "UPDATE balikan.record SET state = 'PACKED', claimed_until = NULL, media_package_id = gen_random_uuid() WHERE id = $1",
      [packed],
    );
    const before = await office.lane();
    const settled = await outbox.settle(
      paused.hold,
      [delivered(late), failed(lost, 'REFUSED'), delivered(dead), delivered(packed)],
      rules,
      over,
    );
    expect(settled).toEqual({ mine: false, delivered: 2, dead: 0, goesOn: false });
    expect((await office.record(late)).state).toBe('DELIVERED');
    expect((await office.record(dead)).state).toBe('DELIVERED');
    expect((await office.record(packed)).state).toBe('PACKED');
    expect(await office.record(lost)).toMatchObject({ state: 'WAITING', attempts: 0, strikes: 0, failure: null });
    expect(await office.lane()).toEqual(before);
    // and the one that has the lane goes on as if nothing had been
    expect(await outbox.settle(next.hold, [delivered(late), delivered(lost)], rules, over)).toMatchObject({
      mine: true,
      delivered: 1,
    });
    const [evidence] = await fixture.rows(
      'SELECT count(*)::int AS n FROM balikan.evidence_outbox WHERE institution_id = $1',
      [office.institutionId],
    );
    expect(evidence).toEqual({ n: 3 });
  });

  test('of another institution is not touched', async () => {
    const other = await fixture.office();
    const [foreign = ''] = await other.accept(1);
    const turn = await claim();
    const wrong = { ...turn.hold, institutionId: office.institutionId };
    expect(await outbox.settle(wrong, [delivered(foreign)], rules)).toMatchObject({ mine: false, delivered: 0 });
    expect((await other.record(foreign)).state).toBe('WAITING');
  });
});

describe('strikes', () => {
  test('a refusal is three: with the third the record is dead', async () => {
    const [id = ''] = await office.accept(1);
    for (const [strikes, state] of [
      [3, 'WAITING'],
      [6, 'WAITING'],
      [9, 'DEAD'],
    ] as const) {
      await turnWith((one) => failed(one, 'REFUSED'));
      expect(await office.record(id)).toMatchObject({ strikes, state, failure: 'REFUSED' });
      await fixture.pass(1_001);
    }
    expect(await outbox.claim('satu', lease)).toBeUndefined();
  });

  test('another failure is one only if others got through since it was tried last', async () => {
    const [id = ''] = await office.accept(1);
    const fail = async () => {
      await turnWith((one) => (one === id ? failed(one) : delivered(one)));
      await fixture.pass(1_001);
    };
    for (let n = 0; n < 2; n += 1) await fail();
    expect(await office.record(id)).toMatchObject({ strikes: 0, attempts: 2 });
    // others get through beside it each time
    for (let strikes = 1; strikes <= 8; strikes += 1) {
      await office.accept(1);
      await fail();
      expect(await office.record(id)).toMatchObject({ strikes, state: strikes < 8 ? 'WAITING' : 'DEAD' });
    }
  });

  test('a lonely record never dies of an outage', async () => {
    const [id = ''] = await office.accept(1);
    for (let n = 0; n < 40; n += 1) {
      await turnWith((one) => failed(one));
      await fixture.pass(60_001);
    }
    expect(await office.record(id)).toMatchObject({ state: 'WAITING', strikes: 0, attempts: 40 });
  });

  test('without its key a record is dead at once, and was never tried', async () => {
    const [id = ''] = await office.accept(1);
    await turnWith((one) => failed(one, 'KEY_DESTROYED'));
    expect(await office.record(id)).toMatchObject({ state: 'DEAD', attempts: 0, failure: 'KEY_DESTROYED' });
    expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 0 });
  });
});

describe('dead records', () => {
  test('wait again, one or all, with no strikes', async () => {
    const given = await office.accept(3);
    await fixture.pool.query("UPDATE balikan.record SET state = 'DEAD', strikes = 9 WHERE id = ANY ($1)", [given]);
    const { institutionId } = office;
    const [one = '', two = '', gone = ''] = given;
    await fixture.pool.query("UPDATE balikan.record SET failure = 'KEY_DESTROYED' WHERE id = $1", [gone]);
    expect(await lanes.retryOne(institutionId, one)).toBe('waits');
    expect(await lanes.retryOne(institutionId, one)).toBe('is not dead');
    expect(await lanes.retryOne(gone, two)).toBe('is not there');
    expect(await lanes.retryAll(institutionId, nobody)).toBe(1);
    expect(await office.record(two)).toMatchObject({ state: 'WAITING', strikes: 0 });
    expect((await office.record(gone)).state).toBe('DEAD');
    expect(ids(await turnWith((id) => ({ id })))).toEqual([one, two]);
    const key = `seal-${office.agreementId}-1`;
    expect(await lanes.retryAll(institutionId, async (keyId) => keyId === key)).toBe(1);
    expect(ids(await claim())).toEqual([one, two, gone]);
  });
});

describe('the breaker', () => {
  test('opens with failures in a row, waits longer each time, and closes with the first answer', async () => {
    await office.accept(10);
    const turn = await claim();
    const settle = (outcomes: Settlement[]) => outbox.settle(turn.hold, outcomes, rules);
    const [a = '', b = '', c = '', d = '', e = ''] = turn.records.map(({ id }) => id);
    expect(await settle([failed(a), failed(b)])).toMatchObject({ goesOn: true });
    expect(await settle([delivered(c), failed(d)])).toMatchObject({ goesOn: true });
    expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 1 });
    const rest = turn.records.slice(5).map(({ id }) => ({ id }));
    expect(await settle([failed(e), failed(rest[0]?.id ?? '')])).toMatchObject({ goesOn: false });
    await outbox.settle(turn.hold, rest, rules, over);
    expect((await office.lane()).gate).toBe('open');
    for (const waitMs of [10_000, 20_000, 40_000, 60_000, 60_000]) {
      await fixture.pass(waitMs - 1_000);
      expect(await outbox.claim('satu', lease)).toBeUndefined();
      await fixture.pass(1_001);
      const trial = await claim();
      expect(trial).toMatchObject({ trial: true, records: [expect.anything()] });
      expect(await outbox.claim('dua', lease)).toBeUndefined();
      await outbox.settle(
        trial.hold,
        trial.records.map(({ id }) => failed(id)),
        rules,
        over,
      );
    }
    await fixture.pass(60_001);
    // a refusal is an answer, too: the way is there
    await turnWith((id) => failed(id, 'REFUSED'));
    expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 0, reopened: 0 });
    // and what had to wait for the way alone is due at once, in its order
    const due = await claim();
    expect(due.records.map(({ tanggal }) => tanggal)).toEqual([...due.records.map(({ tanggal }) => tanggal)].sort());
    expect(due.records).toHaveLength(8);
  });

  test('a trial whose worker died is made again', async () => {
    await office.accept(3);
    await fixture.pool.query(
      "UPDATE balikan.lane SET gate = 'open', gate_until = balikan.clock() WHERE institution_id = $1",
      [office.institutionId],
    );
    await claim();
    await fixture.pool.query('UPDATE balikan.lane SET held_until = clock_timestamp() WHERE institution_id = $1', [
      office.institutionId,
    ]);
    const again = await claim('dua');
    expect(again).toMatchObject({ trial: true, records: [expect.anything()] });
  });

  test('what a worker learns from a destination that was replaced meanwhile is void', async () => {
    const [id = ''] = await office.accept(1);
    const turn = await claim();
    await office.configure({ idLembaga: '000123', namaLembaga: 'Kecamatan Contoh' });
    expect(await outbox.maySend(turn.hold, [id], lease)).toBe(false);
    expect(await outbox.settle(turn.hold, [failed(id, 'ACCESS_BROKEN')], rules, over)).toMatchObject({ mine: false });
    expect(await office.lane()).toMatchObject({ gate: 'ready', holder: null });
  });

  test('broken access stays so until a person resumes or configures', async () => {
    const given = await office.accept(2);
    const breakAccess = () => turnWith((one) => failed(one, 'ACCESS_BROKEN'));
    await breakAccess();
    await fixture.pass(10_000_000);
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    expect(await office.lane()).toMatchObject({ gate: 'access-broken', streak: 0 });
    await lanes.resume(office.institutionId);
    // a trial has one record: it takes two
    expect(await breakAccess()).toMatchObject({ trial: true });
    expect(await breakAccess()).toMatchObject({ trial: true });
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    await office.configure({ idLembaga: '000123', namaLembaga: 'Kecamatan Contoh' });
    expect(await outbox.claim('satu', lease)).toBeUndefined();
    await fixture.pool.query('UPDATE balikan.lane SET held_until = clock_timestamp()');
    // nobody waits for a delay that the old destination gave
    expect(await turnWith(delivered)).toMatchObject({ trial: true });
    expect((await office.lane()).gate).toBe('ready');
    expect(ids(await claim())).toHaveLength(1);
    for (const id of given) expect(await office.record(id)).toMatchObject({ strikes: 0 });
  });
});

describe('access that is refused', () => {
  const refusedAlone = (id: string) => (one: string) => (one === id ? failed(one, 'ACCESS_BROKEN') : delivered(one));

  test('to one record alone keeps nobody else back, and in the end it is dead as one that was refused', async () => {
    const [id = ''] = await office.accept(3);
    await turnWith(refusedAlone(id));
    expect(await office.counts()).toEqual({ DELIVERED: 2, WAITING: 1 });
    expect(await office.record(id)).toMatchObject({ failure: 'ACCESS_BROKEN', strikes: 0 });
    for (let strikes = 1; strikes <= 8; strikes += 1) {
      await fixture.pass(1_001);
      await office.accept(1);
      await turnWith(refusedAlone(id));
      expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 0 });
      expect(await office.record(id)).toMatchObject({ strikes, failure: 'REFUSED' });
    }
    expect(await office.counts()).toEqual({ DELIVERED: 10, DEAD: 1 });
  });

  test('to a lonely record again and again leaves the lane open for the next one', async () => {
    const [id = ''] = await office.accept(1);
    for (let n = 0; n < 20; n += 1) {
      await turnWith((one) => failed(one, 'ACCESS_BROKEN'));
      await fixture.pass(1_001);
    }
    expect(await office.lane()).toMatchObject({ gate: 'ready', streak: 0 });
    expect(await office.record(id)).toMatchObject({ state: 'WAITING', strikes: 0, attempts: 20 });
    await office.accept(1);
    await turnWith(refusedAlone(id));
    expect(await office.counts()).toEqual({ DELIVERED: 1, WAITING: 1 });
  });

  test('to two records, with an answer between them, is no broken access', async () => {
    const [a = '', b = '', c = ''] = await office.accept(3);
    const turn = await claim();
    const settle = (outcomes: Settlement[]) => outbox.settle(turn.hold, outcomes, rules);
    expect(await settle([failed(a, 'ACCESS_BROKEN')])).toMatchObject({ goesOn: true });
    expect(await settle([failed(b, 'REFUSED'), failed(c, 'ACCESS_BROKEN')])).toMatchObject({ goesOn: true });
    expect((await office.lane()).gate).toBe('ready');
  });

  test('to two that others have passed says nothing of the token, also when they come together', async () => {
    const [a = '', b = ''] = await office.accept(2);
    const turn = await claim();
    await outbox.settle(turn.hold, [failed(a), failed(b)], rules, over);
    await office.accept(1);
    await turnWith(delivered);
    await fixture.pass(1_001);
    await turnWith((one) => failed(one, 'ACCESS_BROKEN'));
    expect((await office.lane()).gate).toBe('ready');
    for (const id of [a, b]) expect(await office.record(id)).toMatchObject({ strikes: 1, failure: 'REFUSED' });
  });

  test('to the record of a trial: the next one tries another record, at once', async () => {
    const [first = '', second = ''] = await office.accept(3);
    await fixture.pool.query(
      "UPDATE balikan.lane SET gate = 'open', gate_until = balikan.clock() WHERE institution_id = $1",
      [office.institutionId],
    );
    expect(ids(await turnWith((one) => ({ ...failed(one, 'ACCESS_BROKEN'), delayMs: 0 })))).toEqual([first]);
    expect(await turnWith(delivered)).toMatchObject({ trial: true, records: [{ id: second }] });
    expect((await office.lane()).gate).toBe('ready');
  });
});

describe('may I', () => {
  test('is answered with no as soon as a person says stop, and renews the lease', async () => {
    const [id = ''] = await office.accept(1);
    const turn = await outbox.claim('satu', 1_000);
    if (!turn) throw new Error('nothing to claim');
    const may = () => outbox.maySend(turn.hold, [id], lease);
    expect(await may()).toBe(true);
    const [renewed] = await fixture.rows(
      `SELECT held_until > clock_timestamp() + interval '30 seconds' AS lane, claimed_until = held_until AS record
       FROM balikan.lane JOIN balikan.record USING (institution_id) WHERE record.id = $1`,
      [id],
    );
    expect(renewed).toEqual({ lane: true, record: true });
    await lanes.pause(office.institutionId, null, 'uji');
    expect(await may()).toBe(false);
    await lanes.resume(office.institutionId);
    await lanes.switchAll(false, null, 'uji');
    expect(await may()).toBe(false);
    await lanes.switchAll(true, null, 'uji');
    expect(await may()).toBe(true);
  });
});
