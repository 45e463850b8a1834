import type { Fault, FaultOf } from './fault.js';

/** A fault that is waiting for requests. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Requests it has met. */
  played: number;
}

/** What one request meets: a delay, or a fault, or both. */
export interface Play {
  readonly latency?: FaultOf<'latency'>;
  readonly fault?: Exclude<Fault, { kind: 'latency' }>;
}

/** The faults that were asked for, in the order in which they came: the oldest that matches is met first. */
export class FaultBook {
  #active: ActiveFault[] = [];
  #made = 0;

  get none(): boolean {
    return this.#active.length === 0;
  }

  add(fault: Fault): ActiveFault {
    this.#made += 1;
    const active = { id: String(this.#made), fault, played: 0 };
    this.#active.push(active);
    return active;
  }

  all(): readonly ActiveFault[] {
    return this.#active;
  }

  clear(): void {
    this.#active = [];
  }

  /** False when there is no such fault (any more). */
  remove(id: string): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter((active) => active.id !== id);
    return this.#active.length < before;
  }

  /** What this request meets; takes one from `times` of each fault that it meets. */
  take(request: { userId: string; nik: string }): Play | undefined {
    let latency: FaultOf<'latency'> | undefined;
    let other: Play['fault'];
    const met: ActiveFault[] = [];
    for (const active of this.#active) {
      const { fault } = active;
      if (fault.userId !== undefined && fault.userId !== request.userId) continue;
      if (fault.nik !== undefined && fault.nik !== request.nik) continue;
      if (fault.kind === 'latency' ? latency !== undefined : other !== undefined) continue;
      if (fault.kind === 'latency') latency = fault;
      else other = fault;
      met.push(active);
    }
    for (const active of met) {
      active.played += 1;
      if (active.played === active.fault.times) this.remove(active.id);
    }
    if (met.length === 0) return undefined;
    return { ...(latency && { latency }), ...(other && { fault: other }) };
  }
}
