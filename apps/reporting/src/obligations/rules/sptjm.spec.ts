import { expect, test } from '@jest/globals';
import { findingsOf, makeAgreement, makeRegister, noonOf, stateOn } from '../facts-fixture.js';
import { sptjm as rule } from './sptjm.js';

const register = (overrides: Parameters<typeof makeAgreement>[0]) => ({
  register: makeRegister({ agreements: [makeAgreement(overrides)] }),
});

test.each([
  ['2024-12-01', 'IN_ORDER'],
  ['2024-12-02', 'DUE_SOON'],
  ['2025-01-01', 'DUE_SOON'],
  ['2025-01-02', 'OVERDUE'],
  ['2025-01-31', 'OVERDUE'],
  ['2025-02-01', 'BREACHED'],
])('an agreement from 1 January 2025 without it, on %s: %s', (day, state) =>
  expect(stateOn(rule, register({ sptjm: [], state: 'draft' }), day)).toBe(state),
);

test('one that is dated later does not count yet', () => {
  const later = register({ sptjm: [{ number: 'SPTJM/9', signedOn: '2025-03-01', signedBy: null }] });
  expect([stateOn(rule, later, '2025-02-28'), stateOn(rule, later, '2025-03-01')]).toEqual(['BREACHED', 'IN_ORDER']);
});

test.each([
  ['over', { sptjm: [] }, '2027-01-01'],
  ['closed', { sptjm: [], state: 'closed' as const }, '2026-01-01'],
])('an agreement that is %s needs none', (_name, overrides, day) =>
  expect(stateOn(rule, register(overrides), day)).toBe('NOT_APPLICABLE'),
);

test('each agreement is one of its own', () => {
  const agreements = [makeAgreement(), makeAgreement({ sptjm: [] })];
  const states = findingsOf(rule, { register: makeRegister({ agreements }) }, noonOf('2026-01-01')).map(
    ({ state }) => state,
  );
  expect(states).toEqual(['IN_ORDER', 'BREACHED']);
});
