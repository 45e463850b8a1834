import { wireRecord } from '../call-nik/wire-record.js';
import { makePeople, makeStrangers, type Strangers } from './make-people.js';
import type { Outcome, Person } from './person.js';

/** The register: everybody by NIK, with each person's wire record made once, at the first look-up. */
export class Population {
  readonly people: readonly Person[] = makePeople();
  readonly strangers: Strangers = makeStrangers(this.people);
  readonly #byNik = new Map(this.people.map((person) => [person.nik, person]));
  readonly #unprocessable = new Set(this.strangers.unprocessable);
  readonly #records = new Map<string, string>();

  findPerson(nik: string): Person | undefined {
    return this.#byNik.get(nik);
  }

  outcomeOf(nik: string): Outcome {
    return this.#byNik.get(nik)?.outcome ?? (this.#unprocessable.has(nik) ? 'UNPROCESSABLE' : 'NOT_FOUND');
  }

  /** The person's record as JSON text. */
  recordOf(person: Person): string {
    let record = this.#records.get(person.nik);
    if (record === undefined) {
      record = wireRecord(person);
      this.#records.set(person.nik, record);
    }
    return record;
  }

  /** A person who is found, and who is not the one asked for. */
  someoneElse(nik: string): Person {
    return this.people.find((person) => person.outcome === 'FOUND' && person.nik !== nik) as Person;
  }
}

let opened: Population | undefined;

/** The register; it never changes, so that all sandboxes of a process share one. */
export function openPopulation(): Population {
  return (opened ??= new Population());
}
