import { expect, test } from '@jest/globals';
import { findingsOf, makeAgreement, makeRegister, makeVersion, noonOf, stateOn } from '../facts-fixture.js';
import { agreementEnd as rule } from './agreement-end.js';

const register = (overrides: Parameters<typeof makeAgreement>[0] = {}) => ({
  register: makeRegister({ agreements: [makeAgreement(overrides)] }),
});

// it holds until 31 December 2026
test.each([
  ['2026-07-03', 'IN_ORDER', undefined],
  ['2026-07-04', 'DUE_SOON', '2026-12-31/180'],
  ['2026-10-01', 'DUE_SOON', '2026-12-31/180'],
  ['2026-10-02', 'DUE_SOON', '2026-12-31/90'],
  ['2026-11-30', 'DUE_SOON', '2026-12-31/90'],
  ['2026-12-01', 'DUE_SOON', '2026-12-31/30'],
  ['2026-12-31', 'DUE_SOON', '2026-12-31/30'],
  ['2027-01-01', 'OVERDUE', '2026-12-31/end'],
  ['2027-01-30', 'OVERDUE', '2026-12-31/end'],
  ['2027-01-31', 'BREACHED', '2026-12-31/end'],
])('on %s: %s', (day, state, instance) => {
  const [finding] = findingsOf(rule, register(), noonOf(day));
  expect([finding?.state, finding?.instance]).toEqual([state, instance]);
});

test('days are counted over a 29 February', () => {
  const leap = register({
    versions: [makeVersion({ validFrom: '2027-01-01', effectiveFrom: '2027-01-01', validUntil: '2028-03-01' })],
  });
  expect([stateOn(rule, leap, '2027-09-02'), stateOn(rule, leap, '2027-09-03')]).toEqual(['IN_ORDER', 'DUE_SOON']);
});

test('an addendum that follows on counts, one after a gap does not', () => {
  const extended = (effectiveFrom: string) =>
    register({ versions: [makeVersion(), makeVersion({ version: 2, effectiveFrom, validUntil: '2028-12-31' })] });
  expect(stateOn(rule, extended('2027-01-01'), '2026-12-15')).toBe('IN_ORDER');
  expect(stateOn(rule, extended('2027-01-02'), '2026-12-15')).toBe('DUE_SOON');
});

test('terminated: closing begins at once, and its open steps are named', () => {
  const facts = register({
    state: 'closing',
    terminatedAt: '2026-03-10T03:00:00.000Z',
    openClosingSteps: ['SAM_RETURNED', 'FINAL_REPORT'],
  });
  const [finding] = findingsOf(rule, facts, noonOf('2026-03-10'));
  expect(finding?.state).toBe('OVERDUE');
  expect(finding?.facts).toContainEqual(['Langkah penutupan terbuka', 'pengembalian SAM, laporan akhir']);
});

test.each([
  ['a draft', { state: 'draft' as const }],
  ['a closed one', { state: 'closed' as const, closedAt: '2027-02-01T00:00:00.000Z' }],
])('%s has no end to wait for', (_name, overrides) =>
  expect(stateOn(rule, register(overrides), '2027-03-01')).toBe('NOT_APPLICABLE'),
);
