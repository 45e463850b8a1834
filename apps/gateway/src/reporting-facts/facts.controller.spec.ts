import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getRegister, listExceptions, listOffices, listPeople, type Register, type RegisterPerson } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture, refusal, sha256, today } from '../operators/acts-fixture.js';
import { makeOperatorActs } from '../operators/office-holder-acts.js';
import { stopInstitution } from '../institutions/institution-acts.js';
import { registerReader } from '../readers/reader-acts.js';
import { askFacts } from './facts-fixture.js';

const mostBytes = 256 * 1024;
const nik = '3313044107909901';
let fixture: ActsFixture;
let agreementId: string;
let camat: string;

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  agreementId = await agreement(fixture.kecamatan, 'PKS/UJI', [
    ['2024-01-01', '2024-01-01', '2025-12-31'],
    ['2026-01-01', '2024-01-01', '2026-12-31'],
  ]);
  await agreement(fixture.neighbour, 'PKS/LAIN', [['2027-01-01', '2027-01-01', '2027-12-31']]);
  camat = await fixture.person({ role: 'camat' });
});
afterAll(() => fixture.drop());

/** Each version from a day, valid from and until. */
async function agreement(institutionId: string, number: string, versions: [string, string, string][]): Promise<string> {
  const [made] = await fixture.sql<{ id: string }>(
    'INSERT INTO access.agreement (institution_id, number) VALUES ($1, $2) RETURNING id',
    [institutionId, number],
  );
  const id = made?.id ?? '';
  for (const [index, dates] of versions.entries())
    await fixture.sql(
      `INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements, modes,
         daily_quota, networks, user_id_owner, contacts)
       VALUES ($1, $2, $3, $4, $5, '{nik,alamat}', '{LOOKUP}', 1000, '{10.33.13.0/24}', '{"name": "Pejabat Rahasia"}',
         '[{"phone": "0812"}]')`,
      [id, index + 1, ...dates],
    );
  return id;
}

const office = () => askFacts(fixture, getRegister, { institutionId: fixture.kecamatan });
const offices = async (after: string | null = null) => (await askFacts(fixture, listOffices, { after })).offices;
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('offices', () => {
  const termOf = async (institutionId: string) => {
    const found = (await offices()).find(({ id }) => id === institutionId);
    return found && [found.validFrom, found.validUntil, found.closed];
  };
  const change = (columns: string) =>
    fixture.sql(`UPDATE access.agreement SET ${columns} WHERE id = $1`, [agreementId]);

  test('are the kecamatan with an agreement, by id, in pages', async () => {
    const all = await offices();
    expect(all.map(({ id }) => id)).toEqual([fixture.kecamatan, fixture.neighbour].sort());
    expect(all.map(({ name }) => name).sort()).toEqual(['Kecamatan Lain', 'Kecamatan Uji']);
    expect(await offices(all[0]?.id)).toEqual(all.slice(1));
    expect(await termOf(fixture.neighbour)).toEqual(['2027-01-01', '2027-12-31', false]);
  });

  test('from the first day to the last on which an agreement is in force', async () => {
    expect(await termOf(fixture.kecamatan)).toEqual(['2024-01-01', '2026-12-31', false]);
    // in Jakarta the second of June has begun: the first was the last day
    await change("terminated_at = '2026-06-01T17:30:00Z'");
    expect(await termOf(fixture.kecamatan)).toEqual(['2024-01-01', '2026-06-01', false]);
    await change('closed_at = access.clock()');
    expect(await termOf(fixture.kecamatan)).toEqual(['2024-01-01', '2026-06-01', true]);
    // never in force
    await change("terminated_at = '2023-01-01T00:00:00Z'");
    expect(await termOf(fixture.kecamatan)).toBeUndefined();
    await change('terminated_at = NULL, closed_at = NULL');
  });

  test('a version that shortens the term counts from its day on', async () => {
    const id = await agreement(fixture.kecamatan, 'PKS/DUA', [
      ['2020-01-01', '2020-01-01', '2030-12-31'],
      ['2021-01-01', '2020-01-01', '2021-06-30'],
    ]);
    expect(await termOf(fixture.kecamatan)).toEqual(['2020-01-01', '2026-12-31', false]);
    await fixture.sql('DELETE FROM access.agreement_version WHERE agreement_id = $1', [id]);
    await fixture.sql('DELETE FROM access.agreement WHERE id = $1', [id]);
  });
});

