import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { ElementName, ErrorCode, HitState, VerificationMode } from '#contracts';
import { AppError } from '#service';

/** What a look-up needs to be admitted: everything that its evidence keeps. */
export interface Reservation {
  id: string;
  institutionId: string;
  agreementVersionId: string;
  validFrom: string;
  validUntil: string;
  clientId: string;
  operatorId: string;
  service: string;
  reference: string;
  referenceHmac: Buffer;
  mode: VerificationMode;
  fields: ElementName[];
  nikHmac: Buffer;
  flightKey: Buffer;
  keyHmac?: Buffer | undefined;
}

export type Verdict =
  | 'reserved'
  | 'joined'
  | Extract<
      ErrorCode,
      | 'AGREEMENT_NOT_STARTED'
      | 'AGREEMENT_ENDED'
      | 'QUOTA_NOT_GRANTED'
      | 'QUOTA_EXHAUSTED'
      | 'ALREADY_ANSWERED'
      | 'IDEMPOTENCY_KEY_REUSED'
      | 'UPSTREAM_ACCESS_BROKEN'
      | 'UPSTREAM_CLOSED'
      | 'UPSTREAM_UNAVAILABLE'
    >;

export interface Admission {
  verdict: Verdict;
  /** Asia/Jakarta, YYYY-MM-DD */
  day: string;
  limit: number;
  used: number;
  msToMidnight: number;
  retryAfterMs: number | null;
  /** For `joined`: the replica that has the look-up in flight. */
  holder: string | null;
  /** The look-up; for `joined` and ALREADY_ANSWERED the one that was or is being answered. */
  verificationId: string | null;
}

/** What a call tells about the way to the ministry. */
export type GateEffect = 'none' | 'success' | 'failure' | 'trip' | 'access-broken' | 'quota-used-up' | 'outside-hours';

export interface Settlement {
  id: string;
  state: Exclude<HitState, 'reserved'>;
  outcome: string;
  effect: GateEffect;
  latencyMs: number;
}

/** The event that tells how a look-up ended. */
export interface Settled {
  eventId: string;
  /** `YYYY-MM-DDTHH:MM:SS.ffffffZ`, by the database's clock */
  at: string;
}

export interface Refusal {
  id: string;
  institutionId: string;
  agreementVersionId: string | null;
  clientId: string;
  operatorId: string | null;
  service: string | null;
  reference: string | null;
  mode: VerificationMode | null;
  fields: ElementName[];
  code: ErrorCode;
}

export interface LedgerOptions {
  /** Names this replica in the rows that it holds. */
  holder: string;
  /** How long a reservation is held before it is given up as `unknown`: the ministry's deadline and a margin, milliseconds. */
  leaseMs: number;
  breaker: { failures: number; waitMs: number; mostWaitMs: number };
}

interface Waiting<T, R> {
  item: T;
  deadlineAt: number;
  resolve: (result: R) => void;
  reject: (error: AppError) => void;
}

/** Most that one transaction takes, and most that may wait for one. */
const batchSize = 200;
const queueBound = 5_000;

/**
 * The exact count of hits with its evidence (O-03, O-15). Everything that waits is written in one transaction (group
 * commit): a look-up is reserved and counted before it leaves, then confirmed, unknown or released.
 */
@Injectable()
export class HitLedger {
  private reservations: Waiting<Reservation, Admission>[] = [];
  private settlements: Waiting<Settlement, Settled | null>[] = [];
  private refusals: Waiting<Refusal, true>[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    readonly options: LedgerOptions,
  ) {}

  /**
   * @param deadlineAt `performance.now()` after which the caller no longer waits
   * @throws {AppError} EVIDENCE_UNAVAILABLE when nothing could be written: then nothing may be sent; OVERLOADED
   */
  async reserve(reservation: Reservation, deadlineAt: number): Promise<Admission> {
    for (;;) {
      const asked = performance.now();
      const admission = await this.enqueue(this.reservations, reservation, deadlineAt);
      // The day is the one on which the request leaves. When midnight came between, this hit never left: take one of today.
      if (admission.verdict !== 'reserved') return admission;
      if (performance.now() - asked < admission.msToMidnight) return { ...admission, verificationId: reservation.id };
      await this.settle(
        { id: reservation.id, state: 'released', outcome: 'RELEASED_AT_MIDNIGHT', effect: 'none', latencyMs: 0 },
        deadlineAt,
      );
      reservation = { ...reservation, id: uuidv7() };
    }
  }

