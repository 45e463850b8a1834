import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { BalikanAccepted, BalikanDestination, rowFaults, type BalikanActor, type BalikanSubmission } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { recordContext } from '../people/record-context.js';
import { makeActor, makeReplica, makeSubmission, nik, otherNik, soon, type TestReplica } from './records-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let here: TestReplica;
let actor: BalikanActor;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 10 });
  here = await makeReplica(pool);
});
beforeEach(() => {
  actor = makeActor();
  here.verification.away = false;
  here.verification.lookedUp(nik);
  here.verification.lookedUp(otherNik);
});
afterAll(async () => {
  await here.close();
  await database.drop();
});

const submit = (
  submission: Partial<BalikanSubmission> = {},
  options: { key?: string; as?: BalikanActor; at?: TestReplica } = {},
) =>
  (options.at ?? here).submissions.submit(
    {
      actor: options.as ?? actor,
      submission: makeSubmission(submission),
      source: 'WEB_SERVICE',
      ...(options.key !== undefined && { idempotencyKey: options.key }),
    },
    soon(),
  );

const count = async (): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM balikan.record WHERE institution_id = $1',
    [actor.institutionId],
  );
  return rows[0]?.n ?? NaN;
};

/** Code and paths of the refusal; a result where there is none. */
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { code: string; extras: { issues?: { path: string; message: string }[] } }) => ({
      code: error.code,
      ...(error.extras.issues && { issues: error.extras.issues.map(({ path, message }) => `${path}: ${message}`) }),
    }),
  );

