import type { Submitted } from './submission.js';

/** A request as it came in, whatever became of it. */
export interface BalikanRequest {
  /** `performance.now()` of its arrival, milliseconds. */
  readonly at: number;
  readonly userId: string | null;
  readonly form: 'JSON_ARRAY' | 'FORM' | null;
  readonly nomorRegister: string | null;
  readonly date: string | null;
  /** Requests under way when it came, itself included. */
  readonly atOnce: number;
  /** Its records were new, and are stored now. */
  stored: boolean;
}

export interface StoredBalikan {
  readonly userId: string;
  readonly idLembaga: string;
  readonly nomorRegister: string;
  readonly date: string | null;
}

/** Requests that are kept, so that a long run stays within bounds. */
const mostRequests = 200_000;

/** What was received: each (token, institution, NIK, register number) once. */
export class BalikanStore {
  #stored = new Map<string, StoredBalikan>();
  #requests: BalikanRequest[] = [];
  #total = 0;
  underWay = 0;

  /** True when it is new. */
  put(userId: string, { idLembaga, nik, nomorRegister, date }: Submitted): boolean {
    const key = keyOf(userId, idLembaga, nik, nomorRegister);
    if (this.#stored.has(key)) return false;
    this.#stored.set(key, { userId, idLembaga, nomorRegister, date });
    return true;
  }

  has(userId: string, { idLembaga, nik, nomorRegister }: Omit<Submitted, 'date'>): boolean {
    return this.#stored.has(keyOf(userId, idLembaga, nik, nomorRegister));
  }

  note(request: BalikanRequest): void {
    this.#total += 1;
    if (this.#requests.length < mostRequests) this.#requests.push(request);
  }

  /** Each key once, in the order in which they were stored; no person among it. */
  stored(): StoredBalikan[] {
    return [...this.#stored.values()];
  }

  get requests(): readonly BalikanRequest[] {
    return this.#requests;
  }

  get requestCount(): number {
    return this.#total;
  }

  clear(): void {
    this.#stored = new Map();
    this.#requests = [];
    this.#total = 0;
  }
}

const keyOf = (...parts: string[]): string => parts.join('\n');
