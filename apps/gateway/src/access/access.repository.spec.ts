import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { AccessRepository } from './access.repository.js';
import { decideLookup } from './decide-access.js';

let database: TestDatabase;
let repository: AccessRepository;

beforeAll(async () => {
  database = await TestDatabase.create();
  repository = new AccessRepository(database.pool('gateway'));
});
afterAll(() => database.drop());

/** The database's clock of the access decision. */
async function setDay(day: string): Promise<void> {
  await database.asSuperuser(database.name, (admin) =>
    admin.query(
      `CREATE OR REPLACE FUNCTION access.jakarta_today() RETURNS date LANGUAGE sql AS $$ SELECT '${day}'::date $$`,
    ),
  );
}

interface Version {
  effectiveFrom: string;
  validFrom: string;
  validUntil: string;
  elements: string[];
}

let made = 0;

/** An institution with one client, an operator, and an agreement of these versions. */
async function makeOffice(
  versions: Version[],
): Promise<{ clientId: string; institutionId: string; operatorId: string }> {
  made += 1;
  const clientId = `uji-${made}`;
  return database.asSuperuser(database.name, async (admin) => {
    const insert = async (sql: string, values: unknown[]) =>
      (await admin.query<{ id: string }>(`${sql} RETURNING id`, values)).rows[0]?.id ?? '';
    const institutionId = await insert('INSERT INTO access.institution (name, region_code) VALUES ($1, $2)', [
      'Kecamatan Uji',
      `33.98.${String(made).padStart(2, '0')}`,
    ]);
    const agreementId = await insert('INSERT INTO access.agreement (institution_id, number) VALUES ($1, $2)', [
      institutionId,
      'PKS/UJI',
    ]);
    for (const [index, { effectiveFrom, validFrom, validUntil, elements }] of versions.entries())
      await insert(
        `INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements, modes, daily_quota, networks)
         VALUES ($1, $2, $3, $4, $5, $6, '{LOOKUP}', 1000, '{10.0.0.0/8}')`,
        [agreementId, index + 1, effectiveFrom, validFrom, validUntil, elements],
      );
    await admin.query("INSERT INTO access.sptjm VALUES ($1, 'SPTJM', '2020-01-01', '')", [agreementId]);
    const operatorId = await insert(
      "INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from) VALUES ($1, 'loket1', 'Uji', 'operator', '2020-01-01')",
      [institutionId],
    );
    await admin.query("INSERT INTO access.nda VALUES ($1, 'NDA', '2020-01-01', '')", [operatorId]);
    await insert(
      "INSERT INTO access.client (id, institution_id, name, secret_sha256, scopes) VALUES ($1, $2, 'Uji', '', '{verifications:write}')",
      [clientId, institutionId],
    );
    return { clientId, institutionId, operatorId };
  });
}

describe('the agreement and its addenda', () => {
  const first = { effectiveFrom: '2022-12-07', validFrom: '2022-12-07', validUntil: '2024-12-06', elements: ['nik'] };
  // signed ahead of time: it counts from its effective date
  const extension = { ...first, effectiveFrom: '2024-12-01', validUntil: '2026-12-06', elements: ['nik', 'alamat'] };
  const narrowing = { ...extension, effectiveFrom: '2025-06-01', elements: ['alamat'] };

  test.each([
    ['2022-12-06', 1, 'AGREEMENT_NOT_STARTED'],
    ['2022-12-07', 1, ['nik']],
    ['2024-11-30', 1, ['nik']],
    ['2024-12-01', 2, ['nik', 'alamat']],
    ['2024-12-07', 2, ['nik', 'alamat']],
    ['2025-05-31', 2, ['nik', 'alamat']],
    ['2025-06-01', 3, ['alamat']],
    ['2026-12-06', 3, ['alamat']],
    ['2026-12-07', 3, 'AGREEMENT_ENDED'],
  ])('on %s version %i is in effect', async (day, version, expected) => {
    const { clientId, operatorId } = await makeOffice([first, extension, narrowing]);
    await setDay(day);
    const facts = await repository.findFacts(clientId, operatorId);
    expect(facts?.agreements.map((one) => one.version)).toEqual([version]);
    const decision = facts && decideLookup(facts, '10.0.0.5', { nik: '', purpose: { service: 'SKU', reference: '1' } });
    if (typeof expected === 'string') expect(decision).toMatchObject({ allowed: false, code: expected });
    else expect(decision).toMatchObject({ allowed: true, actor: { elements: expected } });
  });

  test('of two that begin on one day the later one counts', async () => {
    const { clientId } = await makeOffice([first, extension, { ...narrowing, effectiveFrom: extension.effectiveFrom }]);
    await setDay('2025-01-01');
    expect((await repository.findFacts(clientId, null))?.agreements).toMatchObject([{ version: 3 }]);
  });

  test('a version that is not in effect yet does not hide one that is', async () => {
    const { clientId } = await makeOffice([first, { ...extension, effectiveFrom: '2099-01-01' }]);
    await setDay('2025-01-01');
    expect((await repository.findFacts(clientId, null))?.agreements).toMatchObject([
      { version: 1, validUntil: '2024-12-06' },
    ]);
  });
});

describe('findFacts', () => {
  const version = { effectiveFrom: '2026-01-01', validFrom: '2026-01-01', validUntil: '2027-12-31', elements: ['nik'] };

  test('knows no client that is not there', async () => {
    expect(await repository.findFacts('tidak-ada', null)).toBeUndefined();
  });

  test('takes no operator of another institution, nor a default in its place', async () => {
    const [here, there] = [await makeOffice([version]), await makeOffice([version])];
    await database.asSuperuser(database.name, (admin) =>
      admin.query('UPDATE access.client SET default_operator_id = $1 WHERE id = $2', [here.operatorId, here.clientId]),
    );
    expect((await repository.findFacts(here.clientId, there.operatorId))?.operator).toBeNull();
    expect((await repository.findFacts(here.clientId, here.operatorId))?.operator?.id).toBe(here.operatorId);
    expect((await repository.findFacts(here.clientId, null))?.operator?.id).toBe(here.operatorId);
    expect((await repository.findFacts(there.clientId, null))?.operator).toBeNull();
  });

  test.each([
    ['revoked', 'revoked_at = now()', true],
    ['past its expiry', 'expires_at = clock_timestamp()', true],
    ['before its expiry', "expires_at = now() + interval '1 day'", false],
  ])('a client that is %s', async (_name, change, revoked) => {
    const { clientId } = await makeOffice([version]);
    await database.asSuperuser(database.name, (admin) =>
      admin.query(`UPDATE access.client SET ${change} WHERE id = $1`, [clientId]),
    );
    expect((await repository.findFacts(clientId, null))?.client.revoked).toBe(revoked);
  });

  test('finds an operator only in their institution', async () => {
    const [here, there] = [await makeOffice([version]), await makeOffice([version])];
    expect(await repository.findOperator(here.institutionId, 'loket1')).toEqual({ id: here.operatorId });
    expect(await repository.findOperator(there.institutionId, 'loket1')).toEqual({ id: there.operatorId });
    expect(await repository.findOperator(here.institutionId, 'loket2')).toBeUndefined();
  });
});
