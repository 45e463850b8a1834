import { dayNumber } from '#report';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** 07:00 in Jakarta (UTC+7) is the beginning of the day in UTC. */
export const dailySlot = (now: Date): Date => new Date(Math.floor(now.getTime() / dayMs) * dayMs);
export const hourlySlot = (now: Date): Date => new Date(Math.floor(now.getTime() / hourMs) * hourMs);

/** Number of the week, Monday to Sunday, that a day lies in. 1 January 1970 was a Thursday. */
export const weekOf = (day: string): number => Math.floor((dayNumber(day) + 3) / 7);
