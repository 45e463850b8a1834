import type { Register, RegisterPerson, ReportContent } from '#contracts';
import { fixtureId, makeFigures } from './figures-fixture.js';

export { emptyFigures, fixtureId, makeFigures } from './figures-fixture.js';

type Version = Register['agreements'][number]['versions'][number];

export const makePerson = (n: number, overrides: Partial<RegisterPerson> = {}): RegisterPerson => ({
  id: fixtureId(0x100 + n),
  userIdLokal: `petugas.${n}`,
  name: `Petugas CONTOH ${n}`,
  nip: null,
  position: 'Petugas loket',
  role: 'operator',
  workUnit: `Loket ${(n % 3) + 1}`,
  activeFrom: '2024-12-07',
  activeUntil: null,
  revokedAt: null,
  nda: { number: `800/${n}/2024`, signedOn: '2024-12-07' },
  ...overrides,
});

/** Camat and so many operators; the last of them has no NDA, one more is revoked. */
export const makePeople = (operators = 3): RegisterPerson[] => [
  makePerson(0, {
    userIdLokal: 'camat.contoh',
    name: 'Camat CONTOH, S.Sos., M.Si.',
    nip: '197001011990011001',
    position: 'Camat',
    role: 'camat',
    workUnit: null,
  }),
  ...Array.from({ length: operators }, (_, n) => makePerson(n + 1, n === operators - 1 ? { nda: null } : {})),
  makePerson(operators + 1, { name: 'Petugas CONTOH Lama', revokedAt: '2026-02-10T03:00:00.000Z' }),
];

export const makeVersion = (version: number, overrides: Partial<Version> = {}): Version => ({
  id: fixtureId(0x400 + version),
  version,
  letterNumber: version === 1 ? null : `ADD-${version}/CONTOH/2025`,
  effectiveFrom: version === 1 ? '2024-12-07' : '2025-12-07',
  validFrom: '2024-12-07',
  validUntil: '2026-12-06',
  dailyQuota: 1_000,
  modes: ['LOOKUP', 'MATCH'],
  elements: ['nik', 'namaLengkap', 'alamat'],
  ...overrides,
});

export const makeRegister = (overrides: Partial<Register> = {}): Register => ({
  institution: {
    id: fixtureId(1),
    name: 'Kecamatan Contoh',
    regionCode: '33.98.01',
    address: 'Jl. Contoh Raya No. 1, Contoh',
  },
  agreements: [
    {
      id: fixtureId(0x400),
      number: 'PKS/CONTOH/2024',
      state: 'in-force',
      signedOn: '2024-12-01',
      terminatedAt: null,
      closedAt: null,
      versions: [makeVersion(1)],
      sptjm: [{ number: 'SPTJM/CONTOH/1', signedOn: '2024-12-02', signedBy: 'Camat CONTOH, S.Sos., M.Si.' }],
      openClosingSteps: [],
    },
  ],
  people: makePeople(),
  readers: [1, 2].map((n) => ({
    id: fixtureId(0x300 + n),
    serial: `UJI-000${n}`,
    brand: 'Merek Uji',
    type: 'KT-1',
    workUnit: `Loket ${n}`,
    registeredAt: '2025-01-06T02:00:00.000Z',
    revokedAt: null,
    state: n === 1 ? ('CONNECTED' as const) : ('DISCONNECTED' as const),
    samId: fixtureId(0x310 + n),
  })),
  sams: [1, 2].map((n) => ({
    id: fixtureId(0x310 + n),
    agreementId: fixtureId(0x400),
    sifilmaNumber: `SIFILMA-UJI-${n}`,
    letterNumber: `470/${n}/2025`,
    letterDate: '2025-01-03',
    serial: `SAM-UJI-${n}`,
    state: 'ACTIVE' as const,
  })),
  exceptions: [],
  stops: [{ stoppedAt: '2026-03-10T02:00:00.000Z', liftedAt: '2026-03-10T03:35:00.000Z' }],
  officeHolderChanges: [],
  ...overrides,
});

export const fixtureHash = 'c0ffee'.repeat(11).slice(0, 64);

/** Content of a report of the first semester of 2026; figures and register belong together. */
export function makeReportContent(overrides: Partial<ReportContent> = {}): ReportContent {
  const register = overrides.register ?? makeRegister();
  const period = overrides.period ?? { kind: 'FIRST_SEMESTER' as const, from: '2026-01-01', until: '2026-06-30' };
  const operatorIds = register.people.filter(({ role }) => role === 'operator').map(({ id }) => id);
  return {
    format: 'gerbang-report/1',
    id: fixtureId(2),
    type: 'REPORT',
    version: 1,
    corrects: null,
    supplements: null,
    institution: register.institution,
    period,
    asOf: {
      at: '2026-07-01T01:00:00.000Z',
      checkpoints: [
        {
          origin: 'gerbang.invalid/33.98.01/1',
          size: 42_000,
          root: 'ByT2dzT8CvkJH1nJzzLtBPLZzgCK1qfzJ9lY2vXvQ3A=',
          note: 'gerbang.invalid/33.98.01/1\n42000\nByT2dzT8CvkJH1nJzzLtBPLZzgCK1qfzJ9lY2vXvQ3A=\n\n',
        },
      ],
    },
    figures: makeFigures(period, operatorIds),
    reported: null,
    register,
    narrative: {
      obstacles: 'Jaringan tertutup terputus tiga kali pada bulan Maret.\nSatu alat baca perlu diganti kabelnya.',
      followUp: 'Kabel telah diganti. Kuota harian akan dimintakan tambahan dengan kajian teknis.',
    },
    ...overrides,
  };
}
