import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { BalikanDestination, BalikanDestinationSummary } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { insertRecord, makeReplica, type TestReplica } from '../records/records-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let here: TestReplica;
let there: TestReplica;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 10 });
  here = await makeReplica(pool);
  there = await makeReplica(pool, here.folder);
});
afterAll(async () => {
  await here.close();
  await database.drop();
});

const makeIds = () => ({ institutionId: randomUUID(), agreementId: randomUUID() });
const makeDestination = (namaLembaga = 'Kecamatan Contoh') =>
  BalikanDestination.parse({
    idLembaga: '000123',
    namaLembaga,
    service: { baseUrl: 'http://10.9.8.7:8080', token: 'token-rahasia' },
    registerPattern: '500/{angka}',
    overdueAfterDays: 21,
  });

describe('configured', () => {
  test('it is sealed, opened by every replica, and only its summary can be read', async () => {
    const { institutionId, agreementId } = makeIds();
    const summary = await here.destinations.configure(institutionId, agreementId, makeDestination());
    expect(BalikanDestinationSummary.safeParse(summary).success).toBe(true);
    expect(summary).toEqual({
      configured: true,
      configuredAt: expect.any(String),
      agreementId,
      recipient: 'DITJEN_DUKCAPIL',
      webService: true,
      body: 'JSON_ARRAY',
      paramKeys: makeDestination().paramKeys,
      registerPattern: '500/{angka}',
      mediaRecipients: [],
      overdueAfterDays: 21,
    });
    expect(JSON.stringify(summary)).not.toMatch(/10\.9\.8\.7|rahasia|databalikan/);
    expect(await there.destinations.describe(institutionId)).toEqual(summary);
    expect(await there.destinations.find(institutionId)).toEqual(makeDestination());
    const { rows } = await pool.query<{ sealed: Buffer; text: string }>(
      'SELECT sealed, destination::text AS text FROM balikan.destination WHERE institution_id = $1',
      [institutionId],
    );
    expect(rows[0]?.sealed.includes('rahasia')).toBe(false);
    expect(rows[0]?.sealed.includes('10.9.8.7')).toBe(false);
  });

  test('again it replaces the one before: at once here, within a second elsewhere', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.destinations.configure(institutionId, agreementId, makeDestination('lama'));
    expect(await there.destinations.find(institutionId)).toMatchObject({ namaLembaga: 'lama' });
    await here.destinations.configure(institutionId, agreementId, makeDestination('baru'));
    const began = performance.now();
    expect(await here.destinations.find(institutionId)).toMatchObject({ namaLembaga: 'baru' });
    await until(async () => (await there.destinations.find(institutionId))?.namaLembaga === 'baru');
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('without any there is none, and another institution’s is not taken', async () => {
    await here.destinations.configure(makeIds().institutionId, randomUUID(), makeDestination());
    const nowhere = randomUUID();
    expect(await here.destinations.find(nowhere)).toBeUndefined();
    expect(await here.destinations.describe(nowhere)).toEqual({
      configured: false,
      configuredAt: null,
      agreementId: null,
      recipient: null,
      webService: false,
      body: null,
      paramKeys: null,
      registerPattern: null,
      mediaRecipients: [],
      overdueAfterDays: null,
    });
  });

  test('a row that was moved to another institution does not open there', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.destinations.configure(institutionId, agreementId, makeDestination());
    const thief = randomUUID();
    await pool.query(
      `INSERT INTO balikan.destination SELECT $2, agreement_id, key_id, sealed, configured_at FROM balikan.destination
       WHERE institution_id = $1`,
      [institutionId, thief],
    );
    await expect(here.destinations.find(thief)).rejects.toThrow();
  });

  test('a key that is gone is as if there were none', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.destinations.configure(institutionId, agreementId, makeDestination());
    await there.keys.destroyAll(agreementId);
    await until(async () => (await here.destinations.find(institutionId)) === undefined);
    await until(async () => !(await here.destinations.describe(institutionId)).configured);
  });
});

