import { composeNik, makeBirthDate, makePerson, makeSerial, type Roots } from './make-person.js';
import type { Person } from './person.js';
import { Random } from './random.js';
import { ALL_PROVINCES, JUMANTONO, REST_OF_KARANGANYAR, type Region } from './regions.js';
import { EXAMPLE_PEOPLE } from './example-people.js';

const SEED = 33_13_04;
const SHARES: readonly (readonly [regions: readonly Region[], peopleEach: number])[] = [
  [JUMANTONO, 100],
  [REST_OF_KARANGANYAR, 60],
  [ALL_PROVINCES, 230],
];
/** How many live elsewhere than where they were first registered; their NIK keeps the old region. */
const MOVED = 0.08;
const NOT_FOUND_COUNT = 1000;
const UNPROCESSABLE_COUNT = 12;

/** Everybody in the sandbox's register, the same at every call: the example people first, then more than 10,000. */
export function makePeople(): Person[] {
  const random = new Random(SEED);
  const people: Person[] = [...EXAMPLE_PEOPLE];
  const taken = new Set(people.map((person) => person.nik));
  const homes = [...JUMANTONO, ...REST_OF_KARANGANYAR, ...ALL_PROVINCES] as [Region, ...Region[]];
  for (const [regions, peopleEach] of SHARES) {
    for (const origin of regions) {
      for (let made = 0; made < peopleEach; made += 1) {
        const roots = makeRoots(random, origin, taken);
        const residence = random.chance(MOVED) ? random.pick(homes) : origin;
        people.push(makePerson(random, roots, origin, residence));
      }
    }
  }
  return people;
}

/** Valid synthetic NIKs outside the register. */
export interface Strangers {
  /** Nobody has these. The service says "not found" to every other NIK too. */
  readonly notFound: readonly string[];
  /** The service cannot process these, though nothing is wrong with their form. */
  readonly unprocessable: readonly string[];
}

/** NIKs that nobody in `people` has, the same at every call. */
export function makeStrangers(people: readonly Person[]): Strangers {
  const random = new Random(SEED + 1);
  const taken = new Set(people.map((person) => person.nik));
  const regions = [...JUMANTONO, ...ALL_PROVINCES];
  const next = (_: unknown, index: number) => makeRoots(random, regions[index % regions.length] as Region, taken).nik;
  return {
    notFound: Array.from({ length: NOT_FOUND_COUNT }, next),
    unprocessable: Array.from({ length: UNPROCESSABLE_COUNT }, next),
  };
}

function makeRoots(random: Random, origin: Region, taken: Set<string>): Roots {
  for (;;) {
    const sex = random.chance(0.5) ? 'PEREMPUAN' : 'LAKI-LAKI';
    const birth = makeBirthDate(random);
    const nik = composeNik(origin, birth, sex, makeSerial(random));
    if (!taken.has(nik)) {
      taken.add(nik);
      return { nik, birth, sex };
    }
  }
}
