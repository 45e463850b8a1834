import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { makeAccess, makeIds, openAt, Replicas, type Replica } from './replica-fixture.js';

let database: TestDatabase;
let replicas: Replicas;
let here: Replica;
let there: Replica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await Replicas.create(database);
  here = await replicas.start();
  there = await replicas.start();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

test('row and keys are gone, their bytes are nowhere in the folder, and a repeat tells the same', async () => {
  const { institutionId, agreementId } = makeIds();
  await here.keys.ensureHmacKey(agreementId);
  await here.rights.save(institutionId, agreementId, makeAccess());
  await here.rights.rotate(institutionId);
  const names = [`hmac-${agreementId}`, `seal-${agreementId}-2`];
  const secrets = await Promise.all(names.map((name) => readFile(join(replicas.folder, `${name}.key`))));
  expect(await here.rights.destroy(institutionId, agreementId)).toEqual(names);
  expect(await there.rights.destroy(institutionId, agreementId)).toEqual(names);
  expect(await here.rights.findRow(institutionId)).toBeNull();
  expect(await replicas.filesOf(agreementId)).toEqual([`hmac-${agreementId}.destroyed`]);
  for (const file of await readdir(replicas.folder)) {
    const content = await readFile(join(replicas.folder, file));
    for (const secret of secrets) expect(content.includes(secret)).toBe(false);
  }
});

test('an access right under the successor agreement stays, with its key', async () => {
  const { institutionId, agreementId } = makeIds();
  const successor = makeIds().agreementId;
  await here.keys.ensureHmacKey(agreementId);
  await here.rights.save(institutionId, agreementId, makeAccess());
  await here.rights.save(institutionId, successor, makeAccess({ password: 'penerus' }));
  expect(await here.rights.destroy(institutionId, agreementId)).toEqual([
    `hmac-${agreementId}`,
    `seal-${agreementId}-1`,
  ]);
  expect(await openAt(there, institutionId)).toMatchObject({ password: 'penerus' });
});

test('after an interruption nothing is sealed any more, and a repeat brings it to its end', async () => {
  const { institutionId, agreementId } = makeIds();
  await here.rights.save(institutionId, agreementId, makeAccess());
  await here.keys.close(agreementId);
  const closed = { code: 'AGREEMENT_CLOSED' };
  await expect(there.rights.save(institutionId, agreementId, makeAccess())).rejects.toMatchObject(closed);
  await expect(there.rights.rotate(institutionId)).rejects.toMatchObject(closed);
  await there.rights.destroy(institutionId, agreementId);
  expect(await replicas.filesOf(agreementId)).toEqual([`hmac-${agreementId}.destroyed`]);
});

test('nothing is made for the agreement any more, at whatever moment it is tried', async () => {
  for (let round = 0; round < 12; round += 1) {
    const { institutionId, agreementId } = makeIds();
    const saves = [here, there, here].map((replica) =>
      replica.rights.save(institutionId, agreementId, makeAccess()).catch((error: unknown) => error),
    );
    for (let turn = 0; turn < round * 3; turn += 1) await new Promise(setImmediate);
    await there.rights.destroy(institutionId, agreementId);
    for (const failed of (await Promise.all(saves)).filter(Boolean))
      expect(failed).toMatchObject({ code: 'AGREEMENT_CLOSED' });
    expect(await here.rights.findRow(institutionId)).toBeNull();
    expect(await replicas.filesOf(agreementId)).toEqual([`hmac-${agreementId}.destroyed`]);
  }
});
