import { expect, test } from '@jest/globals';
import { accessFacts, agreementFacts, operatorFacts } from '../../../../test/support/access-facts.js';
import { warningsOf } from './access-warnings.js';

// today is 2026-06-15 in these facts
test.each([
  ['an agreement that ends in 181 days', { agreements: [agreementFacts({ validUntil: '2026-12-13' })] }, []],
  ['in 180 days', { agreements: [agreementFacts({ validUntil: '2026-12-12' })] }, [['AGREEMENT_ENDS_SOON', 180]]],
  ['today', { agreements: [agreementFacts({ validUntil: '2026-06-15' })] }, [['AGREEMENT_ENDS_SOON', 0]]],
  ['yesterday', { agreements: [agreementFacts({ validUntil: '2026-06-14' })] }, []],
  ['terminated', { agreements: [agreementFacts({ validUntil: '2026-06-20', over: true })] }, []],
] as const)('%s', (_name, changes, expected) =>
  expect(
    warningsOf(accessFacts({ ...changes, agreements: [...changes.agreements] })).map(({ code, days }) => [code, days]),
  ).toEqual(expected),
);

test('what ends sooner than others has a warning of its own', () => {
  const facts = accessFacts({
    agreements: [agreementFacts({ validUntil: '2099-12-31' })],
    client: { expiresOn: '2026-07-15' },
    operator: operatorFacts({ activeUntil: '2026-06-30' }),
  });
  expect(warningsOf(facts)).toEqual([
    expect.objectContaining({ code: 'CLIENT_EXPIRES_SOON', on: '2026-07-15', days: 30 }),
    expect.objectContaining({ code: 'OPERATOR_ENDS_SOON', on: '2026-06-30', days: 15 }),
  ]);
});