describe('the end of an agreement', () => {
  async function uploadedFile(of: ReturnType<typeof makeIds>, state: string): Promise<string> {
    const id = randomUUID();
    await pool.query(
      `INSERT INTO balikan.batch (id, institution_id, agreement_id, actor, policy, state, key_id, created_at, expires_at, chunks)
       VALUES ($1, $2, $3, '{}', 'GOOD_ROWS', $4, 'seal-1', balikan.clock(), balikan.clock(), 1)`,
      [id, of.institutionId, of.agreementId, state],
    );
    await pool.query("INSERT INTO balikan.batch_chunk VALUES ($1, 'FILE', 0, 'sealed')", [id]);
    return id;
  }
  const chunksOf = async (id: string) =>
    (await pool.query('SELECT 1 FROM balikan.batch_chunk WHERE batch_id = $1', [id])).rowCount;

  test('destroys its keys and erases destination and files, tells what was never delivered; may be repeated', async () => {
    const ids = makeIds();
    await here.destinations.configure(ids.institutionId, ids.agreementId, makeDestination());
    const batch = await uploadedFile(ids, 'QUEUED');
    const other = { ...ids, agreementId: randomUUID() };
    const otherBatch = await uploadedFile(other, 'QUEUED');
    let n = 0;
    for (const state of ['WAITING', 'DEAD', 'PACKED', 'DELIVERED', 'HANDED_OVER'])
      for (const agreement of [ids, other])
        await insertRecord(pool, ids.institutionId, {
          agreement_id: agreement.agreementId,
          state,
          person_hmac: Buffer.alloc(32, ++n),
        });
    const destroyed = await there.destinations.destroyKeys(ids.institutionId, ids.agreementId);
    expect(destroyed).toEqual({
      destroyedKeyIds: [`hmac-${ids.agreementId}`, `seal-${ids.agreementId}-1`],
      undelivered: 3,
    });
    await until(async () => (await here.destinations.find(ids.institutionId)) === undefined);
    expect(await chunksOf(batch)).toBe(0);
    expect(await chunksOf(otherBatch)).toBe(1);
    const { rows } = await pool.query(
      'SELECT state, chunks, attempt FROM balikan.batch WHERE id = ANY ($1) ORDER BY state',
      [[batch, otherBatch]],
    );
    expect(rows).toEqual([
      { state: 'CANCELLED', chunks: 0, attempt: 1 },
      { state: 'QUEUED', chunks: 1, attempt: 0 },
    ]);
    await expect(
      here.destinations.configure(ids.institutionId, ids.agreementId, makeDestination()),
    ).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
    expect(await here.destinations.destroyKeys(ids.institutionId, ids.agreementId)).toEqual(destroyed);
  });

  test('leaves a destination under a later agreement alone', async () => {
    const { institutionId, agreementId } = makeIds();
    const later = randomUUID();
    await here.destinations.configure(institutionId, agreementId, makeDestination());
    await here.destinations.configure(institutionId, later, makeDestination('baru'));
    await here.destinations.destroyKeys(institutionId, agreementId);
    expect(await here.destinations.describe(institutionId)).toMatchObject({ configured: true, agreementId: later });
  });

  test('at the same time as somebody configures: whoever is told yes is not left behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { institutionId, agreementId } = makeIds();
      await here.vault.open(agreementId);
      await Promise.allSettled([
        here.destinations.configure(institutionId, agreementId, makeDestination()),
        there.destinations.destroyKeys(institutionId, agreementId),
        there.destinations.configure(institutionId, agreementId, makeDestination()),
      ]);
      const { rowCount } = await pool.query('SELECT 1 FROM balikan.destination WHERE institution_id = $1', [
        institutionId,
      ]);
      expect(rowCount).toBe(0);
    }
  });
});
