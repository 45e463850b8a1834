import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RegisterAgreement } from '#contracts';
import { addDays } from '../calendar.js';
import { limitOn, nearestRank95, quotaFigures } from './quota.js';

type Version = RegisterAgreement['versions'][number];

const version = (number: number, change: Partial<Version> = {}): Version => ({
  id: `0198c1d2-7000-7000-8000-00000000000${number}`,
  version: number,
  letterNumber: null,
  effectiveFrom: '2026-01-01',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  dailyQuota: 1000,
  modes: ['LOOKUP'],
  elements: ['nik'],
  ...change,
});
const agreement = (versions: Version[], terminatedAt: string | null = null) => ({ versions, terminatedAt });
const june = { from: '2026-06-01', until: '2026-06-30' };
const hits = (day: string, hits: number, refusedByQuota = 0) => ({ day, hits, refusedByQuota });

describe('the limit of a day', () => {
  test('is that of the addendum from its day on', () => {
    const changed = [agreement([version(2, { effectiveFrom: '2026-06-15', dailyQuota: 1500 }), version(1)])];
    expect(limitOn(changed, '2026-06-14')).toBe(1000);
    expect(limitOn(changed, '2026-06-15')).toBe(1500);
    const figures = quotaFigures([], changed, june, '2026-12-31');
    expect(figures).toMatchObject({ days: 30, granted: 14 * 1000 + 16 * 1500, used: 0, peak: null, p95: 0 });
  });

  test('of two addenda from the same day the last one counts', () => {
    expect(limitOn([agreement([version(1), version(3, { dailyQuota: 3 }), version(2)])], '2026-02-01')).toBe(3);
  });

  test('is none outside of the agreement, and from the day of its termination on', () => {
    const ended = [agreement([version(1, { validFrom: '2026-06-10', validUntil: '2026-06-12' })])];
    expect(['2026-06-09', '2026-06-10', '2026-06-12', '2026-06-13'].map((day) => limitOn(ended, day))).toEqual([
      undefined,
      1000,
      1000,
      undefined,
    ]);
    // 00.30 on 11 June in Jakarta
    const terminated = [agreement([version(1)], '2026-06-10T17:30:00.000Z')];
    expect(limitOn(terminated, '2026-06-10')).toBe(1000);
    expect(limitOn(terminated, '2026-06-11')).toBeUndefined();
    expect(quotaFigures([hits('2026-06-11', 5, 2)], terminated, june, '2026-12-31')).toEqual({
      ...{ days: 10, granted: 10_000, used: 0, peak: null, p95: 0, exhaustedDays: 1, refused: 2 },
    });
  });
});

test('days are counted up to the day of the checkpoint', () => {
  const days = [hits('2026-06-01', 3), hits('2026-06-02', 7, 1), hits('2026-06-03', 7)];
  expect(quotaFigures(days, [agreement([version(1)])], june, '2026-06-04')).toEqual({
    ...{ days: 4, granted: 4000, used: 17, peak: { day: '2026-06-02', hits: 7, limit: 1000 }, p95: 7 },
    ...{ exhaustedDays: 1, refused: 1 },
  });
  expect(quotaFigures([], [agreement([version(1)])], june, '2026-05-31')).toMatchObject({
    days: 0,
    p95: 0,
    peak: null,
  });
});

test('p95 is the nearest rank', () => {
  expect(nearestRank95([])).toBe(0);
  expect(nearestRank95([4])).toBe(4);
  const upTo = (most: number) => Array.from({ length: most }, (_, at) => most - at);
  expect([19, 20, 21, 100, 181].map((most) => nearestRank95(upTo(most)))).toEqual([19, 19, 20, 95, 172]);
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 366 }), (values) => {
      const found = nearestRank95(values);
      const notAbove = values.filter((value) => value <= found).length;
      const below = values.filter((value) => value < found).length;
      expect(notAbove * 100).toBeGreaterThanOrEqual(values.length * 95);
      expect(below * 100).toBeLessThan(values.length * 95);
    }),
  );
});

test('figures are those of a list of days, whatever the versions', () => {
  const offset = fc.nat(40);
  const versions = fc.array(fc.record({ effective: offset, from: offset, until: offset, quota: fc.nat(9) }), {
    maxLength: 4,
  });
  const start = '2026-06-01';
  fc.assert(
    fc.property(versions, fc.option(offset), fc.array(fc.nat(9), { maxLength: 40 }), (drafts, ended, asked) => {
      const made = drafts.map(({ effective, from, until, quota }, at) =>
        version(at + 1, {
          ...{ effectiveFrom: addDays(start, effective), validFrom: addDays(start, from) },
          ...{ validUntil: addDays(start, until), dailyQuota: quota },
        }),
      );
      const terminatedAt = ended === null ? null : `${addDays(start, ended)}T03:00:00Z`;
      let [days, granted, used] = [0, 0, 0];
      for (let at = 0; at < 30; at++) {
        const last = drafts.filter(({ effective }) => effective <= at).at(-1);
        if (last === undefined || at < last.from || at > last.until || (ended !== null && at >= ended)) continue;
        days += 1;
        granted += last.quota;
        used += asked[at] ?? 0;
      }
      const given = asked.map((count, at) => hits(addDays(start, at), count));
      const found = quotaFigures(given, [agreement(made, terminatedAt)], june, '2026-12-31');
      expect(found).toMatchObject({ days, granted, used });
    }),
  );
});
