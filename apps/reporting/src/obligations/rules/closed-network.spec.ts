import { expect, test } from '@jest/globals';
import { findingsOf, makeAgreement, makeRegister, noonOf, stateOn } from '../facts-fixture.js';
import { FactMissing } from '../facts.js';
import { closedNetwork as rule } from './closed-network.js';

const withNetworks = (networks: number | undefined) => ({
  register: makeRegister({ agreements: [makeAgreement({ networks })] }),
});

test.each([
  [0, '2026-03-01', 'OVERDUE'],
  [1, '2026-03-01', 'IN_ORDER'],
  [3, '2026-03-01', 'IN_ORDER'],
  [0, '2027-01-01', 'NOT_APPLICABLE'],
  [0, '2024-12-31', 'NOT_APPLICABLE'],
])('%i ranges on %s: %s', (count, day, state) => expect(stateOn(rule, withNetworks(count), day)).toBe(state));

test('a register that does not say it is no proof of order', () =>
  expect(() => findingsOf(rule, withNetworks(undefined), noonOf('2026-03-01'))).toThrow(FactMissing));
