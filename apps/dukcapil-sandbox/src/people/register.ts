import { wireRecord } from '../call-nik/wire-record.js';
import type { Outcome, Person } from './person.js';
import type { Population } from './population.js';

/** The population, and whoever was brought in beside it: those are of this sandbox alone, and never listed. */
export class Register {
  readonly #guests = new Map<string, Person>();

  constructor(private readonly population: Population) {}

  /** Creates or replaces; a guest takes the place of whoever has that NIK. True when it is new. */
  put(person: Person): boolean {
    const known = this.#guests.has(person.nik);
    this.#guests.set(person.nik, person);
    return !known;
  }

  dismissGuests(): void {
    this.#guests.clear();
  }

  findPerson(nik: string): Person | undefined {
    return this.#guests.get(nik) ?? this.population.findPerson(nik);
  }

  outcomeOf(nik: string): Outcome {
    return this.#guests.get(nik)?.outcome ?? this.population.outcomeOf(nik);
  }

  /** The person's record as JSON text. */
  recordOf(person: Person): string {
    return this.#guests.get(person.nik) === person ? wireRecord(person) : this.population.recordOf(person);
  }

  /** A person who is found, and who is not the one asked for; for a guest another guest, if there is one. */
  someoneElse(nik: string): Person {
    const others = this.#guests.has(nik) ? [...this.#guests.values()] : [];
    const other = others.find((guest) => guest.outcome === 'FOUND' && guest.nik !== nik);
    return other ?? this.population.someoneElse(nik);
  }
}
