import { randomUUID } from 'node:crypto';
import type { Coverage, Duty, ObligationState, RegisterPerson } from '#contracts';
import type { FactName, Facts, OfficeRegister, ReportStanding } from './facts.js';
import { worstOf, type Finding, type Rule } from './rule.js';

export const institutionId = '019ab3c4-5d6e-7f80-9123-000000000001';

type Agreement = OfficeRegister['agreements'][number];
type Version = Agreement['versions'][number];

export const makeVersion = (overrides: Partial<Version> = {}): Version => ({
  id: randomUUID(),
  version: 1,
  letterNumber: null,
  effectiveFrom: '2025-01-01',
  validFrom: '2025-01-01',
  validUntil: '2026-12-31',
  dailyQuota: 1_000,
  modes: ['LOOKUP'],
  elements: ['nik'],
  ...overrides,
});

/** In force from 1 January 2025 to 31 December 2026, with everything that it needs. */
export const makeAgreement = (overrides: Partial<Agreement> = {}): Agreement => ({
  id: randomUUID(),
  number: '470/12/2025',
  state: 'in-force',
  signedOn: '2024-12-20',
  terminatedAt: null,
  closedAt: null,
  versions: [makeVersion()],
  sptjm: [{ number: 'SPTJM/1', signedOn: '2024-12-20', signedBy: null }],
  openClosingSteps: [],
  networks: 1,
  ...overrides,
});

export const makeRegister = (overrides: Partial<OfficeRegister> = {}): OfficeRegister => ({
  institution: { id: institutionId, name: 'Kecamatan Contoh', regionCode: '33.99.01', address: null },
  agreements: [makeAgreement()],
  readers: [],
  sams: [],
  stops: [],
  officeHolderChanges: [],
  ...overrides,
});

export const makePerson = (overrides: Partial<RegisterPerson> = {}): RegisterPerson => ({
  id: randomUUID(),
  userIdLokal: 'operator.contoh',
  name: 'Pegawai CONTOH',
  nip: null,
  position: null,
  role: 'operator',
  workUnit: 'Loket',
  activeFrom: '2025-01-02',
  activeUntil: null,
  revokedAt: null,
  nda: { number: 'NDA/1', signedOn: '2025-01-01' },
  ...overrides,
});

export const makeReport = (overrides: Partial<ReportStanding> = {}): ReportStanding => ({
  id: randomUUID(),
  type: 'REPORT',
  version: 1,
  period: { kind: 'FIRST_SEMESTER', from: '2026-01-01', until: '2026-06-30' },
  state: 'SUBMITTED',
  asOfAt: '2026-06-05T03:00:00.000Z',
  evaluated: null,
  ...overrides,
});

export const makeDuty = (overrides: Partial<Duty> = {}): Duty => {
  const receivedAt = overrides.receivedAt ?? '2026-03-02T02:00:00.000Z';
  return {
    id: randomUUID(),
    kind: 'PERSON_TRAIL',
    number: '470/1',
    receivedAt,
    dueAt: new Date(Date.parse(receivedAt) + 72 * 3_600_000).toISOString(),
    recordedBy: null,
    done: null,
    ...overrides,
  };
};

export function makeCoverage(openedAt: readonly string[] = [], overdueAfterDays = 14): Coverage {
  const counts = { lookUps: openedAt.length, sent: 0, accepted: 0, owed: openedAt.length, overdue: 0 };
  const open = openedAt.map((at) => ({
    verificationId: randomUUID(),
    at,
    operatorId: null,
    service: 'SKU',
    reference: '500/1',
    overdue: false,
  }));
  return { overdueAfterDays, total: counts, months: [{ month: '2026-03', ...counts, operators: [] }], open };
}

/** Everything in order. */
export const makeFacts = (overrides: Partial<Facts> = {}): Facts => ({
  register: makeRegister(),
  people: [makePerson()],
  coverage: makeCoverage(),
  undelivered: { records: [], more: false, overdueAfterDays: 14 },
  hits: { from: '2026-01-01', until: '2026-03-01', days: [] },
  standing: {
    quota: { day: '2026-03-02', limit: 1_000, used: 0, left: 1_000, resetAt: '2026-03-02T17:00:00.000Z' },
    upstream: { state: 'ready', since: null, until: null },
  },
  reports: [],
  duties: [],
  ...overrides,
});

/** Noon in Jakarta. */
export const noonOf = (day: string): Date => new Date(`${day}T12:00:00+07:00`);

export const findingsOf = <N extends FactName>(rule: Rule<N>, facts: Partial<Facts>, now: Date): Finding[] =>
  rule.assess({ ...(makeFacts(facts) as Pick<Facts, N>), institutionId }, now);

/** The worst that the rule finds at noon of a day. */
export const stateOn = <N extends FactName>(rule: Rule<N>, facts: Partial<Facts>, day: string): ObligationState =>
  worstOf(findingsOf(rule, facts, noonOf(day)).map(({ state }) => state));
