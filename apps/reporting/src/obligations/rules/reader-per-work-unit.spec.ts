import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { findingsOf, makeAgreement, makePerson, makeRegister, makeVersion, noonOf, stateOn } from '../facts-fixture.js';
import { oneYearFrom, readerPerWorkUnit as rule } from './reader-per-work-unit.js';

const agreement = makeAgreement({
  versions: [makeVersion({ validFrom: '2025-12-07', effectiveFrom: '2025-12-07', validUntil: '2027-12-06' })],
});
const samId = randomUUID();
const sam = {
  id: samId,
  agreementId: agreement.id,
  sifilmaNumber: 'S/1',
  letterNumber: '1',
  letterDate: '2026-01-01',
  serial: null,
  state: 'ACTIVE' as const,
};
const reader = {
  id: randomUUID(),
  serial: 'R1',
  brand: 'Contoh',
  type: 'C1',
  workUnit: 'Loket',
  registeredAt: '2026-01-01T00:00:00.000Z',
  revokedAt: null,
  state: 'CONNECTED' as const,
  samId,
};
const without = makeRegister({ agreements: [agreement] });
const equipped = { ...without, readers: [reader], sams: [sam] };

test.each([
  ['2026-09-06', 'IN_ORDER'],
  ['2026-09-07', 'DUE_SOON'],
  ['2026-12-06', 'DUE_SOON'],
  ['2026-12-07', 'OVERDUE'],
  ['2027-01-05', 'OVERDUE'],
  ['2027-01-06', 'BREACHED'],
])('a unit without a reader on %s: %s', (day, state) => expect(stateOn(rule, { register: without }, day)).toBe(state));

test.each([
  ['2022-12-07', '2023-12-06'],
  ['2024-01-01', '2024-12-31'],
  ['2024-02-29', '2025-02-28'],
  ['2023-03-01', '2024-02-29'],
])('a year from %s ends on %s', (first, last) => expect(oneYearFrom(first)).toBe(last));

const day = '2026-12-20';
test.each([
  ['a reader with an activated SAM', equipped, {}, 'IN_ORDER'],
  [
    'a reader that is revoked',
    { ...equipped, readers: [{ ...reader, revokedAt: '2026-02-01T00:00:00.000Z' }] },
    {},
    'OVERDUE',
  ],
  ['a reader without a SAM', { ...equipped, readers: [{ ...reader, samId: null }] }, {}, 'OVERDUE'],
  [
    'a SAM that is only personalised',
    { ...equipped, sams: [{ ...sam, state: 'PERSONALISED' as const }] },
    {},
    'OVERDUE',
  ],
  [
    'a second unit without one',
    equipped,
    { people: [makePerson(), makePerson({ workUnit: 'Pojok Layanan' })] },
    'OVERDUE',
  ],
  [
    'a second unit whose people have left',
    equipped,
    { people: [makePerson(), makePerson({ workUnit: 'Lama', activeUntil: '2026-12-19' })] },
    'IN_ORDER',
  ],
  ['no unit named, one reader', equipped, { people: [makePerson({ workUnit: null })] }, 'IN_ORDER'],
  ['no unit named, no reader', without, { people: [] }, 'OVERDUE'],
])('%s', (_name, register, facts, state) => expect(stateOn(rule, { register, ...facts }, day)).toBe(state));

test('an addendum does not begin the year anew', () => {
  const extended = makeAgreement({
    versions: [
      ...agreement.versions,
      makeVersion({ version: 2, validFrom: '2026-06-01', effectiveFrom: '2026-06-01', validUntil: '2029-12-06' }),
    ],
  });
  const [finding] = findingsOf(rule, { register: makeRegister({ agreements: [extended] }) }, noonOf(day));
  expect(finding).toMatchObject({ state: 'OVERDUE', dueOn: '2026-12-06' });
});

test('without an agreement in force it is nobody’s duty', () =>
  expect(stateOn(rule, { register: without }, '2027-12-07')).toBe('NOT_APPLICABLE'));
