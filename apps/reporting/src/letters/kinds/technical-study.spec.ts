import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeRegister } from '../../forms/report-content-fixture.js';
import { composeLetter } from '../compose-letter.js';
import { exampleLetters, makeAnsweredFigures, makeLetterFacts } from '../letter-fixture.js';
import { technicalStudy } from './technical-study.js';

const { agreements } = makeRegister();
const dayOf = (month: string, date: number): string => `${month}-${String(date).padStart(2, '0')}`;

/** Of each month the first day has so many hits, the second one fewer, and so on down to 1. */
const fallingFrom = (month: string, hits: number) =>
  Array.from({ length: Math.min(hits, 28) }, (_, n) => ({
    day: dayOf(month, n + 1),
    hits: hits - n,
    refusedByQuota: 0,
  }));

// 31, 28, 31 and 30 days: ⌈0.95 n⌉ is 30, 27, 30, 29, so that one greater day is left out in each month
const days = [
  ...fallingFrom('2026-01', 100),
  ...fallingFrom('2026-02', 110),
  ...fallingFrom('2026-03', 120),
  ...fallingFrom('2026-04', 130).map((one, n) => (n < 2 ? { ...one, refusedByQuota: 4 + n } : one)),
];
const period = { from: '2026-01-01', until: '2026-04-30' };

test('the numbers of four months, reckoned by hand', () => {
  const { total, months, trend } = technicalStudy(days, agreements, period, '2026-06-01');
  // 100 + 99 + … + 73 = 28 * (100 + 73) / 2 = 2,422, and 28 * 10 more in each month after
  expect(months).toEqual([
    {
      month: '2026-01',
      days: 31,
      granted: 31_000,
      used: 2_422,
      peak: { day: '2026-01-01', hits: 100, limit: 1_000 },
      p95: 99,
      exhaustedDays: 0,
      refused: 0,
    },
    expect.objectContaining({ month: '2026-02', days: 28, used: 2_702, p95: 109, exhaustedDays: 0, refused: 0 }),
    expect.objectContaining({ month: '2026-03', days: 31, used: 2_982, p95: 119 }),
    expect.objectContaining({ month: '2026-04', days: 30, used: 3_262, p95: 129, exhaustedDays: 2, refused: 9 }),
  ]);
  // of 120 days the 114th smallest: above it are the six of 130…125 (April alone has those)
  expect(total).toMatchObject({ days: 120, used: 11_368, p95: 124, exhaustedDays: 2, refused: 9 });
  // 99, 109, 119, 129: ten a month; May is 139, the twelfth month after April 249
  expect(trend).toMatchObject({ months: 4, slope: 10 });
  expect(trend?.ahead).toHaveLength(12);
  expect(trend?.ahead[0]).toEqual({ month: '2026-05', p95: 139 });
  expect(trend?.ahead.at(-1)).toEqual({ month: '2027-04', p95: 249 });
});

test('months that are cut off say what they have, and make no trend', () => {
  const cut = technicalStudy(days, agreements, { from: '2026-01-02', until: '2026-04-30' }, '2026-04-29');
  expect(cut.months.map((month) => month.days)).toEqual([30, 28, 31, 29]);
  expect(cut.trend).toBeNull();
  const whole = technicalStudy(days, agreements, { from: '2026-01-02', until: '2026-04-30' }, '2026-05-01');
  expect(whole.trend).toMatchObject({ months: 3, slope: 10 });
});

test('the trend is the line of least squares: no other line is nearer to the months', () => {
  const hitsADay = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 10 });
  const near = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(
    fc.property(hitsADay, near, near, (levels, turn, shift) => {
      const flat = levels.flatMap((hits, n) =>
        Array.from({ length: 28 }, (_, date) => ({
          day: dayOf(dayOf('2025', n + 1), date + 1),
          hits,
          refusedByQuota: 0,
        })),
      );
      const last = dayOf('2025', levels.length);
      const until = new Date(Date.UTC(2025, levels.length, 0)).toISOString().slice(0, 10);
      const { trend, months } = technicalStudy(flat, agreements, { from: '2025-01-01', until }, '2025-12-31');
      if (!trend) throw new Error(`no trend to ${last}`);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const p95s = months.map(({ p95 }) => p95);
      const middle = (p95s.length - 1) / 2;
      const line = (slope: number, at: number) => (n: number) => at + slope * (n - middle);
      const misses = (value: (n: number) => number) => p95s.reduce((sum, y, n) => sum + (y - value(n)) ** 2, 0);
      const best = misses(line(trend.slope, mean(p95s)));
      expect(misses(line(trend.slope + turn, mean(p95s) + shift))).toBeGreaterThanOrEqual(best - 1e-6);
      expect(trend.ahead.every(({ p95 }) => Number.isInteger(p95) && p95 >= 0)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('the letter tells the same numbers, and when the quota will not do any more', () => {
  const letter = { ...exampleLetters.QUOTA_REQUEST, ...period };
  const few = structuredClone(makeRegister({ people: [], exceptions: [] }));
  few.agreements[0]!.versions[0]!.dailyQuota = 150;
  const facts = makeLetterFacts({ figures: makeAnsweredFigures(days, '2026-06-01T02:00:00.000Z'), register: few });
  const paper = composeLetter(letter, facts);
  const words = JSON.stringify(paper);
  expect(words).toContain('95% dari hari-hari perjanjian memerlukan paling banyak 124 pemeriksaan per hari;');
  expect(words).toContain('kuota habis pada 2 hari, sehingga 9 pemeriksaan untuk pelayanan warga ditolak;');
  // 139 in May, 149 in June, 159 in July
  expect(words).toContain(
    'p95 pada April 2027 diperkirakan 249 pemeriksaan per hari, dan melampaui kuota sekarang mulai Juli 2026.',
  );
  expect(words).toContain(
    'melalui p95 dari 4 bulan yang utuh, yang naik rata-rata 10 per bulan, diteruskan dua belas bulan.',
  );
  const [annex] = paper.annexes;
  expect(annex?.blocks).toContainEqual(
    expect.objectContaining({
      kind: 'table',
      rows: expect.arrayContaining([['April 2026', '30', '3.262', '129', '130', '2', '9']]),
    }),
  );
  expect(annex?.blocks).toContainEqual({
    kind: 'bars',
    bars: [
      { label: 'Januari 2026', value: 99 },
      { label: 'Februari 2026', value: 109 },
      { label: 'Maret 2026', value: 119 },
      { label: 'April 2026', value: 129 },
      { label: 'Kuota sekarang', value: 150, reference: true },
      { label: 'Kuota yang diminta', value: 1_500, reference: true },
    ],
  });
});
