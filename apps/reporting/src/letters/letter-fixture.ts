import { LetterNumbering, type LookUpFigures, type NewLetter, type RegisterPerson } from '#contracts';
import { fixtureId, makePeople, makePerson, makeRegister } from '../forms/report-content-fixture.js';
import type { LetterFacts, LetterOf, Official } from './facts.js';

const { people: _people, exceptions: _exceptions, ...register } = makeRegister();
export const makeOfficeRegister = (overrides: Partial<LetterFacts['register']> = {}): LetterFacts['register'] => ({
  ...structuredClone(register),
  ...overrides,
});

export const camat = makePeople()[0]!;
export const [leaving, coming] = [
  { ...camat, id: fixtureId(0x200), name: 'Camat CONTOH Lama', activeUntil: '2026-10-31' },
  camat,
];
/** Serials from 9900: nobody's. */
export const nikOf = (n: number): string => `33980141079099${String(10 + n)}`;
export const operators = [1, 2].map((n) => makePerson(n));
export const everybody: RegisterPerson[] = [leaving, coming, ...operators];

export const makeOfficial = (n: number, overrides: Partial<Official> = {}): Official => ({
  id: fixtureId(0x100 + n),
  nik: nikOf(n),
  employmentStatus: 'PNS',
  officeName: null,
  officeAddress: null,
  officeRegionCode: null,
  ...overrides,
});

/** A letter of each kind, about people and devices of the fixture. */
export const exampleLetters: { [K in NewLetter['kind']]: LetterOf<K> } = {
  USER_ID_REQUEST: { kind: 'USER_ID_REQUEST', operatorIds: operators.map(({ id }) => id) },
  CLOSED_NETWORK_STATEMENT: {
    kind: 'CLOSED_NETWORK_STATEMENT',
    connection: 'serat optik milik Dinas Kominfo, dengan jalur terpisah dari internet kantor.',
  },
  QUOTA_REQUEST: {
    kind: 'QUOTA_REQUEST',
    wantedQuota: 1_500,
    from: '2026-01-01',
    until: '2026-10-31',
    reasons: 'Pelayanan NIB bagi pelaku usaha mikro bertambah.\nLoket kedua dibuka pada bulan November.',
  },
  OFFICE_HOLDER_CHANGE: {
    kind: 'OFFICE_HOLDER_CHANGE',
    leavingId: leaving.id,
    comingId: coming.id,
    decree: '821.2/CONTOH/2026',
    from: '2026-11-01',
  },
  SAM_CONFIGURATION_RETURN: { kind: 'SAM_CONFIGURATION_RETURN', samIds: register.sams.map(({ id }) => id) },
  SPTJM_FORM: { kind: 'SPTJM_FORM' },
  NDA_FORM: { kind: 'NDA_FORM', operatorId: operators[0]!.id },
  DATA_BALIKAN_HANDOVER: {
    kind: 'DATA_BALIKAN_HANDOVER',
    medium: 'Flash disk',
    packageNumber: 7,
    records: 1_234,
    sha256: 'c0ffee'.repeat(11).slice(0, 64),
  },
  BREACH_NOTICE: {
    kind: 'BREACH_NOTICE',
    dutyId: fixtureId(0x700),
    happenedAt: '2026-11-20T09:15:00+07:00',
    what: 'Nama lengkap dan alamat pada satu lembar hasil pemeriksaan.',
    how: 'Lembar itu tertinggal di loket dan terbaca oleh pengunjung.',
    measures: 'Lembar dimusnahkan. Layar loket diberi pelindung.',
  },
};

type Day = LookUpFigures['days'][number];
/** Nothing was asked but on these days. */
export const makeAnsweredFigures = (days: Day[] = [], at = '2026-11-23T02:00:00.000Z'): LetterFacts['figures'] => {
  const total = { requests: 0, hits: 0, confirmed: 0, unknown: 0, released: 0, pending: 0, refused: 0 };
  const lists = { months: [], byMode: [], byService: [], byOutcome: [], byOperator: [], byClient: [], refusals: [] };
  const checkpoint = { origin: 'gerbang.invalid/33.98.01/1', size: 42_000, root: `${'A'.repeat(43)}=`, note: 'note' };
  return { at, checkpoints: [checkpoint], lookUps: { total, days, ...lists }, incidents: [] };
};

export const makeLetterFacts = (overrides: Partial<LetterFacts> = {}): LetterFacts => ({
  on: '2026-11-23',
  number: '470/007/XI/2026',
  letterhead: LetterNumbering.parse({ letterhead: { government: 'Pemerintah Kabupaten Contoh' } }).letterhead,
  register: makeOfficeRegister(),
  people: new Map(everybody.map((person) => [person.id, person])),
  camat,
  officials: operators.map((_, n) => makeOfficial(n + 1)),
  figures: makeAnsweredFigures(),
  duty: { number: 'KEJADIAN/3/2026', receivedAt: new Date('2026-11-20T04:00:00.000Z') },
  ...overrides,
});
