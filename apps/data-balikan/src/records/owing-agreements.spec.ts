import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { rowFaults, type BalikanActor, type BalikanSubmission } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { recordContext } from '../people/record-context.js';
import { makeActor, makeReplica, makeSubmission, nik, soon, type TestReplica } from './records-fixture.js';

let database: TestDatabase;
let pool: pg.Pool;
let here: TestReplica;
let actor: BalikanActor;
let ended: { agreementId: string; agreementVersionId: string; validFrom: string };

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 4 });
  here = await makeReplica(pool);
});
beforeEach(() => {
  ended = { agreementId: randomUUID(), agreementVersionId: randomUUID(), validFrom: '2020-01-01' };
  actor = makeActor({ validFrom: '2024-01-01', otherAgreements: [ended] });
});
afterAll(async () => {
  await here.close();
  await database.drop();
});

const accessedUnder = (...agreements: { agreementId: string }[]): string => {
  const lookUp = randomUUID();
  for (const { agreementId } of [actor, ended])
    here.verification.under.set(
      agreementId,
      new Map(agreements.some((one) => one.agreementId === agreementId) ? [[nik, [lookUp]]] : []),
    );
  return lookUp;
};

const submit = async (overrides: Partial<BalikanSubmission> = {}) => {
  const submission = makeSubmission(overrides);
  const { record } = await here.submissions.submit({ actor, submission, source: 'FORM' }, soon());
  const { rows } = await pool.query<Record<'agreement_id' | 'agreement_version_id' | 'key_id', string>>(
    'SELECT agreement_id, agreement_version_id, key_id, sealed_nik FROM balikan.record WHERE id = $1',
    [record.id],
  );
  return { record, row: rows[0] as (typeof rows)[number] & { sealed_nik: Buffer } };
};

const of = ({ agreementId, agreementVersionId }: typeof ended) => ({
  agreement_id: agreementId,
  agreement_version_id: agreementVersionId,
});

test('whoever was looked up under an agreement that has ended is reported under it, as long as it is not closed', async () => {
  const lookUp = accessedUnder(ended);
  const { record, row } = await submit({ tanggal: '2023-12-31' });
  expect(record.verificationId).toBe(lookUp);
  expect(row).toMatchObject(of(ended));
  // by the key that goes when that agreement is closed
  expect(row.key_id).toBe((await here.vault.open(ended.agreementId)).keyId);
  expect(await here.vault.unseal(row.key_id, row.sealed_nik, recordContext(record.id))).toBe(nik);
  // the same once more finds it, and one that is corrected as well
  await pool.query(`UPDATE balikan.record SET state = 'DEAD', failure = 'REFUSED' WHERE id = $1`, [record.id]);
  const again = makeSubmission({ tanggal: '2023-12-30' });
  expect(await here.submissions.submit({ actor, submission: again, source: 'FORM' }, soon())).toMatchObject({
    corrected: true,
    record: { id: record.id },
  });
});

test('whoever was looked up under both is reported under the one in force, or the one of the register date', async () => {
  accessedUnder(actor, ended);
  expect((await submit()).row).toMatchObject(of(actor));
  expect((await submit({ nomorRegister: '2', tanggal: '2023-12-31' })).row).toMatchObject(of(ended));
});

test('a day before the agreement under which the person was looked up is too early; without a look-up nobody is taken', async () => {
  const early = (message: string) => ({
    code: 'REQUEST_INVALID',
    extras: { issues: [{ path: 'tanggal', message }] },
  });
  accessedUnder(actor);
  await expect(submit({ tanggal: '2023-12-31' })).rejects.toMatchObject(early(rowFaults.DATE_TOO_EARLY));
  await expect(submit({ tanggal: '2019-12-31' })).rejects.toMatchObject(early(rowFaults.DATE_TOO_EARLY));
  accessedUnder();
  await expect(submit()).rejects.toMatchObject({ code: 'PERSON_NOT_ACCESSED' });
});

test('an agreement whose keys are destroyed, here or in nik-verification, is passed over', async () => {
  accessedUnder(actor, ended);
  here.verification.under.set(actor.agreementId, null);
  expect((await submit()).row).toMatchObject(of(ended));
  accessedUnder(actor, ended);
  await here.keys.close(actor.agreementId);
  await here.keys.destroyAll(actor.agreementId);
  expect((await submit({ nomorRegister: '2' })).row).toMatchObject(of(ended));
  here.verification.under.set(ended.agreementId, null);
  await expect(submit({ nomorRegister: '3' })).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
});
