import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AppError, Log, poolOf, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture } from '../operators/acts-fixture.js';
import { Configurator } from './configurator.js';

let fixture: ActsFixture;
let agreementId: string;

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  const [agreement] = await fixture.sql<{ id: string }>(
    "INSERT INTO access.agreement (institution_id, number) VALUES ($1, 'PKS/1') RETURNING id",
    [fixture.kecamatan],
  );
  agreementId = agreement?.id ?? '';
});
afterAll(() => fixture.drop());

const addVersion = (version: number, effectiveFrom: string, quota: number) =>
  fixture.sql(
    `INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements, modes,
       daily_quota, networks) VALUES ($1, $2, $3, $3, '2027-12-31', '{nik}', '{LOOKUP}', $4, '{10.0.0.0/8}')`,
    [agreementId, version, effectiveFrom, quota],
  );

test('terms that do not arrive are brought again, and once they have arrived no more', async () => {
  const told: unknown[] = [];
  let away = true;
  const bus = {
    call: async (_rpc: unknown, input: unknown) => {
      if (away) throw new AppError('SERVICE_UNAVAILABLE');
      told.push(input);
      return { configured: true };
    },
  } as unknown as RpcClient;
  const configurator = new Configurator(poolOf(fixture.source), bus, Log.create('uji', 'error'));
  await addVersion(1, '2026-01-01', 500);
  await addVersion(2, '2026-07-01', 800);
  await addVersion(3, '2026-07-01', 700);

  expect(await configurator.bringAll(fixture.kecamatan)).toBe(1);
  expect(await configurator.bringAll(fixture.neighbour)).toBe(0);
  away = false;
  expect(await configurator.bringAll()).toBe(0);
  expect(await configurator.bringAll()).toBe(0);
  // of two that take effect on one day, the later one counts
  const quota = [
    { effectiveFrom: '2026-01-01', dailyLimit: 500 },
    { effectiveFrom: '2026-07-01', dailyLimit: 700 },
  ];
  expect(told).toEqual([{ institutionId: fixture.kecamatan, agreementId, quota }]);
});
