import { expect, test } from '@jest/globals';
import { makePerson, makeRegister, makeVersion } from '../forms/report-content-fixture.js';
import { agreementOn, camatOn, quotaOn } from './facts.js';

const makeCamat = (n: number, overrides = {}) => makePerson(n, { role: 'camat', ...overrides });

test('who signs is the Camat of the day of the letter', () => {
  const before = makeCamat(1, { activeFrom: '2024-01-01', activeUntil: '2026-10-31' });
  const after = makeCamat(2, { activeFrom: '2026-11-01' });
  const people = [makePerson(3), after, before];
  expect(camatOn(people, '2026-10-31')).toBe(before);
  expect(camatOn(people, '2026-11-01')).toBe(after);
  expect(camatOn(people, '2023-12-31')).toBeNull();
  // one whose time was not ended when the next one came
  expect(camatOn([after, { ...before, activeUntil: null }], '2026-11-01')).toBe(after);
});

test('whose access was revoked signs up to the day before, by the day in Jakarta', () => {
  const camat = makeCamat(1, { revokedAt: '2026-11-22T17:00:00.000Z' });
  expect(camatOn([camat], '2026-11-22')).toBe(camat);
  expect(camatOn([camat], '2026-11-23')).toBeNull();
});

test('the agreement in force is meant, else the one that began last; its quota by the version of the day', () => {
  const [of] = makeRegister().agreements;
  const old = {
    ...of!,
    number: 'LAMA',
    versions: [makeVersion(1, { validFrom: '2022-12-07', validUntil: '2024-12-06', effectiveFrom: '2022-12-07' })],
  };
  const versions = [makeVersion(1), makeVersion(2, { effectiveFrom: '2026-03-01', dailyQuota: 2_000 })];
  const present = { ...of!, number: 'BARU', versions };
  expect(agreementOn([present, old], '2023-01-01')?.number).toBe('LAMA');
  expect(agreementOn([present, old], '2026-01-01')?.number).toBe('BARU');
  expect(agreementOn([present, old], '2027-01-01')?.number).toBe('BARU');
  expect(agreementOn([], '2026-01-01')).toBeUndefined();
  expect([quotaOn(present, '2026-02-28'), quotaOn(present, '2026-03-01'), quotaOn(present, '2020-01-01')]).toEqual([
    1_000,
    2_000,
    null,
  ]);
});
