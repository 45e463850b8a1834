import type { Quota } from '#contracts';

/** The day's quota as it is told in every answer; warns at 70 % and 90 % (O-03). */
export function describeQuota({ day, limit, used }: { day: string; limit: number; used: number }): Quota {
  const share = limit > 0 ? used / limit : 1;
  const warning = share >= 0.9 ? 'QUOTA_90' : share >= 0.7 ? 'QUOTA_70' : undefined;
  return {
    day,
    limit,
    used,
    left: Math.max(0, limit - used),
    resetAt: `${nextDay(day)}T00:00:00+07:00`,
    ...(warning ? { warning } : {}),
  };
}

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