describe('the register', () => {
  test('names agreement, statement, devices, stops and changes of the office-holder', async () => {
    await fixture.sql(
      "INSERT INTO access.sptjm (agreement_id, number, signed_on, document_sha256) VALUES ($1, 'SPTJM/1', '2024-01-01', $2)",
      [agreementId, sha256],
    );
    const reader = await fixture.perform(registerReader, {
      ...{ brand: 'Uji', type: 'U1', serial: 'RDR-1', workUnit: 'Loket' },
    });
    const samId = await assignSam(reader.id);
    await fixture.perform(stopInstitution, { why: 'Uji' }, { actor: await fixture.actor('camat') });
    const letter = { letterNumber: '800/1/2026', letterDate: today, documentSha256: sha256 };
    const successor = { userIdLokal: 'camat2', fullName: 'Camat Uji', role: 'camat', activeFrom: today, nik } as const;
    const { changeOfficeHolder, createOperator } = makeOperatorActs(fixture.sealing);
    await fixture.perform(changeOfficeHolder, { leaver: camat, successor, from: today, ...letter });
    await fixture.perform(createOperator, { operator: { ...successor, userIdLokal: 'camat3' } });
    await fixture.perform(createOperator, { operator: { ...successor, userIdLokal: 'loket3', role: 'operator' } });

    const register = await office();
    expect(register.institution).toMatchObject({ id: fixture.kecamatan, name: 'Kecamatan Uji', address: null });
    expect(register.agreements).toMatchObject([
      {
        ...{
          id: agreementId,
          state: 'in-force',
          terminatedAt: null,
          closedAt: null,
          openClosingSteps: [],
          networks: 1,
        },
        versions: [
          { version: 1, validUntil: '2025-12-31', dailyQuota: 1000, elements: ['nik', 'alamat'], modes: ['LOOKUP'] },
          { version: 2, validUntil: '2026-12-31' },
        ],
        sptjm: [{ number: 'SPTJM/1', signedOn: '2024-01-01', signedBy: null }],
      },
    ]);
    expect(register.readers).toMatchObject([{ id: reader.id, state: 'NOT_JOINED', samId, revokedAt: null }]);
    expect(register.sams).toMatchObject([{ id: samId, agreementId, state: 'ACTIVE', serial: 'SAM-1' }]);
    expect(register.stops).toEqual([{ stoppedAt: '2026-06-15T02:00:00.000Z', liftedAt: null }]);
    expect(register.officeHolderChanges.map(({ act, letterNumber }) => [act, letterNumber])).toEqual([
      ['operator.create', null],
      ['operator.change-office-holder', '800/1/2026'],
    ]);
  });

  test('has no network, no person and no NIK in it', async () => {
    const text = JSON.stringify(await office());
    expect(text).not.toMatch(/3313044107909901|10\.33\.13|Rahasia|0812|Camat Uji|fingerprint/i);
  });

  test('of an ended agreement tells what its closing still asks for', async () => {
    await fixture.sql("UPDATE access.agreement SET terminated_at = '2026-06-01' WHERE id = $1", [agreementId]);
    await fixture.sql(
      `INSERT INTO access.closing_step (agreement_id, step, applicable, recorded_at) VALUES ($1, 'SAM_RETURNED', true, now())`,
      [agreementId],
    );
    const [first] = (await office()).agreements;
    expect(first).toMatchObject({ state: 'ended', terminatedAt: '2026-06-01T00:00:00.000Z' });
    expect(first?.openClosingSteps).toEqual(['DATA_BALIKAN_DELIVERED', 'FINAL_REPORT', 'KEYS_DESTROYED']);
    await fixture.sql('UPDATE access.agreement SET terminated_at = NULL');
  });

  test('of a rich office fits one message', async () => {
    await fixture.sql(
      `INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at)
       SELECT $1, repeat('B', 100), repeat('T', 100), 'S' || n, repeat('U', 100), now() FROM generate_series(1, 200) AS n`,
      [fixture.kecamatan],
    );
    await fixture.sql(
      `INSERT INTO access.sam (institution_id, agreement_id, sifilma_number, letter_number, letter_date, requested_at)
       SELECT $1, $2, 'SIFILMA' || n, repeat('L', 100), '2026-01-01', now() FROM generate_series(1, 200) AS n`,
      [fixture.kecamatan, agreementId],
    );
    const register = await office();
    expect([register.readers.length, register.sams.length]).toEqual([201, 201]);
    expect(bytes(register)).toBeLessThan(mostBytes);
  });

  test('is nobody’s but a kecamatan’s', async () => {
    for (const institutionId of [fixture.disdukcapil, '019ab3c4-5d6e-7f80-9123-456789abcdef']) {
      expect(await refusal(askFacts(fixture, getRegister, { institutionId }))).toBe('RESOURCE_NOT_FOUND');
      expect(await refusal(askFacts(fixture, listPeople, { institutionId, after: null }))).toBe('RESOURCE_NOT_FOUND');
    }
    const other = await askFacts(fixture, getRegister, { institutionId: fixture.neighbour });
    expect(other).toMatchObject({ readers: [], sams: [], stops: [], officeHolderChanges: [] });
    expect(other.agreements).toHaveLength(1);
  });
});

