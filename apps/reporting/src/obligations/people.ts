import { dayOf } from '#paper';
import type { RegisterPerson } from '#contracts';

/** Has access today, as far as the days of the assignment say. */
export const isActive = (person: RegisterPerson, now: Date): boolean =>
  person.activeFrom <= dayOf(now) && isAssigned(person, now);

/** Uses the access, today or later: whoever only administers or evaluates does not. */
export const isServing = (person: RegisterPerson, now: Date): boolean =>
  (person.role === 'operator' || person.role === 'camat') && isAssigned(person, now);

const isAssigned = ({ activeUntil, revokedAt }: RegisterPerson, now: Date): boolean =>
  (activeUntil === null || activeUntil >= dayOf(now)) && (revokedAt === null || Date.parse(revokedAt) > now.getTime());
