import type { RegisterPerson, ReportContent } from '#contracts';
import { isActive } from './tables/people-tables.js';

/** The Camat on the day of the checkpoint; of several whoever came last. undefined: the register has none. */
export const officeHolder = ({ register, asOf }: ReportContent): RegisterPerson | undefined =>
  register.people
    .filter((person) => person.role === 'camat' && isActive(person, asOf.at))
    .sort((a, b) => (a.activeFrom < b.activeFrom ? 1 : a.activeFrom > b.activeFrom ? -1 : a.id < b.id ? -1 : 1))[0];
