import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { RegisterSam } from '#contracts';
import { findingsOf, makeAgreement, makeRegister, makeVersion, noonOf, stateOn } from '../facts-fixture.js';
import { samValidity as rule } from './sam-validity.js';

const agreement = makeAgreement();
const makeSam = (state: RegisterSam['state'], agreementId = agreement.id): RegisterSam => ({
  id: randomUUID(),
  agreementId,
  sifilmaNumber: 'S/1',
  letterNumber: '1',
  letterDate: '2025-01-10',
  serial: null,
  state,
});
const registerWith = (...sams: RegisterSam[]) => ({ register: makeRegister({ agreements: [agreement], sams }) });

test.each([
  ['ACTIVE', '2026-11-30', 'IN_ORDER'],
  ['ACTIVE', '2026-12-01', 'DUE_SOON'],
  ['ACTIVE', '2026-12-31', 'DUE_SOON'],
  ['ACTIVE', '2027-01-01', 'OVERDUE'],
  ['ACTIVE', '2027-01-30', 'OVERDUE'],
  ['ACTIVE', '2027-01-31', 'BREACHED'],
  ['PERSONALISED', '2027-01-01', 'OVERDUE'],
  ['RETURNED', '2027-01-01', 'OVERDUE'],
  ['REQUESTED', '2027-01-01', 'IN_ORDER'],
  ['DEACTIVATED', '2027-01-01', 'IN_ORDER'],
] as const)('%s on %s: %s', (kind, day, state) => expect(stateOn(rule, registerWith(makeSam(kind)), day)).toBe(state));

test('none is none', () => expect(stateOn(rule, {}, '2027-01-01')).toBe('NOT_APPLICABLE'));

test('an extension that follows on keeps it valid; a termination ends it', () => {
  const extended = {
    ...agreement,
    versions: [
      ...agreement.versions,
      makeVersion({ version: 2, effectiveFrom: '2027-01-01', validUntil: '2028-12-31' }),
    ],
  };
  const register = makeRegister({ agreements: [extended], sams: [makeSam('ACTIVE')] });
  expect(stateOn(rule, { register }, '2026-12-15')).toBe('IN_ORDER');
  const terminated = makeRegister({
    agreements: [{ ...agreement, terminatedAt: '2026-03-10T03:00:00.000Z' }],
    sams: [makeSam('ACTIVE')],
  });
  expect(stateOn(rule, { register: terminated }, '2026-03-10')).toBe('OVERDUE');
});

test('the worst one counts, and one whose agreement is not on file is over', () => {
  const facts = registerWith(makeSam('ACTIVE'), makeSam('ACTIVE', randomUUID()));
  const [finding] = findingsOf(rule, facts, noonOf('2026-03-01'));
  expect(finding).toMatchObject({ state: 'BREACHED', nextStep: expect.stringContaining('berkas konfigurasi') });
});
