import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { findLookUps, type BalikanActor, type BalikanSubmission, type RpcInput } from '#contracts';
import { AgreementKeys, AppError, KeyFolder, type RpcClient } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { AccessedPeople } from '../people/accessed-people.js';
import { agreementRows } from '../people/agreement-rows.js';
import { PersonVault } from '../people/person-vault.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { RecordRepository } from './record.repository.js';
import { Submissions } from './submissions.js';

/** Stands in for nik-verification: whose data was accessed, and how often it was asked. */
export class VerificationOfTest {
  readonly asked: RpcInput<typeof findLookUps>[] = [];
  readonly lookUps = new Map<string, string>();
  /** Under one agreement alone: its persons and their look-ups, best first; null where its key is destroyed. */
  readonly under = new Map<string, Map<string, string[]> | null>();
  away = false;

  readonly bus = {
    call: async (rpc: { subject: string }, input: RpcInput<typeof findLookUps>) => {
      if (rpc.subject !== findLookUps.subject) throw new Error(`nobody answers ${rpc.subject}`);
      if (this.away) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
      this.asked.push(input);
      const known = this.under.get(input.agreementId);
      if (known === null) throw new AppError('AGREEMENT_CLOSED');
      return {
        lookUps: input.people.map(({ nik, verificationId }) => {
          if (known) return known.get(nik) ?? [];
          const found = verificationId ?? this.lookUps.get(nik);
          return found === undefined ? [] : [found];
        }),
      };
    },
  } as unknown as RpcClient;

  /** Makes it so that this person was looked up; returns the look-up. */
  lookedUp(nik: string): string {
    const id = this.lookUps.get(nik) ?? randomUUID();
    this.lookUps.set(nik, id);
    return id;
  }
}

/** One replica of the part that takes records, with a key folder of its own unless it is given one. */
export async function makeReplica(pool: pg.Pool, folder?: string) {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'gerbang-records-')));
  const keyFolder = new KeyFolder(own);
  const keys = new AgreementKeys(keyFolder);
  const vault = new PersonVault(keyFolder, keys, agreementRows(pool));
  const verification = new VerificationOfTest();
  const destinations = new Destinations(pool, vault, keys);
  const records = new RecordRepository(pool);
  const idempotencyKeys = new IdempotencyKeys(pool);
  const accessed = new AccessedPeople(verification.bus);
  return {
    folder: own,
    keys,
    vault,
    verification,
    destinations,
    records,
    idempotencyKeys,
    submissions: new Submissions(pool, records, idempotencyKeys, vault, accessed, destinations),
    close: () => rm(own, { recursive: true, force: true }),
  };
}
export type TestReplica = Awaited<ReturnType<typeof makeReplica>>;

export const makeActor = (overrides: Partial<BalikanActor> = {}): BalikanActor => ({
  institutionId: randomUUID(),
  agreementId: randomUUID(),
  agreementVersionId: randomUUID(),
  validFrom: '2020-01-01',
  clientId: 'uji',
  operatorId: randomUUID(),
  institutionName: 'Kecamatan Contoh',
  ...overrides,
});

export const [nik, otherNik] = ['3399014107909901', '3399014107909902'] as const;

export const makeSubmission = (overrides: Partial<BalikanSubmission> = {}): BalikanSubmission => ({
  nik,
  nomorRegister: '500/001/SKU/I/2026',
  namaUsaha: 'Warung Contoh',
  jenisUsaha: 'Warung makan',
  kbli: { kode: '56101', versi: '2020' },
  tanggal: '2024-01-31',
  ...overrides,
});

/** Far enough for a slow machine. */
export const soon = () => ({ deadlineAt: performance.now() + 60_000 });

/** A record as it stands in the table, past all rules; it needs no key. */
export async function insertRecord(
  pool: pg.Pool,
  institutionId: string,
  overrides: Partial<Record<string, unknown>> = {},
): Promise<string> {
  const row: Record<string, unknown> = {
    id: randomUUID(),
    institution_id: institutionId,
    agreement_id: randomUUID(),
    agreement_version_id: randomUUID(),
    person_hmac: Buffer.alloc(32),
    sealed_nik: Buffer.from('sealed'),
    key_id: 'seal-1',
    register_number: '1',
    register_key: '1',
    register_date: '2024-01-31',
    business_name: 'Warung Contoh',
    business_type: 'Warung makan',
    verification_id: randomUUID(),
    source: 'FORM',
    client_id: 'uji',
    accepted_at: new Date(),
    salt: Buffer.alloc(32),
    due_at: new Date(),
    ...overrides,
  };
  if (row.state === 'DELIVERED' || row.state === 'HANDED_OVER') {
    Object.assign(row, { sealed_nik: null, delivered_at: new Date(), receipt: 'SUCCESS' });
    if (row.state === 'HANDED_OVER') row.media_package_id ??= randomUUID();
  }
  if (row.state === 'PACKED') row.media_package_id ??= randomUUID();
  const names = Object.keys(row);
  await pool.query(
    `INSERT INTO balikan.record (${names.join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(row),
  );
  return row.id as string;
}
