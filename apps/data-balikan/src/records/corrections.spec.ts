import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { BalikanAccepted, type BalikanActor, type BalikanSubmission } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { makeActor, makeReplica, makeSubmission, nik, soon, type TestReplica } from './records-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let here: TestReplica;
let actor: BalikanActor;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 8 });
  here = await makeReplica(pool);
  here.verification.lookedUp(nik);
});
beforeEach(() => {
  actor = makeActor();
});
afterAll(async () => {
  await here.close();
  await database.drop();
});

const other: Partial<BalikanSubmission> = {
  namaUsaha: 'Warung Benar',
  jenisUsaha: 'Toko',
  kbli: { kode: '47112', versi: '2025' },
  tanggal: '2024-02-01',
};
const submit = (overrides: Partial<BalikanSubmission> = {}, idempotencyKey?: string) =>
  here.submissions.submit(
    {
      actor,
      submission: makeSubmission(overrides),
      source: 'FORM',
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    },
    soon(),
  );
const become = (id: string, set: string) => pool.query(`UPDATE balikan.record SET ${set} WHERE id = $1`, [id]);

const correctable = [
  `state = 'DEAD', strikes = 8, failure = 'REFUSED', due_at = '2099-01-01'`,
  `state = 'DEAD', strikes = 8, failure = 'TIMEOUT'`,
  `state = 'DEAD', strikes = 8, failure = 'REFUSED_ON_MEDIA'`,
  `strikes = 3, failure = 'REFUSED', due_at = '2099-01-01'`,
  `failure = 'REFUSED_ON_MEDIA'`,
];
const onItsWay = [
  `failure = NULL`,
  `failure = 'TIMEOUT', strikes = 1`,
  `failure = 'REFUSED', strikes = 3, claimed_until = clock_timestamp() + interval '1 minute'`,
  `state = 'PACKED', media_package_id = gen_random_uuid(), failure = 'REFUSED'`,
  `state = 'DELIVERED', sealed_nik = NULL, delivered_at = now(), receipt = 'SUCCESS'`,
  `state = 'HANDED_OVER', sealed_nik = NULL, delivered_at = now(), receipt = 'MEDIA', media_package_id = gen_random_uuid()`,
];

describe('other content under the same register number', () => {
  test.each(correctable)('replaces what was refused or is dead, and is sent at once: %s', async (set) => {
    const { record } = await submit();
    const before = await pool.query('SELECT * FROM balikan.record WHERE id = $1', [record.id]);
    await become(record.id, set);
    const answer = await submit({ ...other, nomorRegister: ' 500/001/sku/i/2026' });
    expect(BalikanAccepted.parse(answer)).toMatchObject({
      alreadyThere: false,
      corrected: true,
      record: { id: record.id, ...other, nomorRegister: record.nomorRegister, delivery: { state: 'WAITING' } },
    });
    const { rows } = await pool.query<Record<string, unknown>>(
      'SELECT *, due_at <= balikan.clock() AS due FROM balikan.record WHERE id = $1',
      [record.id],
    );
    expect(rows[0]).toMatchObject({ strikes: 0, due: true });
    for (const kept of ['person_hmac', 'sealed_nik', 'key_id', 'salt', 'verification_id', 'accepted_at'])
      expect(rows[0]?.[kept]).toEqual((before.rows[0] as Record<string, unknown>)[kept]);
    expect(await submit(other)).toMatchObject({ alreadyThere: true, corrected: false });
  });

  test.each(onItsWay)('is refused where it has arrived or is on its way: %s', async (set) => {
    const { record } = await submit();
    await become(record.id, set);
    const before = await here.records.find(actor.institutionId, record.id);
    await expect(submit(other)).rejects.toMatchObject({ code: 'RECORD_DIFFERS' });
    expect(await here.records.find(actor.institutionId, record.id)).toEqual(before);
  });

  test('the same content corrects nothing: a dead record is sent again by a person who decides that', async () => {
    const { record } = await submit();
    await become(record.id, `state = 'DEAD', failure = 'REFUSED'`);
    expect(await submit()).toMatchObject({ alreadyThere: true, record: { delivery: { state: 'DEAD' } } });
  });

  test('with an Idempotency-Key the answer comes again, and nothing is corrected twice', async () => {
    const { record } = await submit();
    await become(record.id, `state = 'DEAD', failure = 'REFUSED'`);
    expect(await submit(other, 'a')).toMatchObject({ corrected: true });
    await become(record.id, `state = 'DEAD', failure = 'REFUSED'`);
    expect(await submit(other, 'a')).toMatchObject({
      alreadyThere: true,
      corrected: false,
      record: { id: record.id, delivery: { state: 'DEAD' } },
    });
  });

  test('a worker that claims at the same moment wins or loses: never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { record } = await submit({ nomorRegister: `${round}` });
      await become(record.id, `failure = 'REFUSED', strikes = 3`);
      const [claimed, corrected] = await Promise.all([
        pool.query<{ name: string }>(
          `UPDATE balikan.record SET claimed_until = clock_timestamp() + interval '1 minute' WHERE id = $1
           RETURNING business_name AS name`,
          [record.id],
        ),
        submit({ ...other, nomorRegister: `${round}` }).then(
          () => true,
          () => false,
        ),
      ]);
      expect(claimed.rows).toEqual([{ name: corrected ? 'Warung Benar' : 'Warung Contoh' }]);
    }
  });
});