async function assignSam(readerId: string): Promise<string> {
  const [sam] = await fixture.sql<{ id: string }>(
    `INSERT INTO access.sam (institution_id, agreement_id, sifilma_number, letter_number, letter_date, requested_at, serial,
       pcid_fingerprint, personalised_on, activated_on)
     VALUES ($1, $2, 'SIFILMA/1', 'SURAT/1', '2026-01-01', now(), 'SAM-1', 'fingerprint', '2026-01-02', '2026-01-03')
     RETURNING id`,
    [fixture.kecamatan, agreementId],
  );
  await fixture.sql(
    'INSERT INTO access.sam_assignment (sam_id, reader_id, assigned_at) VALUES ($1, $2, access.clock())',
    [sam?.id, readerId],
  );
  return sam?.id ?? '';
}

test('people come in pages that fit, each once, with the NDA of their present assignment and without a NIK', async () => {
  await fixture.sql(
    `INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from, nik_sealed, position, work_unit,
       revoked_at, assignment)
     SELECT $1, 'massal' || n, repeat('Orang Uji ', 40), 'operator', '2026-01-01', 'x', repeat('J', 500), repeat('U', 500),
       access.clock(), 2 FROM generate_series(1, 350) AS n`,
    [fixture.kecamatan],
  );
  const of = (number: string, assignment: number) =>
    fixture.sql(
      `INSERT INTO access.nda (operator_id, assignment, number, signed_on, document_sha256)
       SELECT id, $2, $1, '2026-01-02', $3 FROM access.operator WHERE user_id_lokal = 'massal1'`,
      [number, assignment, sha256],
    );
  for (const [number, assignment] of [
    ['lama', 1],
    ['dua', 2],
    ['tiga', 2],
  ] as const)
    await of(number, assignment);
  const people: RegisterPerson[] = [];
  let pages = 0;
  for (let after: string | null = null; pages === 0 || after !== null; pages++) {
    const page: { people: RegisterPerson[]; next: string | null } = await askFacts(fixture, listPeople, {
      ...{ institutionId: fixture.kecamatan, after },
    });
    expect(bytes(page)).toBeLessThan(mostBytes);
    people.push(...page.people);
    after = page.next;
  }
  expect(pages).toBeGreaterThan(2);
  const rows = await fixture.sql<{ id: string }>(
    'SELECT id FROM access.operator WHERE institution_id = $1 ORDER BY id',
    [fixture.kecamatan],
  );
  expect(people.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  const one = people.find(({ userIdLokal }) => userIdLokal === 'massal1');
  expect(one).toMatchObject({ nda: { number: 'tiga' }, revokedAt: '2026-06-15T02:00:00.000Z' });
  expect(people.find(({ userIdLokal }) => userIdLokal === 'massal2')?.nda).toBeNull();
  expect(JSON.stringify(people)).not.toMatch(new RegExp(`${nik}|nikSealed`));
});

test('exceptions are those of the days in Jakarta, oldest first, in pages, without case and people', async () => {
  const asked = { institutionId: fixture.kecamatan, from: '2026-01-01', until: '2026-06-30' };
  const add = (at: string, count: number) =>
    fixture.sql(
      `INSERT INTO access.reader_exception (reader_id, institution_id, service, reference, reason, note, requested_by,
         requested_at, decision, decided_by, decided_at)
       SELECT (SELECT min(id::text)::uuid FROM access.reader WHERE institution_id = $1), $1, 'SKU', 'perkara', 'WORN_FINGER',
         'catatan', $2, $3::timestamptz + make_interval(secs => n / 2), 'approved', $4, $3::timestamptz
       FROM generate_series(0, $5::int - 1) AS n`,
      [fixture.kecamatan, camat, at, people[0], count],
    );
  const people = [await fixture.person()];
  await add('2025-12-31T16:59:59Z', 1);
  await add('2025-12-31T17:00:00Z', 1_500);
  await add('2026-06-30T16:59:59Z', 1);
  await add('2026-06-30T17:00:00Z', 1);
  const first = await askFacts(fixture, listExceptions, { ...asked, after: null });
  const second = await askFacts(fixture, listExceptions, { ...asked, after: first.next });
  expect(second.next).toBeNull();
  const all: Register['exceptions'] = [...first.exceptions, ...second.exceptions];
  expect(all).toHaveLength(1_501);
  expect(all[0]).toEqual({ requestedAt: '2025-12-31T17:00:00.000Z', reason: 'WORN_FINGER', decision: 'approved' });
  expect(all.at(-1)?.requestedAt).toBe('2026-06-30T16:59:59.000Z');
  expect(all.map(({ requestedAt }) => requestedAt)).toEqual([...all.map(({ requestedAt }) => requestedAt)].sort());
  expect(bytes(first)).toBeLessThan(mostBytes);
  const elsewhere = { ...asked, institutionId: fixture.neighbour, after: null };
  expect(await askFacts(fixture, listExceptions, elsewhere)).toEqual({ exceptions: [], next: null });
});