  /**
   * Tries until `deadlineAt`: an answer may only be shown once its outcome is on record.
   *
   * @returns null when the hit is settled already
   * @throws {AppError} EVIDENCE_UNAVAILABLE
   */
  async settle(settlement: Settlement, deadlineAt: number): Promise<Settled | null> {
    for (;;) {
      try {
        return (await this.enqueue(this.settlements, settlement, deadlineAt)) ?? (await this.findSettled(settlement));
      } catch (error) {
        if (performance.now() + 250 >= deadlineAt) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** The same settlement was committed and the word of it was lost: it counts as done. */
  private async findSettled({ id, state, outcome }: Settlement): Promise<Settled | null> {
    const { rows } = await this.pool.query<Settled>({
      name: 'find_settled',
      text: `SELECT id AS "eventId", verification.micros(at) AS at FROM verification.access_event
        WHERE verification_id = $1 AND kind = 'ANSWERED' AND hit_state = $2 AND outcome = $3 ORDER BY id DESC LIMIT 1`,
      values: [id, state, outcome],
    });
    return rows[0] ?? null;
  }

  async recordRefusal(refusal: Refusal, deadlineAt: number): Promise<void> {
    await this.enqueue(this.refusals, refusal, deadlineAt);
  }

  /** Waits for what is being written. */
  async idle(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private enqueue<T, R>(queue: Waiting<T, R>[], item: T, deadlineAt: number): Promise<R> {
    if (queue.length >= queueBound) return Promise.reject(new AppError('OVERLOADED', { retryAfter: 1 }));
    return new Promise<R>((resolve, reject) => {
      queue.push({ item, deadlineAt, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    // one turn of the event loop, so that what arrived together is written together
    await new Promise((resolve) => setImmediate(resolve));
    while (this.reservations.length + this.settlements.length + this.refusals.length > 0) {
      const batch = {
        settlements: this.settlements.splice(0, batchSize),
        reservations: dropLate(this.reservations.splice(0, batchSize)),
        refusals: this.refusals.splice(0, batchSize),
      };
      await this.write(batch.settlements, batch.reservations, batch.refusals);
    }
    // in the same breath as the last look at the queues: what comes later starts a new round
    this.writing = undefined;
  }

  private async write(
    settlements: Waiting<Settlement, Settled | null>[],
    reservations: Waiting<Reservation, Admission>[],
    refusals: Waiting<Refusal, true>[],
  ): Promise<void> {
    const size = settlements.length + reservations.length + refusals.length;
    if (size === 0) return;
    try {
      const { rows } = await this.pool.query<{
        result: { settled: (Settled | null)[]; reserved: Record<string, Admission> };
      }>({
        name: 'commit_batch',
        text: 'SELECT verification.commit_batch($1, $2, $3, $4, $5, $6, $7, $8) AS result',
        values: [
          JSON.stringify(
            settlements.map(({ item }) => ({ ...item, latencyMs: Math.round(item.latencyMs), eventId: uuidv7() })),
          ),
          JSON.stringify(reservations.map(({ item }) => reservationRow(item))),
          JSON.stringify(refusals.map(({ item }) => ({ ...item, eventId: uuidv7() }))),
          this.options.holder,
          this.options.leaseMs,
          this.options.breaker.failures,
          this.options.breaker.waitMs,
          this.options.breaker.mostWaitMs,
        ],
      });
      const result = rows[0]?.result;
      if (!result) throw new Error('commit_batch returned nothing');
      settlements.forEach((waiting, index) => waiting.resolve(result.settled[index] ?? null));
      refusals.forEach((waiting) => waiting.resolve(true));
      reservations.forEach((waiting, index) => {
        const admission = result.reserved[String(index)];
        if (admission) waiting.resolve(admission);
        else waiting.reject(unavailable(new Error('commit_batch left out a reservation')));
      });
    } catch (error) {
      if (size > 1 && isFaultOfOneItem(error)) {
        for (const item of settlements) await this.write([item], [], []);
        for (const item of reservations) await this.write([], [item], []);
        for (const item of refusals) await this.write([], [], [item]);
        return;
      }
      for (const waiting of [...settlements, ...reservations, ...refusals]) waiting.reject(unavailable(error));
    }
  }
}

function reservationRow(item: Reservation) {
  const { nikHmac, referenceHmac, flightKey, keyHmac, ...rest } = item;
  return {
    ...rest,
    nikHmac: nikHmac.toString('hex'),
    referenceHmac: referenceHmac.toString('hex'),
    flightKey: flightKey.toString('hex'),
    keyHmac: keyHmac?.toString('hex') ?? null,
    eventId: uuidv7(),
  };
}

/** What nobody waits for any more is not written: it would spend a hit for nothing. */
function dropLate(waiting: Waiting<Reservation, Admission>[]): Waiting<Reservation, Admission>[] {
  const now = performance.now();
  return waiting.filter((one) => {
    if (one.deadlineAt > now) return true;
    one.reject(unavailable(new Error('waited too long for the ledger')));
    return false;
  });
}

/** SQLSTATE classes of a statement that the database refused as such: data (22, 23) or a deadlock (40). */
function isFaultOfOneItem(error: unknown): boolean {
  return /^(22|23|40)/.test((error as { code?: string }).code ?? '');
}

const unavailable = (cause: unknown): AppError => new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause });
