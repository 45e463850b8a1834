import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { pruneAssertions, UsedAssertions } from './used-assertions.js';

let database: TestDatabase;
let gateways: UsedAssertions[];

beforeAll(async () => {
  database = await TestDatabase.create();
  gateways = [0, 1].map(() => new UsedAssertions(database.pool('gateway', { max: 10 })));
});
afterAll(() => database.drop());

const assertion = (jti: string, expiresInS = 60) => ({ jti, expiresAt: new Date(Date.now() + expiresInS * 1000) });
const spend = async (jti: string, clientId = 'uji', at = 0) => gateways[at]?.spend(clientId, assertion(jti));

test('an assertion counts once, and for each client by itself', async () => {
  expect(await spend('satu')).toBe(true);
  expect(await spend('satu')).toBe(false);
  expect(await spend('satu', 'uji', 1)).toBe(false);
  expect(await spend('satu', 'lain')).toBe(true);
  expect(await spend('dua')).toBe(true);
});

test('of many at once, at two gateways, exactly one counts', async () => {
  for (let round = 0; round < 20; round += 1) {
    const spent = await Promise.all(Array.from({ length: 12 }, (_, i) => spend(`bersama-${round}`, 'uji', i % 2)));
    expect(spent.filter(Boolean)).toHaveLength(1);
  }
});

test('what is kept is a hash: a jti may say anything', async () => {
  await spend('3313044107909901');
  const { rows } = await database.pool('gateway').query('SELECT * FROM access.used_assertion');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('3313044107909901');
  for (const { jti_sha256: hash } of rows as { jti_sha256: Buffer }[]) expect(hash).toHaveLength(32);
});

test('a database that does not answer is not taken for a fresh assertion', async () => {
  const pool = database.pool('gateway', { port: 1 });
  await expect(new UsedAssertions(pool).spend('uji', assertion('tiga'))).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

test('only those that are refused for their age are forgotten', async () => {
  const pool = database.pool('gateway');
  await pool.query('DELETE FROM access.used_assertion');
  const [used] = gateways;
  await used?.spend('uji', assertion('lama', -3_700));
  await used?.spend('uji', assertion('baru saja', -3_500));
  await used?.spend('uji', assertion('masih', 60));
  expect(await pruneAssertions(pool)).toBe(1);
  expect(await pruneAssertions(pool)).toBe(0);
  expect(await spend('masih')).toBe(false);
  expect(await spend('baru saja')).toBe(false);
  expect(await spend('lama')).toBe(true);
});
