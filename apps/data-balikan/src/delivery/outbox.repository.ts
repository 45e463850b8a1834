import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { DeliveryFailure } from '#contracts';

/** A record that this worker may send now. */
export interface Claimed {
  id: string;
  sealedNik: Buffer;
  keyId: string;
  nomorRegister: string;
  namaUsaha: string;
  jenisUsaha: string;
  kodeKbli: string | null;
  versiKbli: string | null;
  /** YYYY-MM-DD */
  tanggal: string;
  verificationId: string;
  salt: Buffer;
  /** Made before. */
  attempts: number;
}

/** Who has a lane: every word to the database names it, and is void when somebody else has it. */
export interface Hold {
  institutionId: string;
  holder: string;
  term: string;
}

export interface Turn {
  hold: Hold;
  /** After an interruption: one record that tries the way. */
  trial: boolean;
  records: Claimed[];
}

/** What is written of one record; without a result it is put back as it was, with `delayMs` to be due later. */
export type Settlement =
  | { id: string; receipt: 'SUCCESS' | 'ALREADY_SENT'; contentHash: string }
  | { id: string; failure: DeliveryFailure; delayMs: number }
  | { id: string; delayMs?: number };

/** How a turn ends: how long the lane rests, and how many records its next turn takes. */
export interface TurnEnd {
  restMs: number;
  portion: number | null;
}

export interface Settled {
  /** The lane is still this worker's. */
  mine: boolean;
  delivered: number;
  dead: number;
  /** More may be sent at once. */
  goesOn: boolean;
}

export interface DeliveryRules {
  strikes: number;
  breaker: { failures: number; waitMs: number; mostWaitMs: number };
}

interface ClaimedRow {
  institution_id: string;
  term: string;
  trial: boolean;
  id: string;
  sealed_nik: Buffer;
  key_id: string;
  register_number: string;
  register_date: string;
  business_name: string;
  business_type: string;
  kbli_code: string | null;
  kbli_version: string | null;
  verification_id: string;
  salt: Buffer;
  attempts: number;
}

/** The outbox as a worker sees it (migration 0001, "delivery"): claim, may I, settle. */
@Injectable()
export class Outbox {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  /** A lane with due records that nobody else has, the one that has waited longest. */
  async claim(holder: string, leaseMs: number): Promise<Turn | undefined> {
    const { rows } = await this.pool.query<ClaimedRow>({
      name: 'claim_lane',
      text: 'SELECT * FROM balikan.claim($1, $2)',
      values: [holder, leaseMs],
    });
    const [first] = rows;
    if (!first) return undefined;
    const hold = { institutionId: first.institution_id, holder, term: first.term };
    return { hold, trial: first.trial, records: rows.map(toClaimed) };
  }

  /** Whether one more may be sent: not paused, not stopped, the lane still held. Renews the lease of lane and `ids`. */
  async maySend({ institutionId, holder, term }: Hold, ids: readonly string[], leaseMs: number): Promise<boolean> {
    const { rows } = await this.pool.query<{ may: boolean }>({
      name: 'may_send',
      text: 'SELECT balikan.may_send($1, $2, $3, $4, $5) AS may',
      values: [institutionId, holder, term, ids, leaseMs],
    });
    return rows[0]?.may ?? false;
  }

  /** One statement for all of them; may be repeated. `end` gives the lane back. */
  async settle(hold: Hold, settlements: readonly Settlement[], rules: DeliveryRules, end?: TurnEnd): Promise<Settled> {
    const { rows } = await this.pool.query<{ mine: boolean; delivered: number; dead: number; goes_on: boolean }>({
      name: 'settle_lane',
      text: 'SELECT * FROM balikan.settle($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      values: [
        hold.institutionId,
        hold.holder,
        hold.term,
        JSON.stringify(settlements),
        end ? Math.ceil(end.restMs) : null,
        end?.portion ?? null,
        rules.strikes,
        rules.breaker.failures,
        rules.breaker.waitMs,
        rules.breaker.mostWaitMs,
      ],
    });
    const [row] = rows;
    if (!row) throw new Error('settle answered nothing');
    return { mine: row.mine, delivered: row.delivered, dead: row.dead, goesOn: row.goes_on };
  }
}

const toClaimed = (row: ClaimedRow): Claimed => ({
  id: row.id,
  sealedNik: row.sealed_nik,
  keyId: row.key_id,
  nomorRegister: row.register_number,
  namaUsaha: row.business_name,
  jenisUsaha: row.business_type,
  kodeKbli: row.kbli_code,
  versiKbli: row.kbli_version,
  tanggal: row.register_date,
  verificationId: row.verification_id,
  salt: row.salt,
  attempts: row.attempts,
});
