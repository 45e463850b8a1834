import { jakartaMinutes, type Clock } from '../clock.js';
import type { Account } from '../consumers/consumer-book.js';
import { isOpen } from '../consumers/consumer.js';
import type { Person } from '../people/person.js';
import type { Register } from '../people/register.js';
import type { Answer } from './page.js';
import type { Question } from './question.js';
import { meaningRecord, type Meaning } from './response-text.js';
import { comparisonRecord, readComparison, type Comparison } from './verify-by-element.js';

export type Operation = 'call_nik' | 'call_verify_by_elemen';

/** Departures from the rule that a fault may ask for. */
export interface Departure {
  /** False: the look-up costs no hit. */
  readonly counting?: boolean;
  /** True: answers with somebody else's record. */
  readonly lying?: boolean;
}

/**
 * Answers a question: login, address, hours, parameters, quota, then the look-up. The hit is counted when the NIK is
 * looked up, before the answer leaves; what is refused before that costs nothing.
 */
export class Desk {
  constructor(
    private readonly register: Register,
    private readonly clock: Clock,
  ) {}

  answer(account: Account, operation: Operation, question: Question, departure: Departure = {}): Answer {
    const { consumer, count } = account;
    const { nik } = question;
    const say = (meaning: Meaning) => ({ record: meaningRecord(meaning, consumer.generation, nik) });
    const now = this.clock.now();

    if (question.password === '' || question.ipUser === '') return say('LOGIN_PARAMETERS_MISSING');
    if (question.password !== consumer.password) return say('LOGIN_FAILED');
    if (consumer.ips.length === 0) return say('IP_NOT_REGISTERED');
    if (!consumer.ips.includes(question.ipUser)) return say('IP_MISMATCH');
    if (!isOpen(consumer, jakartaMinutes(now))) return say('OUTSIDE_HOURS');
    if (nik === '') return say('QUERY_PARAMETERS_MISSING');
    const comparison = operation === 'call_nik' ? undefined : readComparison(question);
    if (operation !== 'call_nik' && comparison === undefined) return say('QUERY_PARAMETERS_MISSING');
    if (count.hitsOn(now) >= consumer.quota) {
      count.refusedOverQuota += 1;
      return say('QUOTA_USED_UP');
    }
    const left = () => (consumer.quotaLimiter ? consumer.quota - count.hitsOn(now) : undefined);
    if (!isWellFormed(nik)) return { ...say('MALFORMED'), quotaLimiter: left() };

    const outcome = this.register.outcomeOf(nik);
    if (departure.counting !== false && (outcome !== 'NOT_FOUND' || consumer.countsNotFound)) count.hit(now, nik);
    if (departure.lying === true) {
      return { record: this.#record(this.register.someoneElse(nik), comparison), quotaLimiter: left() };
    }
    const person = outcome === 'FOUND' ? this.register.findPerson(nik) : undefined;
    if (person !== undefined) return { record: this.#record(person, comparison), quotaLimiter: left() };
    return { ...say(outcome as Exclude<typeof outcome, 'FOUND'>), quotaLimiter: left() };
  }

  /** To somebody whom the path does not know; the wording follows the other consumers of that path. */
  turnAway(neighbours: ReadonlyMap<string, Account>, question: Question): Answer {
    const [first] = neighbours.values();
    const meaning = question.userId === '' ? 'LOGIN_PARAMETERS_MISSING' : 'LOGIN_FAILED';
    return { record: meaningRecord(meaning, first?.consumer.generation ?? 'B', question.nik) };
  }

  #record(person: Person, comparison: Comparison | undefined): string {
    return comparison === undefined ? this.register.recordOf(person) : comparisonRecord(person, comparison);
  }
}

/** 16 digits, not all the same. */
function isWellFormed(nik: string): boolean {
  return /^\d{16}$/.test(nik) && !/^(\d)\1{15}$/.test(nik);
}
