import { numberWords } from './number-words.js';

const weekdays = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const;
const months = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
] as const;

/** WIB is UTC+7 all the year (Keppres 41/1987): reckoned, so that no version of ICU changes a paper. */
const inJakarta = (at: Date): string => new Date(at.getTime() + 7 * 3_600_000).toISOString();

/** The calendar day in Asia/Jakarta, `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => inJakarta(at).slice(0, 10);

/** "23 November 2026" */
export function dayText(day: string): string {
  const { year, month, date } = partsOf(day);
  return `${date} ${months[month - 1]} ${year}`;
}

/** "November 2026", of `2026-11` */
export function monthText(month: string): string {
  const { year, month: number } = partsOf(month);
  return `${months[number - 1]} ${year}`;
}

/** "23 November 2026 pukul 09.15 WIB" */
export const timeText = (at: Date): string => `${dayText(dayOf(at))} pukul ${clockText(at)}`;

/** "09.15 WIB" */
export const clockText = (at: Date): string => `${inJakarta(at).slice(11, 16).replace(':', '.')} WIB`;

/** "hari Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam (23-11-2026)" */
export function dayInWords(day: string): string {
  const { year, month, date } = partsOf(day);
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()];
  const digits = day.split('-').reverse().join('-');
  return `hari ${weekday}, tanggal ${numberWords(date)} bulan ${months[month - 1]} tahun ${numberWords(year)} (${digits})`;
}

function partsOf(day: string): { year: number; month: number; date: number } {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, date };
}
