import { expect, test } from '@jest/globals';
import { findingsOf, makeRegister, noonOf } from '../facts-fixture.js';
import { emergencyStop as rule } from './emergency-stop.js';

const stoppedAt = '2026-03-02T01:00:00.000Z';
const stateAt = (stops: { stoppedAt: string; liftedAt: string | null }[], now: string) =>
  findingsOf(rule, { register: makeRegister({ stops }) }, new Date(now))[0]?.state;

test.each([
  ['before', null, '2026-03-02T00:59:59Z', 'IN_ORDER'],
  ['from then on', null, '2026-03-02T01:00:00Z', 'OVERDUE'],
  ['before it is lifted', '2026-03-03T01:00:00.000Z', '2026-03-03T00:59:59Z', 'OVERDUE'],
  ['after', '2026-03-03T01:00:00.000Z', '2026-03-03T01:00:00Z', 'IN_ORDER'],
])('%s', (_name, liftedAt, now, state) => expect(stateAt([{ stoppedAt, liftedAt }], now)).toBe(state));

test('since when, in words', () => {
  const register = makeRegister({ stops: [{ stoppedAt, liftedAt: null }] });
  const [finding] = findingsOf(rule, { register }, noonOf('2026-03-02'));
  expect(finding?.facts).toEqual([['Dihentikan sejak', '2 Maret 2026 pukul 08.00 WIB']]);
});
