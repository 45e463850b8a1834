import { dayOf, dayText } from '#paper';
import { firstDay, inForceOn } from '../agreement-term.js';
import { links } from '../links.js';
import { isActive } from '../people.js';
import { defineRule, stateBy } from '../rule.js';

const soonDays = 90;

/** O-12: a card reader with an activated SAM for each work unit, within a year of the agreement's first day. */
export const readerPerWorkUnit = defineRule({
  name: 'reader-per-work-unit',
  clause: 'O-12',
  title: 'Alat baca KTP-el di setiap unit kerja',
  needs: ['register', 'people'],
  assess({ register, people }, now) {
    const today = dayOf(now);
    const [first] = inForceOn(register.agreements, today)
      .flatMap((agreement) => firstDay(agreement) ?? [])
      .sort();
    if (first === undefined) return [{ state: 'NOT_APPLICABLE', facts: [['Perjanjian', 'Tidak ada yang berlaku']] }];
    const usable = usableReaders(register);
    const named = new Set(people.filter((one) => isActive(one, now)).flatMap(({ workUnit }) => workUnit ?? []));
    // an office that names no units is one
    const without =
      named.size === 0 ? Number(usable.length === 0) : [...named].filter((unit) => !usable.includes(unit)).length;
    const total = named.size || 1;
    const dueOn = oneYearFrom(first);
    const facts = [
      ['Unit kerja', String(total)],
      ['Dengan alat baca dan SAM aktif', String(total - without)],
      ['Batas waktu', dayText(dueOn)],
    ] as const;
    const evidence = [links.readers()];
    if (without === 0) return [{ state: 'IN_ORDER', facts: [...facts], evidence }];
    return [
      {
        state: stateBy(today, dueOn, soonDays),
        dueOn,
        facts: [...facts, ['Belum', String(without)]],
        evidence,
        nextStep:
          'Admin mengadakan alat baca untuk unit kerja yang belum punya, mengaktifkan SAM lewat SIFILMA, dan mendaftarkan keduanya.',
      },
    ];
  },
});

/** Work units in which a reader stands that is not revoked and holds an activated SAM. */
function usableReaders({
  readers,
  sams,
}: {
  readers: readonly { workUnit: string; revokedAt: string | null; samId: string | null }[];
  sams: readonly { id: string; state: string }[];
}): string[] {
  const active = new Set(sams.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id));
  return readers
    .filter(({ revokedAt, samId }) => revokedAt === null && samId !== null && active.has(samId))
    .map(({ workUnit }) => workUnit);
}

/** The last day of the year that begins on `day`; of one that begins on 29 February, 28 February. */
export function oneYearFrom(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year + 1, month - 1, date - 1)).toISOString().slice(0, 10);
}
