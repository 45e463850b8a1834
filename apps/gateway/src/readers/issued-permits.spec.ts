import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { permitSeconds } from '#contracts';
import { accessFacts, agreementFacts } from '../../../../test/support/access-facts.js';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { SigningKeys } from '../tokens/signing-keys.js';
import { IssuedPermits, prunePermits } from './issued-permits.js';
import { Permits } from './permits.js';
import type { OfficeReader } from './reader-facts.js';

const week = 7 * 86_400_000;
let folder: string;
let database: TestDatabase;
let pool: pg.Pool;
let now = Date.now();
let keys: SigningKeys;
let issued: IssuedPermits;
let permits: Permits;
let one: OfficeReader;
let other: OfficeReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-permits-'));
  database = await TestDatabase.create();
  pool = database.pool('gateway');
  keys = new SigningKeys(folder, week, () => now);
  issued = new IssuedPermits(pool);
  permits = new Permits(keys, 'uji', issued, false);
  [one, other] = [await addReader('RDR-1'), await addReader('RDR-2')];
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function addReader(serial: string): Promise<OfficeReader> {
  const { rows } = await database.pool('migrator').query<{ id: string; version: string; institution: string }>(
    `WITH institution AS (
       INSERT INTO access.institution (name, region_code) VALUES ('Kecamatan Uji ' || $1, $1) RETURNING id),
     agreement AS (
       INSERT INTO access.agreement (institution_id, number) SELECT id, 'PKS/' || $1 FROM institution RETURNING id),
     version AS (
       INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements, modes,
         daily_quota, networks)
       SELECT id, 1, '2020-01-01', '2020-01-01', '2099-12-31', '{nik}', '{LOOKUP}', 1000, '{127.0.0.0/8}' FROM agreement
       RETURNING id)
     INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at)
     SELECT institution.id, 'Uji', 'Uji', $1, 'Loket', now() FROM institution
     RETURNING id, institution_id AS institution, (SELECT id FROM version) AS version`,
    [serial],
  );
  const { id = '', version = '' } = rows[0] ?? {};
  const agreement = agreementFacts({ versionId: version });
  const facts = accessFacts({ agreements: [agreement] });
  const sam = { serial: 'SAM', agreementId: agreement.id, active: true };
  const reader = { id, institutionId: facts.institution.id, revoked: false, sam, status: { adapter: 'pcsc' } };
  return { ...facts, reader } as unknown as OfficeReader;
}

async function given(facts = one): Promise<string> {
  const answer = await permits.give(facts, now);
  if ('refusal' in answer) throw new Error(answer.refusal);
  return answer.permit;
}

test('a check of weeks ago is judged by what was given out then, when the key that signed is deleted', async () => {
  const permit = await given();
  const then = now;
  now += 3 * week;
  await keys.removeOld();
  const found = await issued.find(permit, one.reader.id, new Date(then + 60_000));
  expect(found).toEqual({ agreementVersionId: one.agreements[0]?.versionId });
  for (const at of [then - 60_000, then + (permitSeconds + 60) * 1_000])
    expect(await issued.find(permit, one.reader.id, new Date(at))).toBeUndefined();
});

test('it counts for its own reader alone, and to the letter', async () => {
  const permit = await given();
  const at = new Date(now);
  expect(await issued.find(permit, other.reader.id, at)).toBeUndefined();
  expect(await issued.find(`${permit.slice(0, -8)}AAAAAAAA`, one.reader.id, at)).toBeUndefined();
  const [head, , signature] = permit.split('.');
  for (const jti of [randomUUID(), 'x', 1]) {
    const forged = [head, Buffer.from(JSON.stringify({ jti })).toString('base64url'), signature].join('.');
    expect(await issued.find(forged, one.reader.id, at)).toBeUndefined();
  }
  expect(await issued.find('nonsense', one.reader.id, at)).toBeUndefined();
});

test('an agent that reports every few seconds keeps its permit until it is half over, or something changes', async () => {
  const renewed = async (facts = one) => permits.renew(facts, now);
  const first = await renewed();
  now += 10_000;
  expect(await renewed()).toEqual(first);
  const changed = { ...one, reader: { ...one.reader, sam: { ...one.reader.sam, serial: 'SAM-2' } } } as OfficeReader;
  const second = await renewed(changed);
  expect(second).not.toEqual(first);
  now += (permitSeconds / 2) * 1_000;
  expect(await renewed(changed)).not.toEqual(second);
  const revoked = { ...one, reader: { ...one.reader, revoked: true } };
  expect(await renewed(revoked)).toEqual({ refusal: 'READER_REVOKED' });
});

test('a simulator gets none, unless this is a try-out', async () => {
  const simulated = { ...one, reader: { ...one.reader, status: { adapter: 'simulator' } } } as OfficeReader;
  expect(await permits.give(simulated, now)).toEqual({ refusal: 'READER_NOT_READY' });
  const tryOut = new Permits(keys, 'uji', issued, true);
  expect(await tryOut.give(simulated, now)).toEqual({ permit: expect.any(String) });
});

test('they are forgotten after a year, and with the reader', async () => {
  await database.pool('migrator').query('DELETE FROM access.reader_permit');
  now = Date.now();
  await given();
  await given(other);
  expect(await prunePermits(pool)).toBe(0);
  now -= 366 * 86_400_000;
  await given();
  expect(await prunePermits(pool)).toBe(1);
  await pool.query('UPDATE access.reader SET revoked_at = now() WHERE id = $1', [other.reader.id]);
  expect(await prunePermits(pool)).toBe(1);
});
