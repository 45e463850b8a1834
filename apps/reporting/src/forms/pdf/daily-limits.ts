import type { Register } from '#contracts';
import { dayOf } from '#paper';

/** The quota of a day by the register, as docs/report-format.md has it; null: no agreement was in force. */
export function limitOn(day: string, { agreements }: Pick<Register, 'agreements'>): number | null {
  const limits = agreements.flatMap(({ versions, terminatedAt }) => {
    const last = versions
      .filter(({ effectiveFrom }) => effectiveFrom <= day)
      .sort((a, b) => a.version - b.version)
      .at(-1);
    const terminated = terminatedAt !== null && day >= dayOf(new Date(terminatedAt));
    return last && !terminated && last.validFrom <= day && day <= last.validUntil ? [last.dailyQuota] : [];
  });
  return limits.length === 0 ? null : Math.max(...limits);
}

/** Every calendar day of a period. */
export function daysOf({ from, until }: { from: string; until: string }): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${until}T00:00:00Z`); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