describe('accepted', () => {
  test('it waits to be delivered, with the look-up that proves the access', async () => {
    const accepted = await submit();
    expect(BalikanAccepted.safeParse(accepted).success).toBe(true);
    expect(accepted).toMatchObject({
      alreadyThere: false,
      record: {
        nomorRegister: '500/001/SKU/I/2026',
        kbli: { kode: '56101', versi: '2020' },
        tanggal: '2024-01-31',
        verificationId: here.verification.lookUps.get(nik),
        source: 'WEB_SERVICE',
        operatorId: actor.operatorId,
        delivery: { state: 'WAITING', attempts: 0, failure: null, detail: null },
      },
    });
    expect(await here.records.find(actor.institutionId, accepted.record.id)).toEqual(accepted.record);
    const [asked] = here.verification.asked.slice(-1);
    expect(asked).toEqual({
      institutionId: actor.institutionId,
      agreementId: actor.agreementId,
      people: [{ nik, verificationId: null, reference: '500/001/SKU/I/2026' }],
    });
  });

  test('the NIK is sealed for this record and stands nowhere in plain, nor does the key of the request', async () => {
    const key = `kunci ${nik}`;
    const { record } = await submit({ nik: '3399 0141.0790-9901' }, { key });
    const { rows } = await pool.query<{ sealed_nik: Buffer; key_id: string }>(
      'SELECT sealed_nik, key_id FROM balikan.record WHERE id = $1',
      [record.id],
    );
    const { sealed_nik, key_id } = rows[0]!;
    expect(await here.vault.unseal(key_id, sealed_nik, recordContext(record.id))).toBe(nik);
    await expect(here.vault.unseal(key_id, sealed_nik, recordContext(randomUUID()))).rejects.toThrow();
    const tables = await pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'balikan' AND table_type = 'BASE TABLE'",
    );
    const inHex = Buffer.from(nik).toString('hex');
    let seen = 0;
    for (const { name } of tables.rows.filter((table) => table.name !== 'migration')) {
      const content = await pool.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM balikan.${name} AS t`);
      seen += content.rows.length;
      for (const { row } of content.rows) {
        expect(row).not.toContain(nik);
        expect(row).not.toContain(inHex);
      }
    }
    expect(seen).toBeGreaterThan(1);
  });

  test('a look-up that is named is the one that is asked for', async () => {
    const verificationId = randomUUID();
    const { record } = await submit({ verificationId });
    expect(record.verificationId).toBe(verificationId);
  });

  test('texts are as an uploaded file has them', async () => {
    const { record } = await submit({ namaUsaha: '\u00a0Warung\n Contoh\u200b', kbli: undefined });
    expect(record).toMatchObject({ namaUsaha: 'Warung Contoh', kbli: null });
  });
});

describe('refused', () => {
  test('a NIK that cannot be one', async () => {
    expect(await refusal(submit({ nik: '3399O14107909901' }))).toMatchObject({ code: 'NIK_INVALID' });
  });

  test('a person who was never looked up; nothing is written and the key stays free', async () => {
    here.verification.lookUps.delete(nik);
    expect(await refusal(submit({}, { key: 'satu' }))).toEqual({ code: 'PERSON_NOT_ACCESSED' });
    expect(await count()).toBe(0);
    here.verification.lookedUp(nik);
    expect(await submit({}, { key: 'satu' })).toMatchObject({ alreadyThere: false });
  });

  test('a day outside of the agreement or in the future, by the clock of the service in Asia/Jakarta', async () => {
    // 23:30 of the 1st in Jakarta, and 00:30 of the 2nd
    await database.setBalikanClock({ at: '2024-02-01T16:30:00Z' });
    try {
      actor = makeActor({ validFrom: '2024-01-01' });
      const future = `tanggal: ${rowFaults.DATE_IN_FUTURE}`;
      expect(await refusal(submit({ tanggal: '2024-02-02' }))).toEqual({ code: 'REQUEST_INVALID', issues: [future] });
      expect(await refusal(submit({ tanggal: '2023-12-31' }))).toEqual({
        code: 'REQUEST_INVALID',
        issues: [`tanggal: ${rowFaults.DATE_TOO_EARLY}`],
      });
      await submit({ tanggal: '2024-01-01' });
      await database.setBalikanClock({ at: '2024-02-01T17:30:00Z' });
      await submit({ tanggal: '2024-02-02', nomorRegister: '2' });
    } finally {
      await database.setBalikanClock({ offsetMs: 0 });
    }
  });

  test('a register number that is not as the kecamatan writes them, together with whatever else is wrong', async () => {
    const destination = BalikanDestination.parse({
      idLembaga: '000000',
      namaLembaga: 'Kecamatan Contoh',
      registerPattern: '500/{angka}/SKU/{romawi}/{tahun}',
    });
    await here.destinations.configure(actor.institutionId, actor.agreementId, destination);
    expect(await refusal(submit({ nomorRegister: '500/x', tanggal: '2001-01-01' }))).toEqual({
      code: 'REQUEST_INVALID',
      issues: [`nomorRegister: ${rowFaults.REGISTER_PATTERN}`, `tanggal: ${rowFaults.DATE_TOO_EARLY}`],
    });
    await submit();
    // another institution has no pattern
    await submit({ nomorRegister: '500/x' }, { as: makeActor() });
  });

  test('texts that are empty after all, or hold what cannot be printed', async () => {
    expect(await refusal(submit({ namaUsaha: '\u200b', jenisUsaha: 'a\u0000b', nomorRegister: '5\ud800' }))).toEqual({
      code: 'REQUEST_INVALID',
      issues: [
        `nomorRegister: ${rowFaults.CONTROL_CHARACTER}`,
        `namaUsaha: ${rowFaults.BUSINESS_NAME_EMPTY}`,
        `jenisUsaha: ${rowFaults.CONTROL_CHARACTER}`,
      ],
    });
  });

  test('while nik-verification is away nobody knows, and nothing is accepted', async () => {
    here.verification.away = true;
    expect(await refusal(submit({}, { key: 'dua' }))).toEqual({ code: 'SERVICE_UNAVAILABLE' });
    expect(await count()).toBe(0);
    here.verification.away = false;
    expect(await submit({}, { key: 'dua' })).toMatchObject({ alreadyThere: false });
  });

  test('under an agreement whose keys are destroyed', async () => {
    await submit();
    await here.destinations.destroyKeys(actor.institutionId, actor.agreementId);
    expect(await refusal(submit({ nomorRegister: '2' }))).toEqual({ code: 'AGREEMENT_CLOSED' });
    expect(await count()).toBe(1);
  });
});

describe('the same once more', () => {
  test('is harmless, however the register number is written, and says so', async () => {
    const first = await submit();
    expect(await submit({ nomorRegister: ' 500/001/sku/i/2026 ' })).toEqual({ ...first, alreadyThere: true });
    expect(await count()).toBe(1);
  });

  test('with other content it is refused, and what was accepted stays as it is', async () => {
    const { record } = await submit();
    const others: Partial<BalikanSubmission>[] = [
      { tanggal: '2024-02-01' },
      { namaUsaha: 'Warung Lain' },
      { jenisUsaha: 'Toko' },
      { kbli: undefined },
      { kbli: { kode: '56102', versi: '2020' } },
      { kbli: { kode: '56101', versi: '2025' } },
    ];
    for (const other of others) expect(await refusal(submit(other))).toEqual({ code: 'RECORD_DIFFERS' });
    expect(await here.records.find(actor.institutionId, record.id)).toEqual(record);
  });

  test('for another person, or under another agreement, it is another record', async () => {
    const ids = [
      await submit(),
      await submit({ nik: otherNik }),
      await submit({}, { as: { ...actor, agreementId: randomUUID() } }),
    ].map(({ record }) => record.id);
    expect(new Set(ids).size).toBe(3);
  });

  test('many at once, in two replicas: one is new, all get the same record', async () => {
    const there = await makeReplica(pool, here.folder);
    there.verification.lookedUp(nik);
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => submit({}, { at: n % 2 ? here : there })));
    expect(all.filter(({ alreadyThere }) => !alreadyThere)).toHaveLength(1);
    expect(new Set(all.map(({ record }) => record.id)).size).toBe(1);
    expect(await count()).toBe(1);
  });

  test('many at once with different contents: one content is accepted, the others learn that theirs differs', async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) => refusal(submit({ namaUsaha: `Warung ${n % 3}` }))),
    );
    expect(all.filter((one) => one === 'accepted')).toHaveLength(4);
    expect(all.filter((one) => typeof one === 'object' && one.code === 'RECORD_DIFFERS')).toHaveLength(8);
    expect(await count()).toBe(1);
  });
});

describe('an Idempotency-Key', () => {
  test('with the same request gives the record, and asks nobody again', async () => {
    const first = await submit({}, { key: 'a' });
    const asked = here.verification.asked.length;
    here.verification.away = true;
    expect(await submit({}, { key: 'a' })).toEqual({ ...first, alreadyThere: true });
    expect(here.verification.asked).toHaveLength(asked);
  });

  test('with another request is refused; of another client it is another key', async () => {
    await submit({}, { key: 'a' });
    for (const other of [{ nik: otherNik }, { nomorRegister: '2' }, { verificationId: randomUUID() }])
      expect(await refusal(submit(other, { key: 'a' }))).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await submit({ nomorRegister: '2' }, { key: 'a', as: { ...actor, clientId: 'lain' } })).toMatchObject({
      alreadyThere: false,
    });
    expect(await submit({ nomorRegister: '3' }, { key: 'a', as: makeActor() })).toMatchObject({ alreadyThere: false });
  });

  test('of a record that was there before leads to that record', async () => {
    const first = await submit();
    expect(await submit({}, { key: 'b' })).toEqual({ ...first, alreadyThere: true });
    expect(await submit({}, { key: 'b' })).toEqual({ ...first, alreadyThere: true });
  });

  test('of a record that differs stays free', async () => {
    await submit();
    expect(await refusal(submit({ namaUsaha: 'Warung Lain' }, { key: 'c' }))).toEqual({ code: 'RECORD_DIFFERS' });
    expect(await submit({ nomorRegister: '2' }, { key: 'c' })).toMatchObject({ alreadyThere: false });
  });

  test('used at once by the same request: one record, told to all', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => submit({}, { key: 'd' })));
    expect(all.filter(({ alreadyThere }) => !alreadyThere)).toHaveLength(1);
    expect(new Set(all.map(({ record }) => record.id)).size).toBe(1);
  });

  test('used at once by different requests: one is accepted', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) => refusal(submit({ nomorRegister: `${n}` }, { key: 'e' }))),
    );
    expect(all.filter((one) => one === 'accepted')).toHaveLength(1);
    expect(all.filter((one) => typeof one === 'object' && one.code === 'IDEMPOTENCY_KEY_REUSED')).toHaveLength(9);
    expect(await count()).toBe(1);
  });

  test('is forgotten after two days', async () => {
    await submit({}, { key: 'f' });
    await here.idempotencyKeys.deleteOld(1_000);
    expect(await refusal(submit({ nomorRegister: '2' }, { key: 'f' }))).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await database.setBalikanClock({ offsetMs: 2 * 86_400_000 + 60_000 });
    try {
      expect(await here.idempotencyKeys.deleteOld(1)).toBe(1);
      while ((await here.idempotencyKeys.deleteOld(100)) > 0);
    } finally {
      await database.setBalikanClock({ offsetMs: 0 });
    }
    expect(await submit({ nomorRegister: '2' }, { key: 'f' })).toMatchObject({ alreadyThere: false });
  });
});
