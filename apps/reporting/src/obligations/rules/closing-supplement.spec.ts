import { expect, test } from '@jest/globals';
import { makeReport, stateOn } from '../facts-fixture.js';
import { closingSupplement as rule } from './closing-supplement.js';

const early = makeReport({ asOfAt: '2026-06-05T03:00:00.000Z' });
const second = { kind: 'SECOND_SEMESTER', from: '2026-07-01', until: '2026-12-31' } as const;

test.each([
  ['2026-06-30', 'IN_ORDER'],
  ['2026-07-01', 'DUE_SOON'],
  ['2026-07-31', 'DUE_SOON'],
  ['2026-08-01', 'OVERDUE'],
  ['2026-08-30', 'OVERDUE'],
  ['2026-08-31', 'BREACHED'],
])('a report of June on %s: %s', (day, state) => expect(stateOn(rule, { reports: [early] }, day)).toBe(state));

test.each([
  ['2026-12-31', 'IN_ORDER'],
  ['2027-01-01', 'DUE_SOON'],
  ['2027-01-31', 'DUE_SOON'],
  ['2027-02-01', 'OVERDUE'],
])('a report of December on %s: %s', (day, state) =>
  expect(stateOn(rule, { reports: [makeReport({ period: second, asOfAt: '2026-12-31T16:59:59.999Z' })] }, day)).toBe(
    state,
  ),
);

const supplement = makeReport({ type: 'SUPPLEMENT', asOfAt: '2026-07-02T03:00:00.000Z' });
test.each([
  ['a supplement that was handed in', [early, supplement], 'IN_ORDER'],
  ['one that was approved only', [early, { ...supplement, state: 'APPROVED' as const }], 'OVERDUE'],
  [
    'one that was made before the end as well',
    [early, { ...supplement, asOfAt: '2026-06-29T03:00:00.000Z' }],
    'OVERDUE',
  ],
  ['one of another semester', [early, { ...supplement, period: second }], 'OVERDUE'],
  ['a report that was made after the end', [{ ...early, asOfAt: '2026-06-30T17:00:00.000Z' }], 'IN_ORDER'],
  ['a new version that was', [early, makeReport({ version: 2, asOfAt: '2026-07-05T03:00:00.000Z' })], 'IN_ORDER'],
  ['a report that was not handed in', [{ ...early, state: 'APPROVED' as const }], 'NOT_APPLICABLE'],
  [
    'a report of any other period',
    [{ ...early, period: { ...early.period, kind: 'OTHER' as const } }],
    'NOT_APPLICABLE',
  ],
])('%s', (_name, reports, state) => expect(stateOn(rule, { reports }, '2026-08-10')).toBe(state));
