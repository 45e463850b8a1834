import type { ReportContent } from '#contracts';
import { monthText, type BarChart, type ColumnChart } from '#paper';
import { outcomeText } from '../tables/look-up-tables.js';
import { daysOf, limitOn } from './daily-limits.js';

/** "Jan 26" */
const shortMonth = (month: string): string => `${monthText(month).slice(0, 3)} ${month.slice(2, 4)}`;

export const monthsChart = ({ figures: { lookUps } }: ReportContent): ColumnChart => ({
  title: 'Hit menurut bulan',
  columns: lookUps.months.map(({ month, hits }) => ({ label: shortMonth(month), value: hits })),
});

/** Every day of the period, also those without a hit. */
export function daysChart({ figures: { lookUps }, period, register }: ReportContent): ColumnChart {
  const byDay = new Map(lookUps.days.map((day) => [day.day, day]));
  const days = daysOf(period);
  const short = days.length < 40;
  return {
    title: 'Hit menurut hari, dan kuota harian',
    columns: days.map((day, n) => ({
      label: short ? String(Number(day.slice(8))) : n === 0 || day.endsWith('-01') ? shortMonth(day.slice(0, 7)) : '',
      value: byDay.get(day)?.hits ?? 0,
      alarming: (byDay.get(day)?.refusedByQuota ?? 0) > 0,
    })),
    limits: days.map((day) => limitOn(day, register)),
    legend: { limit: 'kuota harian', alarming: 'hari dengan permintaan yang ditolak karena kuota habis' },
  };
}

/** The greatest first. */
export const outcomesChart = ({ figures: { lookUps } }: ReportContent): BarChart => ({
  title: 'Hasil permintaan, dari yang terbanyak',
  bars: lookUps.byOutcome
    .map(({ outcome, count }) => ({ label: outcomeText(outcome), value: count }))
    .sort((a, b) => b.value - a.value),
});
