import type { Period } from '#contracts';

// Days and months in Asia/Jakarta: UTC+7, since 1964 without summer time. No Intl: an engine may have other data.

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?Z$/;
const dayMs = 86_400_000;
const offsetMs = 7 * 3_600_000;

/** Microseconds since 1970 of a UTC time with up to nine decimals (cut to six). @throws RangeError when it is none */
export function instant(text: string): number {
  const [, decimals] = form.exec(text) ?? [text, null];
  const seconds = decimals === null ? NaN : Date.parse(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(seconds)) throw new RangeError(`Not a time: ${text.slice(0, 40)}`);
  return seconds * 1000 + Number((decimals ?? '').padEnd(6, '0').slice(0, 6));
}

/** The calendar day of a UTC time that is written `YYYY-MM-DDTHH…Z`. */
export function jakartaDay(at: string): string {
  const day = at.slice(0, 10);
  return at.slice(11, 13) < '17' ? day : addDays(day, 1);
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / dayMs;
}

export function addDays(day: string, count: number): string {
  return new Date((dayNumber(day) + count) * dayMs).toISOString().slice(0, 10);
}

/** When a day begins in Jakarta: microseconds since 1970. */
export function beginningOf(day: string): number {
  return (dayNumber(day) * dayMs - offsetMs) * 1000;
}

/** From when to before when: microseconds since 1970. */
export function spanOf({ from, until }: Period): { from: number; to: number } {
  return { from: beginningOf(from), to: beginningOf(addDays(until, 1)) };
}

export function isIn({ from, until }: Period, day: string): boolean {
  return day >= from && day <= until;
}

export function daysOf({ from, until }: Period): string[] {
  const count = dayNumber(until) - dayNumber(from) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, number) => addDays(from, number));
}

/** Every month that the period touches. */
export function monthsOf(period: Period): string[] {
  return [...new Set(daysOf(period).map(monthOf))];
}

/** A length in microseconds, in whole minutes rounded down. */
export function wholeMinutes(microseconds: number): number {
  return Math.floor(microseconds / 60_000_000);
}
