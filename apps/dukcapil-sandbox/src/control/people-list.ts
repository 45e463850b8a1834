import type { Outcome, Person } from '../people/person.js';
import { OUTCOMES } from '../people/person.js';
import type { Population } from '../people/population.js';

/** A person as a correct gateway presents one; only `nik` and `outcome` where the register has nobody. */
export type ListedPerson = Omit<Person, 'outcome' | 'extras' | 'wire'> & { outcome: Outcome };
export type ListedNik = { nik: string; outcome: Outcome };

/** How many of a mixed list are other than found, per outcome. */
const SHARE_IN_MIX = 0.1;

export function presentPerson(person: Person): ListedPerson {
  const { extras: _extras, wire: _wire, ...canonical } = person;
  return canonical;
}

/** At most `limit` NIKs with the outcome, spread over the whole register; without one, a mix in which all appear. */
export function listPeople(
  population: Population,
  outcome: Outcome | undefined,
  limit: number,
): (ListedPerson | ListedNik)[] {
  if (outcome !== undefined) return listOf(population, outcome, limit);
  const each = Math.ceil(limit * SHARE_IN_MIX);
  const others = OUTCOMES.filter((name) => name !== 'FOUND').flatMap((name) => listOf(population, name, each));
  const found = listOf(population, 'FOUND', Math.max(1, limit - others.length));
  return [...found, ...others].slice(0, limit);
}

function listOf(population: Population, outcome: Outcome, limit: number): (ListedPerson | ListedNik)[] {
  const { people, strangers } = population;
  if (outcome === 'NOT_FOUND') return strangers.notFound.slice(0, limit).map((nik) => ({ nik, outcome }));
  if (outcome === 'UNPROCESSABLE') return strangers.unprocessable.slice(0, limit).map((nik) => ({ nik, outcome }));
  return spread(
    people.filter((person) => person.outcome === outcome),
    limit,
  ).map(presentPerson);
}

/** At even distances, beginning with the first: the example people and every province are among a long enough list. */
function spread<T>(all: readonly T[], limit: number): T[] {
  const named = Math.min(4, limit);
  const step = Math.max(1, (all.length - named) / Math.max(1, limit - named));
  const picked = all.slice(0, named);
  for (let at = named; picked.length < limit && at < all.length; at += step) picked.push(all[Math.floor(at)] as T);
  return picked;
}
