import { z } from 'zod';

const common = {
  /** How many requests it meets; without it, all until it is cleared. */
  times: z.number().int().min(1).optional(),
  /** Only requests with this register number. */
  nomorRegister: z.string().optional(),
  /** Only requests with this User ID's token. */
  userId: z.string().optional(),
  /** Which part of the requests it meets, by chance. */
  share: z.number().min(0).max(1).optional(),
  /** Whether the record is stored all the same; each kind has its own default. */
  store: z.boolean().optional(),
};

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...common, ...shape });

/** What can go wrong with data balikan, on demand. Nothing is stored unless it says so. */
export const BalikanFault = z.discriminatedUnion('kind', [
  /** This status, with an HTML page, or as JSON with a message. */
  kind('status', { status: z.number().int().min(200).max(599), message: z.string().optional() }),
  /** Never answers; the connection is closed after 120 s. */
  kind('hang', {}),
  /** The connection is reset (RST) before anything is stored. */
  kind('reset', {}),
  /** Stored; the connection is reset (RST) before the answer. */
  kind('reset-after-storing', {}),
  /** 200 with the log-in page of something in between. */
  kind('html', {}),
  /** Stored; the right answer comes `ms` later. */
  kind('slow', { ms: z.number().int().min(0).max(120_000) }),
  /** Stored; half of a JSON text. */
  kind('malformed', {}),
  /** 503 for the first so many tries of each register number, then the right answer. */
  kind('success-after', { tries: z.number().int().min(1) }),
]);
export type BalikanFault = z.output<typeof BalikanFault>;

const storing: ReadonlySet<BalikanFault['kind']> = new Set(['reset-after-storing', 'slow', 'malformed']);

/** Whether a request that meets this fault stores its record. */
export const stores = (fault: BalikanFault): boolean => fault.store ?? storing.has(fault.kind);

export interface ActiveBalikanFault {
  readonly id: string;
  readonly fault: BalikanFault;
  played: number;
  /** Of `success-after`: tries by register number. */
  readonly tries: Map<string, number>;
}

/** The faults that were asked for: the oldest that matches is met. */
export class BalikanFaultBook {
  #active: ActiveBalikanFault[] = [];
  #made = 0;

  constructor(private readonly chance: () => number = Math.random) {}

  add(fault: BalikanFault): ActiveBalikanFault {
    this.#made += 1;
    const active = { id: String(this.#made), fault, played: 0, tries: new Map<string, number>() };
    this.#active.push(active);
    return active;
  }

  all(): readonly ActiveBalikanFault[] {
    return this.#active;
  }

  clear(): void {
    this.#active = [];
  }

  /** What this request meets. */
  take(request: { userId: string; nomorRegister: string }): BalikanFault | undefined {
    const met = this.#active.find((active) => this.#meets(active, request));
    if (met === undefined) return undefined;
    met.played += 1;
    if (met.played === met.fault.times) this.#active = this.#active.filter((active) => active !== met);
    return met.fault;
  }

  #meets({ fault, tries }: ActiveBalikanFault, { userId, nomorRegister }: { userId: string; nomorRegister: string }) {
    if (fault.userId !== undefined && fault.userId !== userId) return false;
    if (fault.nomorRegister !== undefined && fault.nomorRegister !== nomorRegister) return false;
    if (fault.share !== undefined && this.chance() >= fault.share) return false;
    if (fault.kind !== 'success-after') return true;
    const tried = (tries.get(nomorRegister) ?? 0) + 1;
    tries.set(nomorRegister, tried);
    return tried <= fault.tries;
  }
}
