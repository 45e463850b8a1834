import { expect, test } from '@jest/globals';
import { findingsOf, makeAgreement, makeRegister, makeReport, makeVersion, noonOf, stateOn } from '../facts-fixture.js';
import type { ReportStanding } from '../facts.js';
import { semesterReport as rule } from './semester-report.js';

const since2026 = makeRegister({
  agreements: [
    makeAgreement({
      versions: [makeVersion({ validFrom: '2026-02-01', effectiveFrom: '2026-02-01', validUntil: '2030-12-31' })],
    }),
  ],
});

test.each([
  ['2026-05-31', 'IN_ORDER'],
  ['2026-06-01', 'DUE_SOON'],
  ['2026-06-30', 'DUE_SOON'],
  ['2026-07-01', 'OVERDUE'],
  ['2026-07-30', 'OVERDUE'],
  ['2026-07-31', 'BREACHED'],
])('the first semester on %s: %s', (day, state) => expect(stateOn(rule, { register: since2026 }, day)).toBe(state));

const first = [makeReport()];
test.each([
  ['2026-11-30', 'IN_ORDER'],
  ['2026-12-01', 'DUE_SOON'],
  ['2026-12-31', 'DUE_SOON'],
  ['2027-01-01', 'OVERDUE'],
  ['2027-01-30', 'OVERDUE'],
  ['2027-01-31', 'BREACHED'],
])('the second, when the first was handed in, on %s: %s', (day, state) =>
  expect(stateOn(rule, { register: since2026, reports: first }, day)).toBe(state),
);

test.each<[ReportStanding['state'], string, RegExp]>([
  ['DRAFTED', 'OVERDUE', /belum diperiksa/],
  ['REVIEWED', 'OVERDUE', /belum disetujui/],
  ['APPROVED', 'OVERDUE', /belum diserahkan/],
  ['SUBMITTED', 'IN_ORDER', /./],
  ['EVALUATED', 'IN_ORDER', /./],
])('a report that is %s is %s: approved is not handed in', (state, expected, said) => {
  const [finding] = findingsOf(rule, { register: since2026, reports: [makeReport({ state })] }, noonOf('2026-07-10'));
  expect(finding?.state).toBe(expected);
  expect(JSON.stringify(finding?.facts)).toMatch(said);
});

test('the proof is one that everybody who reads it can open: the report only when it is approved', () => {
  const hrefOf = (state: ReportStanding['state']) =>
    findingsOf(rule, { register: since2026, reports: [makeReport({ state })] }, noonOf('2026-07-10'))[0]?.evidence?.[0]
      ?.href;
  for (const state of ['DRAFTED', 'REVIEWED'] as const) expect(hrefOf(state)).toBe('/v1/reports');
  expect(hrefOf('APPROVED')).toMatch(/^\/v1\/reports\/[0-9a-f-]{36}$/);
});

test('one that Disdukcapil gave back is to be corrected within 14 days', () => {
  const evaluated = { at: '2026-07-10T03:00:00.000Z', verdict: 'TO_BE_CORRECTED' as const };
  const reports = [makeReport({ state: 'EVALUATED', evaluated })];
  const facts = { register: since2026, reports };
  expect(['2026-07-10', '2026-07-24', '2026-07-25', '2026-08-24'].map((day) => stateOn(rule, facts, day))).toEqual([
    'DUE_SOON',
    'DUE_SOON',
    'OVERDUE',
    'BREACHED',
  ]);
  const corrected = [...reports, makeReport({ version: 2, asOfAt: '2026-07-20T03:00:00.000Z' })];
  expect(stateOn(rule, { ...facts, reports: corrected }, '2026-08-24')).toBe('IN_ORDER');
  const drafted = [...reports, makeReport({ version: 2, state: 'APPROVED' })];
  expect(stateOn(rule, { ...facts, reports: drafted }, '2026-08-24')).toBe('BREACHED');
});

test('every semester that was missed is one of its own, the oldest first', () => {
  const findings = findingsOf(rule, { register: makeRegister() }, noonOf('2026-07-02'));
  expect(findings.map(({ dueOn, state }) => [dueOn, state])).toEqual([
    ['2025-06-30', 'BREACHED'],
    ['2025-12-31', 'BREACHED'],
    ['2026-06-30', 'OVERDUE'],
  ]);
});

test('the semester in which the agreement ends owes its report; the next one does not, nor one that it never touched', () => {
  const over = makeAgreement({
    state: 'ended',
    versions: [makeVersion({ validFrom: '2024-07-01', effectiveFrom: '2024-07-01', validUntil: '2024-12-06' })],
  });
  const due = (agreements = [over]) =>
    findingsOf(rule, { register: makeRegister({ agreements }) }, noonOf('2025-08-01')).map(({ dueOn }) => dueOn);
  expect(due()).toEqual(['2024-12-31']);
  expect(due([{ ...over, terminatedAt: '2024-07-01T03:00:00.000Z' }])).toEqual([undefined]);
  expect(due([{ ...over, state: 'closed', closedAt: '2025-02-01T00:00:00.000Z' }])).toEqual([undefined]);
  expect(due([{ ...over, state: 'draft' }])).toEqual([undefined]);
});

test('without an agreement there is nothing to report', () => {
  expect(stateOn(rule, { register: makeRegister({ agreements: [] }) }, '2026-07-10')).toBe('NOT_APPLICABLE');
});

test('midnight is Jakarta’s', () => {
  const at = (time: string) => findingsOf(rule, { register: since2026 }, new Date(time))[0]?.state;
  expect([at('2026-06-30T16:59:59Z'), at('2026-06-30T17:00:00Z')]).toEqual(['DUE_SOON', 'OVERDUE']);
});
