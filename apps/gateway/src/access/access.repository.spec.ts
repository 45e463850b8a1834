import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { scopes } from '#contracts';
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
beforeEach(() => realTime());

/** The clock of the access decision, Asia/Jakarta. */
const setDay = (day: string, time = '10:00'): Promise<void> =>
  database.setAccessClock({ at: `${day}T${time}:00+07:00` });
const realTime = (): Promise<void> => database.setAccessClock({ offsetMs: 0 });

const sql = (text: string, values: unknown[] = []) =>
  database.asSuperuser(database.name, async (admin) => (await admin.query<Record<string, string>>(text, values)).rows);

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
    await admin.query(
      "INSERT INTO access.sptjm (agreement_id, number, signed_on, document_sha256) VALUES ($1, 'SPTJM', '2020-01-01', '')",
      [agreementId],
    );
    const operatorId = await insert(
      "INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from) VALUES ($1, 'loket1', 'Uji', 'operator', '2020-01-01')",
      [institutionId],
    );
    await admin.query(
      "INSERT INTO access.nda (operator_id, number, signed_on, document_sha256) VALUES ($1, 'NDA', '2020-01-01', '')",
      [operatorId],
    );
    await insert(
      "INSERT INTO access.client (id, institution_id, name, scopes) VALUES ($1, $2, 'Uji', '{verifications:write}')",
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

  test.each([
    ['2026-06-15', 'AGREEMENT_NOT_STARTED'],
    ['2026-07-01', ['nik']],
  ])('on %s, of a first version that takes effect later than its term begins', async (day, expected) => {
    const { clientId, operatorId } = await makeOffice([
      { effectiveFrom: '2026-07-01', validFrom: '2026-01-01', validUntil: '2027-12-31', elements: ['nik'] },
    ]);
    await setDay(day);
    const facts = await repository.findFacts(clientId, operatorId);
    const decision = facts && decideLookup(facts, '10.0.0.5', { nik: '', purpose: { service: 'SKU', reference: '1' } });
    if (typeof expected === 'string') expect(decision).toMatchObject({ allowed: false, code: expected });
    else expect(decision).toMatchObject({ allowed: true, actor: { elements: expected } });
  });

  test.each(['terminated_at', 'closing_at', 'closed_at'])('with %s it is over', async (column) => {
    const { clientId, institutionId } = await makeOffice([first, extension]);
    expect((await repository.findFacts(clientId, null))?.agreements).toMatchObject([{ over: false }]);
    await sql(`UPDATE access.agreement SET ${column} = now() WHERE institution_id = $1`, [institutionId]);
    expect((await repository.findFacts(clientId, null))?.agreements).toMatchObject([{ over: true }]);
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

  test('all secrets that count today, the oldest first', async () => {
    const { clientId } = await makeOffice([version]);
    expect((await repository.findFacts(clientId, null))?.client.secrets).toEqual([]);
    const add = (secret: string, expires: string | null) =>
      sql('INSERT INTO access.client_secret (client_id, secret_sha256, expires_at) VALUES ($1, $2, $3)', [
        clientId,
        secret,
        expires,
      ]);
    await add('aa', '2026-06-15T12:00:00+07:00');
    await add('bb', null);
    await add('cc', '2026-06-14T12:00:00+07:00');
    const secretsAt = async (time: string) => {
      await setDay('2026-06-15', time);
      return (await repository.findFacts(clientId, null))?.client.secrets;
    };
    expect(await secretsAt('11:59')).toEqual(['aa', 'bb']);
    expect(await secretsAt('12:00')).toEqual(['bb']);
  });

  test('keys, certificate and expiry of a client', async () => {
    const { clientId } = await makeOffice([version]);
    expect((await repository.findFacts(clientId, null))?.client).toMatchObject({
      jwks: null,
      certificateRequired: false,
      expiresOn: null,
    });
    const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x' }] };
    await sql(
      "UPDATE access.client SET jwks = $2, certificate_required = true, expires_at = '2099-12-31T17:30:00Z' WHERE id = $1",
      [clientId, jwks],
    );
    // the day in Jakarta
    expect((await repository.findFacts(clientId, null))?.client).toMatchObject({
      jwks,
      certificateRequired: true,
      expiresOn: '2100-01-01',
      revoked: false,
    });
  });

  test('an access that is stopped, until the stop is lifted', async () => {
    const [here, there] = [await makeOffice([version]), await makeOffice([version])];
    const stopped = async ({ clientId }: typeof here) =>
      (await repository.findFacts(clientId, null))?.institution.stopped;
    expect(await stopped(here)).toBe(false);
    await sql(
      "INSERT INTO access.emergency_stop (institution_id, reason, stopped_by_role, stopped_at) VALUES ($1, 'uji', 'camat', now())",
      [here.institutionId],
    );
    expect(await stopped(here)).toBe(true);
    expect(await stopped(there)).toBe(false);
    await sql('UPDATE access.emergency_stop SET lifted_at = now() WHERE institution_id = $1', [here.institutionId]);
    expect(await stopped(here)).toBe(false);
  });

  test.each([
    ['2026-06-14', '23:59', 7],
    ['2026-06-15', '00:00', 1],
    ['2026-06-15', '16:05', 1],
  ])('day and time are those of Jakarta: %s %s', async (day, time, weekday) => {
    const { clientId } = await makeOffice([version]);
    await setDay(day, time);
    expect(await repository.findFacts(clientId, null)).toMatchObject({ today: day, time, weekday });
  });

  test('working hours and the NDA of the present assignment', async () => {
    const { clientId, operatorId } = await makeOffice([version]);
    const operator = async () => (await repository.findFacts(clientId, operatorId))?.operator;
    expect(await operator()).toMatchObject({ fullName: 'Uji', workingHours: null, ndaSignedOn: '2020-01-01' });
    const workingHours = { days: [1, 2], from: '07:30', until: '16:00' };
    await sql('UPDATE access.operator SET assignment = 2, working_hours = $2 WHERE id = $1', [
      operatorId,
      workingHours,
    ]);
    expect(await operator()).toMatchObject({ workingHours, ndaSignedOn: null });
    await sql(
      "INSERT INTO access.nda (operator_id, assignment, number, signed_on, document_sha256) VALUES ($1, 2, 'NDA', '2026-02-01', '')",
      [operatorId],
    );
    expect(await operator()).toMatchObject({ ndaSignedOn: '2026-02-01' });
  });

  test('finds an operator only in their institution', async () => {
    const [here, there] = [await makeOffice([version]), await makeOffice([version])];
    expect(await repository.findOperator(here.institutionId, 'loket1')).toEqual({ id: here.operatorId });
    expect(await repository.findOperator(there.institutionId, 'loket1')).toEqual({ id: there.operatorId });
    expect(await repository.findOperator(here.institutionId, 'loket2')).toBeUndefined();
  });
});

describe('the people of a Disdukcapil', () => {
  const version = { effectiveFrom: '2026-01-01', validFrom: '2026-01-01', validUntil: '2027-12-31', elements: ['nik'] };

  async function addPerson(institutionId: string, userIdLokal: string, role: string): Promise<string> {
    const [row] = await sql(
      "INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from) VALUES ($1, $2, 'Uji', $3, '2020-01-01') RETURNING id",
      [institutionId, userIdLokal, role],
    );
    return row?.id ?? '';
  }

  /** Each of a kabupaten of its own, so that the tests do not see each other. */
  async function addDisdukcapil(regionCode: string, kind = 'disdukcapil'): Promise<string> {
    const [row] = await sql(
      "INSERT INTO access.institution (name, region_code, kind) VALUES ('Disdukcapil Uji', $1, $2) RETURNING id",
      [regionCode, kind],
    );
    return row?.id ?? '';
  }

  async function makeKecamatan(regionCode: string) {
    const office = await makeOffice([version]);
    await sql('UPDATE access.institution SET region_code = $2 WHERE id = $1', [office.institutionId, regionCode]);
    return office;
  }

  test('an evaluator stands behind requests of every kecamatan below it, and of no other', async () => {
    const [below, beside] = [await makeKecamatan('33.11.01'), await makeKecamatan('33.12.01')];
    const above = await addDisdukcapil('33.11');
    const evaluator = await addPerson(above, 'evaluator', 'evaluator');
    expect((await repository.findFacts(below.clientId, evaluator))?.operator).toMatchObject({
      id: evaluator,
      role: 'evaluator',
    });
    expect(await repository.findOperator(below.institutionId, 'evaluator')).toEqual({ id: evaluator });
    expect((await repository.findFacts(beside.clientId, evaluator))?.operator).toBeNull();
    expect(await repository.findOperator(beside.institutionId, 'evaluator')).toBeUndefined();
  });

  test.each(['operator', 'camat', 'admin'])('nobody else does: %s', async (role) => {
    const kabupaten = { operator: '33.21', camat: '33.22', admin: '33.23' }[role] ?? '';
    const below = await makeKecamatan(`${kabupaten}.01`);
    const person = await addPerson(await addDisdukcapil(kabupaten), role, role);
    expect((await repository.findFacts(below.clientId, person))?.operator).toBeNull();
    expect(await repository.findOperator(below.institutionId, role)).toBeUndefined();
  });

  test('the evaluator of an institution that is none stands for nobody else', async () => {
    const below = await makeKecamatan('33.31.01');
    const evaluator = await addPerson(await addDisdukcapil('33.31', 'kecamatan'), 'evaluator', 'evaluator');
    expect((await repository.findFacts(below.clientId, evaluator))?.operator).toBeNull();
  });

  test("of two with one User ID lokal the institution's own counts", async () => {
    const below = await makeKecamatan('33.41.01');
    await addPerson(await addDisdukcapil('33.41'), 'loket1', 'evaluator');
    expect(await repository.findOperator(below.institutionId, 'loket1')).toEqual({ id: below.operatorId });
  });
});

describe('findSessionFacts', () => {
  const version = { effectiveFrom: '2026-01-01', validFrom: '2026-01-01', validUntil: '2027-12-31', elements: ['nik'] };
  const idleSeconds = 900;

  /** A session that began on 2026-06-15 at 10:00 and ends at 20:00. */
  async function logIn() {
    const office = await makeOffice([version]);
    const sha256 = createHash('sha256').update(randomBytes(32)).digest();
    const [row] = await sql(
      `INSERT INTO access.session (token_sha256, operator_id, address, created_at, last_seen_at, expires_at)
       VALUES ($1, $2, '10.0.0.5', '2026-06-15T10:00+07:00', '2026-06-15T10:00+07:00', '2026-06-15T20:00+07:00') RETURNING id`,
      [sha256, office.operatorId],
    );
    await sql('INSERT INTO access.account (operator_id, username) VALUES ($1, $2)', [
      office.operatorId,
      `uji-${office.operatorId}`,
    ]);
    const tokenSha256 = sha256.toString('base64url');
    return {
      ...office,
      id: row?.id ?? '',
      find: async (time: string) => {
        await setDay('2026-06-15', time);
        return repository.findSessionFacts(tokenSha256, idleSeconds);
      },
    };
  }

  test('knows no session that is not there', async () => {
    expect(await repository.findSessionFacts(randomBytes(32).toString('base64url'), idleSeconds)).toBeUndefined();
  });

  test('the person asks by the portal, which has every scope and is no client', async () => {
    const { find, operatorId, institutionId, id } = await logIn();
    const facts = await find('10:05');
    expect(facts).toMatchObject({
      today: '2026-06-15',
      institution: { id: institutionId, kind: 'kecamatan', stopped: false },
      client: { id: 'portal', scopes: [...scopes], secrets: [], jwks: null, networks: null, revoked: false },
      operator: { id: operatorId, role: 'operator' },
      session: { id, secondFactor: false },
      agreements: [{ version: 1 }],
    });
    expect(Date.parse(facts?.session?.expiresAt ?? '')).toBe(Date.parse('2026-06-15T20:00+07:00'));
  });

  test('has the same parts as the facts of an application', async () => {
    const { find, clientId, operatorId } = await logIn();
    const ofPerson = await find('10:05');
    const ofClient = await repository.findFacts(clientId, operatorId);
    for (const part of ['institution', 'client', 'operator'] as const)
      expect(Object.keys(ofPerson?.[part] ?? {}).sort()).toEqual(Object.keys(ofClient?.[part] ?? {}).sort());
    expect(Object.keys(ofPerson ?? {}).sort()).toEqual(Object.keys(ofClient ?? {}).sort());
  });

  test('says whether there is a second factor', async () => {
    const { find, operatorId } = await logIn();
    await sql('UPDATE access.account SET totp_confirmed_at = now() WHERE operator_id = $1', [operatorId]);
    expect((await find('10:05'))?.session).toMatchObject({ secondFactor: true });
  });

  test('being asked keeps it awake; without that it ends, and stays ended', async () => {
    const { find } = await logIn();
    for (const time of ['10:14', '10:28', '10:42']) expect(await find(time)).toBeDefined();
    expect(await find('10:57')).toBeUndefined();
    expect(await find('10:58')).toBeUndefined();
  });

  test('ends in any case when its time is over', async () => {
    const { find, id } = await logIn();
    await sql("UPDATE access.session SET last_seen_at = '2026-06-15T19:59+07:00' WHERE id = $1", [id]);
    expect(await find('19:59')).toBeDefined();
    expect(await find('20:00')).toBeUndefined();
  });

  test('is over when it was ended', async () => {
    const { find, id } = await logIn();
    await sql("UPDATE access.session SET ended_at = '2026-06-15T10:01+07:00' WHERE id = $1", [id]);
    expect(await find('10:05')).toBeUndefined();
  });
});
