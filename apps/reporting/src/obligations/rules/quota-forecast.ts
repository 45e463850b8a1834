import { dayOf } from '#paper';
import { addDays, daysOf, limitOn, nearestRank95 } from '#report';
import { links } from '../links.js';
import { defineRule, instanceOf, numberText } from '../rule.js';

/** Per cent of the quota from which on more is to be asked for. */
export const soonPercent = 80;
export const forecastDays = 30;

/** O-04: more quota is asked for before it is used up, with a technical study. */
export const quotaForecast = defineRule({
  name: 'quota-forecast',
  clause: 'O-04',
  title: 'Kecukupan kuota harian',
  needs: ['register', 'hits'],
  assess({ register, hits }, now) {
    const today = dayOf(now);
    const limit = limitOn(register.agreements, today);
    if (limit === undefined) return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Tidak ada yang berlaku']] }];
    const asked = new Map(hits.days.map((one) => [one.day, one]));
    // today is not over: it may only show that the quota was used up
    const until = hits.until < today ? hits.until : addDays(today, -1);
    const counts = daysOf({ from: hits.from, until })
      .filter((day) => limitOn(register.agreements, day) !== undefined)
      .map((day) => asked.get(day)?.hits ?? 0);
    const exhausted = hits.days.filter(({ refusedByQuota }) => refusedByQuota > 0);
    const refused = exhausted.reduce((sum, { refusedByQuota }) => sum + refusedByQuota, 0);
    const p95 = nearestRank95(counts);
    const forecast = Math.max(0, Math.round(p95 + slopeOf(counts) * forecastDays));
    const nearIt = p95 * 100 >= limit * soonPercent || forecast >= limit;
    const state = exhausted.length > 0 ? 'OVERDUE' : nearIt ? 'DUE_SOON' : 'IN_ORDER';
    return [
      {
        state,
        facts: [
          ['Kuota harian', numberText(limit)],
          ['Pemakaian harian (p95, 60 hari)', numberText(p95)],
          [`Perkiraan ${forecastDays} hari lagi`, numberText(forecast)],
          ['Hari kuota habis', numberText(exhausted.length)],
          ['Pemeriksaan ditolak karena kuota', numberText(refused)],
        ],
        evidence: [links.accessRights()],
        ...(state === 'IN_ORDER'
          ? {}
          : {
              nextStep:
                'Camat meminta tambahan kuota kepada Disdukcapil dengan surat dan kajian teknis (gerbang letter draft).',
              instance: instanceOf(state, today),
            }),
      },
    ];
  },
});

/** Least squares: how much a day more each day has. */
export function slopeOf(counts: readonly number[]): number {
  const n = counts.length;
  if (n < 2) return 0;
  const middle = (n - 1) / 2;
  const mean = counts.reduce((sum, count) => sum + count, 0) / n;
  const along = counts.reduce((sum, count, day) => sum + (day - middle) * (count - mean), 0);
  return along / ((n * (n * n - 1)) / 12);
}
