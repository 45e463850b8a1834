import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { MediaPackage, type MediaReceipt } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { deliveredHash } from '../evidence-report/delivered-content.js';
import { makeRecord, MediaOffice } from './media-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let office: MediaOffice;
let institutionId: string;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 10 });
});
beforeEach(async () => {
  office = await MediaOffice.open(pool);
  institutionId = office.actor.institutionId;
});
afterEach(() => office.close());
afterAll(() => database.drop());

async function receiptOf(accepted: number, refusedRegisters: string[] = [], refused = refusedRegisters.length) {
  const { rows } = await pool.query<{ date: string }>('SELECT balikan.jakarta_day(balikan.clock())::text AS date');
  const whole = { part: 1, last: true };
  const receipt = { number: '470/112/2026', date: rows[0]!.date, accepted, refused, refusedRegisters, ...whole };
  return receipt satisfies MediaReceipt;
}

interface Kept {
  id: string;
  state: string;
  sealed: boolean;
  receipt: string | null;
  failure: string | null;
  strikes: number;
  due: boolean;
  package: string | null;
}
const records = async () =>
  (
    await pool.query<Kept>(
      `SELECT id, state, sealed_nik IS NOT NULL AS sealed, receipt, failure, strikes, due_at <= balikan.clock() AS due,
         media_package_id AS package
       FROM balikan.record WHERE institution_id = $1 ORDER BY id`,
      [institutionId],
    )
  ).rows;
const chunksOf = async (id: string) =>
  (await pool.query<{ n: number }>('SELECT n FROM balikan.media_chunk WHERE package_id = $1', [id])).rowCount;
const evidence = async () =>
  (
    await pool.query<{ act: string; subject: string; actor: string | null; hash: Buffer }>(
      `SELECT act, subject, actor_id AS actor, content_hash AS hash FROM balikan.evidence_outbox
       WHERE institution_id = $1 ORDER BY id`,
      [institutionId],
    )
  ).rows;

