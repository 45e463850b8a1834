import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BalikanDestination, InstitutionFile } from '#contracts';
import { AppError, Log, poolOf, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import type { AdminActor } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { Configurator } from '../agreements/configurator.js';
import { ActsFixture } from '../operators/acts-fixture.js';
import { exportFile } from './export-institution.js';
import { InstitutionImporter, type ImportOptions } from './import-institution.js';

const sha256 = 'a'.repeat(64);
const atTheMachine = { kind: 'command-line' } as const;
const asFile: ImportOptions = { checkOnly: false, reason: 'uji', approve: false };

const file = (regionCode: string, changes: Partial<InstitutionFile> = {}): InstitutionFile =>
  InstitutionFile.parse({
    institution: { name: `Kecamatan ${regionCode}`, regionCode, address: 'Jl. Contoh No. 1' },
    agreement: {
      number: 'PKS/UJI/2026',
      counterpartNumber: '470/1/2026',
      signedOn: '2026-01-01',
      sptjm: { number: 'SPTJM/1', signedOn: '2026-01-01', documentSha256: sha256, signedBy: 'Camat Uji' },
      versions: [
        {
          effectiveFrom: '2026-01-01',
          validFrom: '2026-01-01',
          validUntil: '2027-12-31',
          elements: ['nik', 'namaLengkap'],
          modes: ['LOOKUP'],
          dailyQuota: 500,
          networks: ['10.1.2.0/24'],
          userIdOwner: { name: 'Camat Uji', position: 'Camat' },
          contacts: [{ party: 'KECAMATAN', name: 'Admin Uji', email: 'ti@kecamatan.example' }],
        },
      ],
    },
    operators: [
      {
        userIdLokal: 'loket1',
        role: 'operator',
        fullName: 'Operator Uji',
        activeFrom: '2026-01-01',
        nik: '3313044107909901',
      },
      { userIdLokal: 'camat', role: 'camat', fullName: 'Camat Uji', activeFrom: '2026-01-01' },
    ],
    clients: [
      { id: `app-${regionCode}`, name: 'Aplikasi', scopes: ['verifications:write'], defaultOperator: 'loket1' },
    ],
    ...changes,
  });

let fixture: ActsFixture;
let importer: InstitutionImporter;
let administration: Administration;
let configured: unknown[];

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  configured = [];
  // the look-up service is another one; what it is told is kept
  const bus = {
    call: async (_rpc: unknown, input: unknown) => (configured.push(input), { configured: true, mediaRecipients: [] }),
  };
  administration = new Administration(fixture.source);
  const configurator = new Configurator(
    poolOf(fixture.source),
    bus as unknown as RpcClient,
    Log.create('uji', 'error'),
  );
  importer = new InstitutionImporter(administration, fixture.sealing, configurator, bus as unknown as RpcClient);
});
afterAll(() => fixture.drop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('an import', () => {
  test('does what one person may do, proposes the versions, and shows each secret once', async () => {
    const evaluator = await fixture.actor('evaluator');
    const result = await importer.import(file('33.98.11'), evaluator, asFile);
    expect(result.changes).toHaveLength(7);
    expect(result.proposals).toHaveLength(1);
    expect(result.secrets).toEqual([{ clientId: 'app-33.98.11', secret: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(
      await fixture.sql('SELECT FROM access.agreement_version WHERE letter_number IS NULL AND daily_quota = 500'),
    ).toEqual([]);
    const [operator] = await fixture.sql<{ nik_sealed: Buffer | null }>(
      "SELECT nik_sealed FROM access.operator WHERE user_id_lokal = 'loket1' AND institution_id = $1",
      [result.institutionId],
    );
    expect(operator?.nik_sealed?.toString('latin1')).not.toContain('3313044107909901');
    const events = await fixture.sql(
      'SELECT before, after, input::text FROM access.admin_event LEFT JOIN access.proposal ON proposal.id = proposal_id WHERE admin_event.institution_id = $1',
      [result.institutionId],
    );
    expect(JSON.stringify(events)).not.toContain('3313044107909901');
  });

  test('hands on where data balikan go, sealed elsewhere and never to be read again', async () => {
    const dataBalikan = BalikanDestination.parse({
      idLembaga: '000001',
      namaLembaga: 'Kecamatan Uji',
      service: { baseUrl: 'http://10.0.0.20', token: 'token-rahasia' },
    });
    const given = file('33.98.19', { dataBalikan });
    const { institutionId } = await importer.import(given, atTheMachine, asFile);
    expect(configured.at(-1)).toMatchObject({ institutionId, destination: dataBalikan });
    const events = await fixture.sql('SELECT * FROM access.admin_event WHERE institution_id = $1', [institutionId]);
    expect(JSON.stringify(events)).toContain('data-balikan.configure');
    expect(JSON.stringify(events)).not.toMatch(/token-rahasia|10\.0\.0\.20/);
    // the evaluator who brings a kecamatan in need not know its token (O-16)
    const evaluator = await fixture.actor('evaluator');
    const refused = importer.import(file('33.98.20', { dataBalikan }), evaluator, asFile);
    await expect(refused).rejects.toMatchObject({ extras: { issues: [{ path: 'file.dataBalikan' }] } });
  });

  test('given again changes nothing and proposes nothing', async () => {
    await importer.import(file('33.98.12'), atTheMachine, asFile);
    const again = await importer.import(file('33.98.12'), atTheMachine, asFile);
    expect(again).toMatchObject({ changes: [], proposals: [], secrets: [] });
  });

  test('that is only checked tells what would change, and leaves nothing', async () => {
    const before = await fixture.sql('SELECT count(*) FROM access.admin_event');
    const result = await importer.import(file('33.98.13'), atTheMachine, { ...asFile, checkOnly: true });
    expect(result).toMatchObject({ institutionId: null, proposals: [], secrets: [] });
    expect(result.changes.length).toBeGreaterThan(5);
    expect(await fixture.sql("SELECT FROM access.institution WHERE region_code = '33.98.13'")).toEqual([]);
    expect(await fixture.sql('SELECT count(*) FROM access.admin_event')).toEqual(before);
  });

  test('tells all faults of agreement, people and clients at once, and leaves nothing', async () => {
    const wrong = file('33.98.14');
    Object.assign(wrong.agreement?.versions[0] ?? {}, { validUntil: '2025-01-01', networks: ['8.8.8.0/24'] });
    wrong.operators[1] = { ...wrong.operators[1], userIdLokal: 'loket1', role: 'evaluator' } as never;
    wrong.clients[0] = { ...wrong.clients[0], id: 'portal', defaultOperator: 'tidak.ada' } as never;
    const evaluator = await fixture.actor('evaluator');
    const error = await importer.import(wrong, evaluator, asFile).then(
      () => undefined,
      (thrown: unknown) => thrown as AppError,
    );
    expect(error?.code).toBe('REQUEST_INVALID');
    const paths = error?.extras.issues?.map(({ path }) => path);
    expect(paths).toEqual([
      'file.agreement.versions.0.validUntil',
      'file.agreement.versions.0.effectiveFrom',
      'file.agreement.versions.0.networks.0',
      'file.operators.1.role',
      'file.clients.0.defaultOperator',
      'file.clients.0.id',
    ]);
    expect(await fixture.sql("SELECT FROM access.institution WHERE region_code = '33.98.14'")).toEqual([]);
  });

  test('does not change a version that is on file', async () => {
    const seeded: ImportOptions = { ...asFile, approve: true };
    await importer.import(file('33.98.15'), atTheMachine, seeded);
    const other = file('33.98.15');
    Object.assign(other.agreement?.versions[0] ?? {}, { dailyQuota: 9_999 });
    expect(await code(importer.import(other, atTheMachine, seeded))).toBe('REQUEST_INVALID');
    expect(configured.at(-1)).toMatchObject({ quota: [{ effectiveFrom: '2026-01-01', dailyLimit: 500 }] });
  });

  const ofKecamatan = async (role: 'admin'): Promise<AdminActor> => fixture.actor(role);
  test.each([
    ['an admin brings in another kecamatan', '33.98.16', () => ofKecamatan('admin'), 'ROLE_NOT_ALLOWED'],
    ['an admin brings things into the neighbour', '33.98.02', () => ofKecamatan('admin'), 'ROLE_NOT_ALLOWED'],
    [
      'an evaluator brings things into a kecamatan that is there',
      '33.98.01',
      () => fixture.actor('evaluator'),
      'ROLE_NOT_ALLOWED',
    ],
    [
      'an evaluator brings in a kecamatan of another kabupaten',
      '33.97.01',
      () => fixture.actor('evaluator'),
      'ROLE_NOT_ALLOWED',
    ],
  ] as const)('is refused when %s', async (_name, regionCode, actor, expected) =>
    expect(await code(importer.import(file(regionCode), await actor(), asFile))).toBe(expected),
  );
});

test('an export, brought in elsewhere, exports the same; it holds no secret and no NIK', async () => {
  const exported = async (regionCode: string) => {
    const [row] = await fixture.sql<{ id: string }>('SELECT id FROM access.institution WHERE region_code = $1', [
      regionCode,
    ]);
    return administration.read(atTheMachine, row?.id ?? '', exportFile);
  };
  await importer.import(file('33.98.21'), atTheMachine, { ...asFile, approve: true });
  const first = await exported('33.98.21');
  const text = JSON.stringify(first);
  expect(text).not.toMatch(/secret|3313044107909901/i);
  const moved = JSON.parse(
    text.replaceAll('33.98.21', '33.98.22').replaceAll('"username":"', '"username":"b-'),
  ) as unknown;
  await importer.import(InstitutionFile.parse(moved), atTheMachine, { ...asFile, approve: true });
  expect(await exported('33.98.22')).toEqual(moved);
});
