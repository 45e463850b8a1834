import { jakartaDayNumber, jakartaDayText } from '../clock.js';

/** The ministry's own count for one User ID, exact because one thread does it: hits per calendar day in Jakarta. */
export class HitCount {
  /** Requests that named this User ID, whatever became of them, since the last reset. */
  requests = 0;
  /** Requests that came when the day's quota was used up, since the last reset: a client that counts right never sends one. */
  refusedOverQuota = 0;
  #day = -1;
  #hits = 0;
  readonly #hitsByNik = new Map<string, number>();
  readonly #hitsByDay = new Map<number, number>();

  /** Hits of the day that `time` lies in. */
  hitsOn(time: number): number {
    const day = jakartaDayNumber(time);
    if (day !== this.#day) {
      if (this.#hits > 0) this.#hitsByDay.set(this.#day, this.#hits);
      this.#day = day;
      this.#hits = this.#hitsByDay.get(day) ?? 0;
    }
    return this.#hits;
  }

  /** Counts one look-up of this NIK. */
  hit(time: number, nik: string): void {
    this.#hits = this.hitsOn(time) + 1;
    this.#hitsByNik.set(nik, (this.#hitsByNik.get(nik) ?? 0) + 1);
  }

  /** `{ '2026-11-23': 12 }`, since the last reset. */
  hitsByDay(time: number): Record<string, number> {
    const today = this.hitsOn(time);
    const days = new Map(this.#hitsByDay);
    if (today > 0) days.set(this.#day, today);
    return Object.fromEntries([...days].map(([day, hits]) => [jakartaDayText(day), hits]));
  }

  hitsByNik(): Record<string, number> {
    return Object.fromEntries(this.#hitsByNik);
  }

  reset(): void {
    this.requests = 0;
    this.refusedOverQuota = 0;
    this.#hits = 0;
    this.#hitsByNik.clear();
    this.#hitsByDay.clear();
  }
}