describe('a receipt', () => {
  test('ends what was accepted, without its NIK, and sends back what was refused', async () => {
    const ids = await office.accept([makeRecord(1), makeRecord(2, { state: 'DEAD' }), makeRecord(3)]);
    const made = await office.packages.make(office.actor);
    const receipt = await receiptOf(2, [' 500/002/sku/xi/2026 ']);
    const closed = await office.packages.receipt(institutionId, made.id, receipt);
    expect(MediaPackage.parse(closed)).toEqual({
      ...made,
      state: 'RECEIPTED',
      receipt: { number: receipt.number, date: receipt.date, accepted: 2, refused: 1 },
    });
    const done = { state: 'HANDED_OVER', sealed: false, receipt: 'MEDIA', failure: null, package: made.id };
    expect(await records()).toEqual([
      expect.objectContaining({ id: ids[0], ...done }),
      {
        id: ids[1],
        state: 'WAITING',
        sealed: true,
        receipt: null,
        failure: 'REFUSED_ON_MEDIA',
        strikes: 0,
        due: true,
        package: null,
      },
      expect.objectContaining({ id: ids[2], ...done }),
    ]);
  });

  test('erases the file; the berita acara stays', async () => {
    await office.accept([makeRecord(1)]);
    const made = await office.packages.make(office.actor);
    const minutes = await office.minutes(made.id);
    await office.packages.receipt(institutionId, made.id, await receiptOf(1));
    expect(await chunksOf(made.id)).toBe(0);
    await expect(office.file(made.id)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await office.minutes(made.id)).equals(minutes)).toBe(true);
  });

  test('that does not add up changes nothing', async () => {
    await office.accept([makeRecord(1), makeRecord(2)]);
    const made = await office.packages.make(office.actor);
    for (const wrong of [
      await receiptOf(1),
      await receiptOf(1, ['500/009/SKU/XI/2026']),
      await receiptOf(0, ['500/001/SKU/XI/2026', '500/001/SKU/XI/2026']),
      { ...(await receiptOf(2)), date: '2020-01-01' },
    ])
      await expect(office.packages.receipt(institutionId, made.id, wrong)).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        extras: { issues: [{ path: expect.any(String) as unknown as string }] },
      });
    expect(await office.states()).toEqual({ PACKED: 2 });
    expect(await chunksOf(made.id)).toBe(1);
    expect((await office.packages.get(institutionId, made.id)).state).toBe('OPEN');
  });

  test('refuses all persons of a register number that they share', async () => {
    await office.accept([
      makeRecord(1, { nomorRegister: '500/7' }),
      makeRecord(2, { nomorRegister: '500/7' }),
      makeRecord(3),
    ]);
    const made = await office.packages.make(office.actor);
    await expect(office.packages.receipt(institutionId, made.id, await receiptOf(2, ['500/7']))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await office.packages.receipt(institutionId, made.id, await receiptOf(1, ['500/7', '500/7']));
    expect(await office.states()).toEqual({ WAITING: 2, HANDED_OVER: 1 });
  });

  test('may come again, also at the same moment; another one may not', async () => {
    await office.accept([makeRecord(1), makeRecord(2)]);
    const made = await office.packages.make(office.actor);
    const receipt = await receiptOf(1, ['500/001/SKU/XI/2026']);
    const [first, ...more] = await Promise.all(
      [office.packages, office.replica, office.packages].map((packages) =>
        packages.receipt(institutionId, made.id, receipt),
      ),
    );
    for (const again of more) expect(again).toEqual(first);
    expect((await evidence()).map(({ act }) => act)).toEqual([
      'data-balikan.packed',
      'data-balikan.delivered',
      'data-balikan.handed-over',
    ]);
    for (const other of [{ number: '470/113/2026' }, { refusedRegisters: ['500/002/SKU/XI/2026'] }])
      await expect(office.packages.receipt(institutionId, made.id, { ...receipt, ...other })).rejects.toMatchObject({
        code: 'STATE_CONFLICT',
      });
    await expect(office.packages.cancel(institutionId, made.id)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  test('leaves evidence of the package and of each record that was accepted', async () => {
    const given = makeRecord(1, { kbli: '47112' });
    const [id] = await office.accept([given]);
    const made = await office.packages.make(office.actor);
    await office.packages.receipt(institutionId, made.id, await receiptOf(1));
    const [packed, delivered, handedOver] = await evidence();
    expect(packed).toMatchObject({
      act: 'data-balikan.packed',
      subject: made.id,
      actor: office.actor.operatorId,
    });
    expect(handedOver).toMatchObject({ act: 'data-balikan.handed-over', subject: made.id });
    expect(handedOver!.hash.equals(packed!.hash)).toBe(false);
    const { rows } = await pool.query<{ salt: Buffer; verification: string }>(
      'SELECT salt, verification_id AS verification FROM balikan.record WHERE id = $1',
      [id],
    );
    const { nomorRegister, namaUsaha, jenisUsaha, tanggal } = given;
    const expected = deliveredHash(rows[0]!.salt, {
      nomorRegister,
      namaUsaha,
      jenisUsaha,
      kbli: { kode: '47112', versi: '2020' },
      tanggal,
      receipt: 'MEDIA',
      verificationId: rows[0]!.verification,
    });
    expect(delivered).toMatchObject({ subject: id, hash: expected });
  });

  test('of a package that was refused as a whole needs no list, and may come again', async () => {
    await office.accept([
      makeRecord(1),
      makeRecord(2, { nomorRegister: '500/7' }),
      makeRecord(3, { nomorRegister: '500/7' }),
    ]);
    const made = await office.packages.make(office.actor);
    const receipt = await receiptOf(0, [], 3);
    const closed = await office.packages.receipt(institutionId, made.id, receipt);
    expect(closed.receipt).toMatchObject({ accepted: 0, refused: 3 });
    expect(await office.packages.receipt(institutionId, made.id, receipt)).toEqual(closed);
    for (const record of await records())
      expect(record).toMatchObject({ state: 'WAITING', sealed: true, failure: 'REFUSED_ON_MEDIA' });
  });

  describe('in parts', () => {
    const five = () => office.accept([1, 2, 3, 4, 5].map((n) => makeRecord(n)));
    const register = (n: number) => `500/00${n}/SKU/XI/2026`;
    const issue = (path: string, message: RegExp) => ({
      code: 'REQUEST_INVALID',
      extras: { issues: [{ path, message: expect.stringMatching(message) as unknown as string }] },
    });

    test('counts when the last one is there, as if it had come in one; and again', async () => {
      await five();
      const made = await office.packages.make(office.actor);
      const whole = await receiptOf(2, [1, 2, 3].map(register));
      const parts = [[1], [2], [3]].map((of, at) => ({
        ...whole,
        refusedRegisters: of.map(register),
        part: at + 1,
        last: at === 2,
      }));
      const hand = async () => {
        const answers = [];
        for (const [at, part] of parts.entries()) {
          const packages = at % 2 ? office.replica : office.packages;
          answers.push(await packages.receipt(institutionId, made.id, part));
        }
        return answers;
      };
      const [first, second, closed] = await hand();
      expect([first, second]).toEqual([made, made]);
      expect(closed).toMatchObject({ state: 'RECEIPTED', receipt: { accepted: 2, refused: 3 } });
      expect(await office.states()).toEqual({ HANDED_OVER: 2, WAITING: 3 });
      expect((await hand()).at(-1)).toEqual(closed);
      expect(await office.packages.receipt(institutionId, made.id, whole)).toEqual(closed);
      const other = { ...parts[0]!, number: '470/113/2026' };
      await expect(office.packages.receipt(institutionId, made.id, other)).rejects.toMatchObject({
        code: 'STATE_CONFLICT',
      });
      expect(await chunksOf(made.id)).toBe(0);
    });

    test('with one that is missing, or that says something else, changes nothing; part 1 begins anew', async () => {
      await five();
      const made = await office.packages.make(office.actor);
      const whole = await receiptOf(2, [1, 2, 3].map(register));
      const hand = (change: Partial<MediaReceipt>) =>
        office.packages.receipt(institutionId, made.id, { ...whole, refusedRegisters: [register(1)], ...change });
      await hand({ part: 1, last: false });
      await expect(hand({ part: 3, last: true })).rejects.toMatchObject(issue('part', /Bagian 2 .* mulai bagian 1/));
      await expect(hand({ part: 2, last: true, accepted: 3 })).rejects.toMatchObject(issue('number', /tidak sama/));
      await hand({ part: 3, last: false });
      await expect(hand({ part: 2, last: true })).rejects.toMatchObject(issue('part', /masih ada bagian lain/));
      // what stands in the second part is told by its place in the whole list
      await hand({ part: 1, last: false });
      const wrong = hand({ part: 2, last: true, refusedRegisters: [register(2), 'TIDAK ADA'] });
      await expect(wrong).rejects.toMatchObject(issue('refusedRegisters.2', /tidak ada di dalam paket/));
      expect(await office.states()).toEqual({ PACKED: 5 });
      // nor is it a piece of the file
      expect((await office.opened(made.id)).has('data.json')).toBe(true);
      await office.packages.receipt(institutionId, made.id, whole);
      expect(await office.states()).toEqual({ HANDED_OVER: 2, WAITING: 3 });
    });
  });

  test('closes a package of many pages', async () => {
    await office.accept(
      Array.from({ length: 4_500 }, (_, n) =>
        makeRecord(n, { nik: `33990141${String(n).padStart(4, '0')}9901`, nomorRegister: `500/${n}` }),
      ),
    );
    const made = await office.packages.make(office.actor);
    expect(made.records).toBe(4_500);
    const refused = Array.from({ length: 10 }, (_, n) => `500/${n * 400}`);
    await office.packages.receipt(institutionId, made.id, await receiptOf(4_490, refused));
    expect(await office.states()).toEqual({ HANDED_OVER: 4_490, WAITING: 10 });
    expect(await evidence()).toHaveLength(4_492);
  });
});

describe('a cancellation', () => {
  test('lets the records wait again, erases the file, and may come again', async () => {
    await office.accept([makeRecord(1), makeRecord(2, { state: 'DEAD' })]);
    const made = await office.packages.make(office.actor);
    const cancelled = await office.packages.cancel(institutionId, made.id);
    expect(MediaPackage.parse(cancelled)).toEqual({ ...made, state: 'CANCELLED' });
    expect(await office.packages.cancel(institutionId, made.id)).toEqual(cancelled);
    for (const record of await records())
      expect(record).toMatchObject({ state: 'WAITING', sealed: true, due: true, strikes: 0, package: null });
    expect(await chunksOf(made.id)).toBe(0);
    for (const closed of [office.file(made.id), office.minutes(made.id)])
      await expect(closed).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(office.packages.receipt(institutionId, made.id, await receiptOf(2))).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    const next = await office.packages.make(office.actor);
    expect(next).toMatchObject({ number: 2, records: 2 });
    expect((await office.packages.list(institutionId)).map(({ state }) => state)).toEqual(['OPEN', 'CANCELLED']);
  });
});

test('nobody sees or closes a package of another institution', async () => {
  await office.accept([makeRecord(1)]);
  const made = await office.packages.make(office.actor);
  const stranger = randomUUID();
  expect(await office.packages.list(stranger)).toEqual([]);
  const receipt = await receiptOf(1);
  for (const attempt of [
    () => office.packages.get(stranger, made.id),
    () => office.packages.readFile(stranger, made.id, 0),
    () => office.packages.readMinutes(stranger, made.id, 0),
    () => office.packages.receipt(stranger, made.id, receipt),
    () => office.packages.cancel(stranger, made.id),
    () => office.packages.readFile(institutionId, made.id, 1),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  expect(await office.states()).toEqual({ PACKED: 1 });
});
