import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Coverage } from '#contracts';
import type { BusinessLookUp } from './business-look-ups.js';
import { CoverageTally } from './coverage-tally.js';

const [first, second] = ['10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002'];

const makeLookUp = (overrides: Partial<BusinessLookUp> = {}): BusinessLookUp => ({
  verificationId: randomUUID(),
  at: '2026-01-15T03:00:00.000Z',
  operatorId: first,
  service: 'SKU',
  reference: '500/1',
  sameCase: [],
  ...overrides,
});

test('by month and operator of Jakarta, those without an operator last, months without a look-up as well', () => {
  const tally = new CoverageTally(['2026-01', '2026-02', '2026-03'], '2026-03-01', 14);
  tally.add(makeLookUp(), 'sent');
  tally.add(makeLookUp({ operatorId: second }), 'accepted');
  tally.add(makeLookUp({ operatorId: null }), undefined);
  // 31 January 23.59 and 1 February 00.00 in Jakarta
  tally.add(makeLookUp({ at: '2026-01-31T16:59:59.999Z' }), 'sent');
  tally.add(makeLookUp({ at: '2026-01-31T17:00:00.000Z', operatorId: second }), undefined);
  const coverage = Coverage.parse(tally.result());
  const none = { lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 };
  expect(coverage.total).toEqual({ lookUps: 5, sent: 2, accepted: 1, owed: 0, overdue: 2 });
  expect(coverage.months).toEqual([
    {
      month: '2026-01',
      lookUps: 4,
      sent: 2,
      accepted: 1,
      owed: 0,
      overdue: 1,
      operators: [
        { ...none, operatorId: first, lookUps: 2, sent: 2 },
        { ...none, operatorId: second, lookUps: 1, accepted: 1 },
        { ...none, operatorId: null, lookUps: 1, overdue: 1 },
      ],
    },
    {
      ...none,
      month: '2026-02',
      lookUps: 1,
      overdue: 1,
      operators: [{ ...none, operatorId: second, lookUps: 1, overdue: 1 }],
    },
    { ...none, month: '2026-03', operators: [] },
  ]);
});

test('overdue from the day after the last one on which it is in time', () => {
  const looked = makeLookUp({ at: '2026-01-15T16:59:00.000Z' });
  const standing = (today: string) => {
    const tally = new CoverageTally(['2026-01'], today, 14);
    tally.add(looked, undefined);
    return tally.result();
  };
  expect(standing('2026-01-29').total).toMatchObject({ owed: 1, overdue: 0 });
  expect(standing('2026-01-30').total).toMatchObject({ owed: 0, overdue: 1 });
  expect(standing('2026-01-30').open).toEqual([
    {
      verificationId: looked.verificationId,
      at: looked.at,
      operatorId: first,
      service: 'SKU',
      reference: '500/1',
      overdue: true,
    },
  ]);
});

test('the counts add up, whatever comes; of the open ones the first 500 are named', () => {
  const aLookUp = fc.record({
    month: fc.constantFrom('2026-01', '2026-02'),
    operatorId: fc.constantFrom(first, second, null),
    recorded: fc.constantFrom('sent' as const, 'accepted' as const, undefined),
  });
  fc.assert(
    fc.property(fc.array(aLookUp, { maxLength: 700, size: 'max' }), (given) => {
      const tally = new CoverageTally(['2026-01', '2026-02'], '2026-02-20', 14);
      const added = given.map(({ month, operatorId, recorded }) => {
        const lookUp = makeLookUp({ at: `${month}-15T03:00:00.000Z`, operatorId });
        tally.add(lookUp, recorded);
        return { ...lookUp, recorded };
      });
      const { total, months, open } = tally.result();
      expect(total.lookUps).toBe(given.length);
      expect(total.sent + total.accepted + total.owed + total.overdue).toBe(total.lookUps);
      for (const key of ['lookUps', 'sent', 'accepted', 'owed', 'overdue'] as const) {
        expect(months.reduce((sum, month) => sum + month[key], 0)).toBe(total[key]);
        for (const month of months) expect(month.operators.reduce((sum, one) => sum + one[key], 0)).toBe(month[key]);
      }
      expect(open.map(({ verificationId }) => verificationId)).toEqual(
        added
          .filter(({ recorded }) => recorded === undefined)
          .slice(0, 500)
          .map(({ verificationId }) => verificationId),
      );
    }),
    { numRuns: 30 },
  );
});
