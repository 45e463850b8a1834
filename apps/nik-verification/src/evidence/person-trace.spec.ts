import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { AgreementKeys, KeyFolder } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { grantQuota, makeLedger, makeReservation, settled, soon } from '../ledger/ledger-fixture.js';
import { disclosuresInAnHour, PersonTrace } from './person-trace.js';
import { Pseudonymiser } from './pseudonym.js';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let keys: AgreementKeys;
let pseudonymiser: Pseudonymiser;
let trace: PersonTrace;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 10 });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-trail-'));
  const keyFolder = new KeyFolder(folder);
  keys = new AgreementKeys(keyFolder);
  pseudonymiser = new Pseudonymiser(keyFolder);
  trace = new PersonTrace(pool, pseudonymiser);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const [nik, otherNik] = ['3399014107909901', '3399014107909902'];
const camat = randomUUID();

async function office() {
  const [institutionId, agreementId] = [randomUUID(), randomUUID()];
  await keys.ensureHmacKey(agreementId);
  await grantQuota(pool, institutionId, 1_000);
  return { institutionId, agreementId };
}

async function lookUp(
  { institutionId, agreementId }: Awaited<ReturnType<typeof office>>,
  of: string,
  reference: string,
) {
  const ledger = makeLedger(pool);
  const asked = makeReservation(institutionId, { nikHmac: (await pseudonymiser.of(agreementId)).nik(of), reference });
  await ledger.reserve(asked, soon());
  await ledger.settle(settled(asked.id), soon());
  return asked.id;
}

const ask = (institutionId: string, agreementIds: string[], of = nik, requestNumber = '045.2/17') =>
  trace.trace({ institutionId, agreementIds, operatorId: camat, request: { nik: of, requestNumber } });

test('the person learns when, what for and which elements, of this office and of nobody else', async () => {
  const [here, there] = [await office(), await office()];
  const first = await lookUp(here, nik, '500/1');
  await lookUp(here, otherNik, '500/2');
  await lookUp(there, nik, '500/3');
  const last = await lookUp(here, nik, '500/4');
  const { entries, complete } = await ask(here.institutionId, [here.agreementId], '3399 0141 0790 9901');
  expect(complete).toBe(true);
  expect(entries.map(({ id }) => id)).toEqual([last, first]);
  expect(entries[1]).toEqual({
    id: first,
    at: expect.any(String),
    operatorId: '00000000-0000-4000-8000-000000000002',
    service: 'SKU',
    reference: '500/1',
    mode: 'LOOKUP',
    elements: ['namaLengkap'],
    outcome: 'FOUND',
  });
});

test('somebody who was never asked about gets an empty list, and that is on record as well', async () => {
  const here = await office();
  const { id, entries } = await ask(here.institutionId, [here.agreementId], otherNik, 'surat 12');
  expect(entries).toEqual([]);
  const { rows } = await pool.query<Record<string, unknown> & { salt: Buffer; content: string; content_hash: Buffer }>(
    'SELECT * FROM verification.reported_event WHERE id = $1',
    [id],
  );
  expect(rows[0]).toMatchObject({
    type: 'PERSON_TRAIL',
    act: 'person-trail.disclose',
    actor_id: camat,
    content: '{"requestNumber":"surat 12"}',
  });
  const { salt, content, content_hash } = rows[0]!;
  expect(createHash('sha256').update(salt).update(content).digest()).toEqual(content_hash);
  expect(JSON.stringify(rows[0])).not.toContain(otherNik);
  const queued = await pool.query('SELECT 1 FROM verification.log_pending WHERE event_id = $1', [id]);
  expect(queued.rowCount).toBe(1);
});

test('a destroyed key recognises nobody; what other agreements know is still told, as incomplete', async () => {
  const here = await office();
  const closed = randomUUID();
  await keys.ensureHmacKey(closed);
  await lookUp({ ...here, agreementId: closed }, nik, 'lama');
  await lookUp(here, nik, 'baru');
  const both = [closed, here.agreementId];
  expect((await ask(here.institutionId, both)).entries.map(({ reference }) => reference)).toEqual(['baru', 'lama']);
  await keys.destroyAll(closed);
  const after = await ask(here.institutionId, both);
  expect(after.entries.map(({ reference }) => reference)).toEqual(['baru']);
  expect(after.complete).toBe(false);
});

test('a wrong NIK is refused and costs no disclosure', async () => {
  const here = await office();
  await expect(ask(here.institutionId, [here.agreementId], '3399')).rejects.toMatchObject({ code: 'NIK_INVALID' });
  const { rowCount } = await pool.query('SELECT 1 FROM verification.reported_event WHERE institution_id = $1', [
    here.institutionId,
  ]);
  expect(rowCount).toBe(0);
});

test('twenty in an hour and no more, however many ask at once; another office is not held up', async () => {
  const here = await office();
  const results = await Promise.allSettled(
    Array.from({ length: disclosuresInAnHour + 10 }, () => ask(here.institutionId, [here.agreementId])),
  );
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as { code: string; details?: { retryAfter?: number } }] : [],
  );
  expect(results.length - refused.length).toBe(disclosuresInAnHour);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['RATE_LIMITED']));
  const there = await office();
  expect((await ask(there.institutionId, [there.agreementId])).entries).toEqual([]);
  // an hour later again
  await database.setLedgerClock({ offsetMs: 3_601_000 });
  expect((await ask(here.institutionId, [here.agreementId])).entries).toEqual([]);
  await database.setLedgerClock({ offsetMs: 0 });
});
