import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BalikanActor, BalikanSubmission } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { chooseLookUps, type Choice } from './look-up-choice.js';
import { makeActor, makeReplica, makeSubmission, nik, soon, type TestReplica } from './records-fixture.js';

let database: TestDatabase;
let here: TestReplica;
let actor: BalikanActor;
const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await TestDatabase.create();
  here = await makeReplica(database.pool('data_balikan', { max: 4 }));
});
beforeEach(() => {
  actor = makeActor();
  here.verification.under.set(actor.agreementId, new Map([[nik, [first, second]]]));
});
afterAll(async () => {
  await here.close();
  await database.drop();
});

const submit = async (nomorRegister: string, overrides: Partial<BalikanSubmission> = {}) =>
  (
    await here.submissions.submit(
      { actor, submission: makeSubmission({ nomorRegister, ...overrides }), source: 'FORM' },
      soon(),
    )
  ).record.verificationId;

test('each record hangs on a look-up of its own, the best one first; what comes again takes none', async () => {
  expect(await submit('145/2026')).toBe(first);
  expect(await submit('145/2026')).toBe(first);
  expect(await submit('146/2026')).toBe(second);
  // more records than look-ups
  expect(await submit('147/2026')).toBe(first);
  expect(await submit('147/2026')).toBe(first);
  here.verification.under.set(actor.agreementId, new Map([[nik, [first, second, third]]]));
  expect(await submit('145/2026')).toBe(first);
  expect(await submit('148/2026')).toBe(third);
});

test('another institution’s records say nothing', async () => {
  await submit('145/2026');
  actor = { ...makeActor(), agreementId: actor.agreementId };
  here.verification.under.set(actor.agreementId, new Map([[nik, [first, second]]]));
  expect(await submit('146/2026')).toBe(first);
});

test('several at once: the one that is named has its own, the others share out the rest', async () => {
  const client = await database.pool('data_balikan', { max: 1 }).connect();
  const choice = (registerKey: string, candidates: Choice['candidates']): Choice => ({
    candidates,
    agreementId: actor.agreementId,
    personHmac: Buffer.alloc(32, 1),
    registerKey,
  });
  const all: Choice['candidates'] = [first, second, third];
  const other = { ...choice('1', [first, second]), personHmac: Buffer.alloc(32, 2) };
  try {
    expect(await chooseLookUps(client, actor.institutionId, [])).toEqual([]);
    expect(
      await chooseLookUps(client, actor.institutionId, [
        choice('1', all),
        choice('1', all),
        choice('2', [second]),
        choice('3', all),
        choice('4', all),
      ]),
    ).toEqual([first, first, second, third, first]);
    expect(await chooseLookUps(client, actor.institutionId, [choice('1', all), other])).toEqual([first, second]);
  } finally {
    client.release();
  }
});

test('without a choice nothing is asked', async () => {
  const silent = { query: () => Promise.reject(new Error('asked')) } as never;
  const choice = { candidates: [first] as const, agreementId: '', personHmac: Buffer.alloc(32), registerKey: '1' };
  expect(await chooseLookUps(silent, actor.institutionId, [choice, choice])).toEqual([first, first]);
});
