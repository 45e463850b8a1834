import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { HitLedger, type LedgerOptions, type Reservation, type Settlement } from './hit-ledger.js';

export const ledgerOptions: LedgerOptions = {
  holder: 'replica-1',
  leaseMs: 60_000,
  breaker: { failures: 3, waitMs: 60_000, mostWaitMs: 600_000 },
};

export function makeLedger(pool: pg.Pool, options: Partial<LedgerOptions> = {}): HitLedger {
  return new HitLedger(pool, { ...ledgerOptions, ...options });
}

export function makeReservation(institutionId: string, overrides: Partial<Reservation> = {}): Reservation {
  return {
    id: uuidv7(),
    institutionId,
    agreementVersionId: '00000000-0000-4000-8000-000000000001',
    validFrom: '2020-01-01',
    validUntil: '2099-12-31',
    clientId: 'uji',
    operatorId: '00000000-0000-4000-8000-000000000002',
    service: 'SKU',
    reference: '500/001',
    referenceHmac: randomBytes(32),
    mode: 'LOOKUP',
    fields: ['namaLengkap'],
    nikHmac: randomBytes(32),
    flightKey: randomBytes(32),
    ...overrides,
  };
}

export const settled = (id: string, overrides: Partial<Settlement> = {}): Settlement => ({
  id,
  state: 'confirmed',
  outcome: 'FOUND',
  effect: 'success',
  latencyMs: 12,
  ...overrides,
});

/** Far enough for a slow machine. */
export const soon = (): number => performance.now() + 60_000;

export async function grantQuota(pool: pg.Pool, institutionId: string, dailyLimit: number, from = '2020-01-01') {
  await pool.query('INSERT INTO verification.quota_grant VALUES ($1, $2, $3)', [institutionId, from, dailyLimit]);
}

/** Used as the ledger keeps it, beside what the rows of hits add up to. */
export async function countHits(pool: pg.Pool, institutionId: string, day: string) {
  const { rows } = await pool.query<{ used: number; carried: number; rows: number }>(
    `SELECT used, carried, (SELECT count(*)::int FROM verification.hit WHERE institution_id = $1 AND state <> 'released'
       AND (day = $2 OR carried_to = $2)) AS rows FROM verification.hit_day WHERE institution_id = $1 AND day = $2`,
    [institutionId, day],
  );
  return rows[0] ?? { used: 0, carried: 0, rows: 0 };
}
