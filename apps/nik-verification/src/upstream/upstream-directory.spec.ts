import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { makeAccess, makeIds, Replicas, type Replica } from './replica-fixture.js';

const question = { nik: '3313044107909901', mode: 'LOOKUP' as const, fields: ['namaLengkap'] as const };

let database: TestDatabase;
let replicas: Replicas;
let here: Replica;
let there: Replica;
let ministry: Server;
let asked = 0;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await Replicas.create(database);
  here = await replicas.start();
  there = await replicas.start();
  ministry = createServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ content: [{ NIK: Number(question.nik), NAMA_LGKP: 'SITI CONTOH' }] }));
  });
  await new Promise<void>((resolve) => ministry.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
  await new Promise((resolve) => ministry.close(resolve));
});

async function saved() {
  const ids = makeIds();
  await here.rights.save(ids.institutionId, ids.agreementId, makeAccess({ baseUrl: baseUrl() }));
  return ids;
}

const baseUrl = () => `http://127.0.0.1:${(ministry.address() as AddressInfo).port}`;

async function find({ directory }: Replica, institutionId: string) {
  const upstream = await directory.find(institutionId);
  if (!upstream) throw new Error('not configured');
  return upstream;
}

/** Milliseconds until this replica has no way any more. */
async function goneAfter({ directory }: Replica, institutionId: string): Promise<number> {
  const began = performance.now();
  await until(async () => (await directory.find(institutionId).catch(() => undefined)) === undefined);
  return performance.now() - began;
}

test('an access right that was destroyed elsewhere is closed here within a second, and nothing leaves by it any more', async () => {
  const { institutionId, agreementId } = await saved();
  const upstream = await find(there, institutionId);
  const ask = () => upstream.breaker.fire(() => upstream.client.ask(question, 2_000));
  expect(await ask()).toMatchObject({ outcome: 'FOUND' });
  await here.rights.destroy(institutionId, agreementId);
  expect(await goneAfter(there, institutionId)).toBeLessThan(1_000);
  const before = asked;
  // a look-up that had found it before: the hit is given back, and nobody's gate learns from it
  expect(await ask()).toEqual({ kind: 'fault', code: 'UPSTREAM_UNAVAILABLE', effect: 'none', hit: 'released' });
  expect(asked).toBe(before);
});

test('one that nobody asks for any more is closed as well', async () => {
  const [gone, kept] = [await saved(), await saved()];
  const upstream = await find(there, gone.institutionId);
  const other = await find(there, kept.institutionId);
  await here.rights.destroy(gone.institutionId, gone.agreementId);
  await there.directory.closeGone();
  expect(await upstream.client.ask(question, 2_000)).toMatchObject({ hit: 'released' });
  expect(await other.client.ask(question, 2_000)).toMatchObject({ outcome: 'FOUND' });
  expect(await there.directory.find(kept.institutionId)).toBe(other);
});

test('one whose sealing key is gone, row or not, stops within a second', async () => {
  const { institutionId, agreementId } = await saved();
  const upstream = await find(there, institutionId);
  await rm(join(replicas.folder, `seal-${agreementId}-1.key`));
  expect(await goneAfter(there, institutionId)).toBeLessThan(1_000);
  await expect(there.directory.find(institutionId)).rejects.toMatchObject({ code: 'UPSTREAM_NOT_CONFIGURED' });
  expect(await upstream.client.ask(question, 2_000)).toMatchObject({ hit: 'released' });
});

test('a rotation does not disturb a replica that has opened it', async () => {
  const { institutionId } = await saved();
  const upstream = await find(there, institutionId);
  await here.rights.rotate(institutionId);
  there.directory.expire(institutionId);
  expect(await there.directory.find(institutionId)).toBe(upstream);
  expect(await upstream.client.ask(question, 2_000)).toMatchObject({ outcome: 'FOUND' });
});

test('an access right that was brought in anew replaces the old one, here at once and elsewhere within a second', async () => {
  const { institutionId, agreementId } = await saved();
  const before = [await find(here, institutionId), await find(there, institutionId)];
  await here.rights.save(institutionId, agreementId, makeAccess({ baseUrl: baseUrl(), deadlineMs: 1_234 }));
  here.directory.expire(institutionId);
  expect((await find(here, institutionId)).deadlineMs).toBe(1_234);
  const began = performance.now();
  await until(async () => (await find(there, institutionId)).deadlineMs === 1_234);
  expect(performance.now() - began).toBeLessThan(1_000);
  for (const { client } of before) expect(await client.ask(question, 2_000)).toMatchObject({ hit: 'released' });
});

test('many who ask at once share one look, and one client', async () => {
  const { institutionId } = await saved();
  const found = await Promise.all(Array.from({ length: 50 }, () => there.directory.find(institutionId)));
  expect(new Set(found).size).toBe(1);
});

test('a database that is away for a moment costs no client', async () => {
  const { institutionId } = await saved();
  const third = await replicas.start();
  const upstream = await find(third, institutionId);
  await database.asSuperuser(database.name, (admin) =>
    admin.query('REVOKE SELECT ON verification.upstream_access FROM nik_verification'),
  );
  third.directory.expire(institutionId);
  await expect(third.directory.find(institutionId)).rejects.toThrow('permission denied');
  await database.asSuperuser(database.name, (admin) =>
    admin.query('GRANT SELECT ON verification.upstream_access TO nik_verification'),
  );
  expect(await third.directory.find(institutionId)).toBe(upstream);
});
