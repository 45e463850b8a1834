import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { AgreementKeys, KeyFolder } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { makeLedger, makeReservation, settled, soon } from '../ledger/ledger-fixture.js';
import type { Settlement } from '../ledger/hit-ledger.js';
import { Pseudonymiser } from '../evidence/pseudonym.js';
import { LookUpRepository } from './look-up.repository.js';
import { LookUps } from './look-ups.js';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let keys: AgreementKeys;
let pseudonymiser: Pseudonymiser;
let lookUps: LookUps;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 4 });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-look-ups-'));
  const keyFolder = new KeyFolder(folder);
  keys = new AgreementKeys(keyFolder);
  pseudonymiser = new Pseudonymiser(keyFolder);
  lookUps = new LookUps(new LookUpRepository(pool), pseudonymiser, keyFolder);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const [nik, otherNik] = ['3399014107909901', '3399014107909902'];

type Office = Awaited<ReturnType<typeof office>>;

async function office(institutionId: string = randomUUID()) {
  const agreementId = randomUUID();
  await keys.ensureHmacKey(agreementId);
  await pool.query('INSERT INTO verification.quota_grant VALUES ($1, $2, 1000) ON CONFLICT DO NOTHING', [
    institutionId,
    '2020-01-01',
  ]);
  return { institutionId, agreementId };
}

interface LookUp {
  of?: string;
  reference?: string;
  service?: string;
  ended?: Partial<Settlement> | null;
}

async function lookUp(at: Office, { of = nik, reference = '500/1', service = 'SKU', ended = {} }: LookUp = {}) {
  const ledger = makeLedger(pool);
  const pseudonyms = await pseudonymiser.of(at.agreementId);
  const asked = makeReservation(at.institutionId, {
    nikHmac: pseudonyms.nik(of),
    reference,
    referenceHmac: pseudonyms.reference(reference),
    service,
  });
  await ledger.reserve(asked, soon());
  if (ended) await ledger.settle(settled(asked.id, ended), soon());
  return asked.id;
}

const find = async (
  at: Office,
  person: { nik?: string; verificationId?: string; reference?: string } = {},
): Promise<string[] | undefined> =>
  (
    await lookUps.find({
      ...at,
      people: [
        {
          nik: person.nik ?? nik,
          verificationId: person.verificationId ?? null,
          reference: person.reference ?? null,
        },
      ],
    })
  )[0];

describe('whose data was accessed', () => {
  test('the same case first, then business services as they were made, without any the others', async () => {
    const here = await office();
    const pindah = await lookUp(here, { service: 'SURAT_PINDAH', reference: '474/1' });
    expect(await find(here)).toEqual([pindah]);
    const laterPindah = await lookUp(here, { service: 'SURAT_PINDAH', reference: '474/2' });
    expect(await find(here, { reference: '500/9' })).toEqual([pindah, laterPindah]);
    expect(await find(here, { reference: '474/2' })).toEqual([laterPindah]);
    const sku = await lookUp(here, { service: 'SKU', reference: '500/1' });
    const nib = await lookUp(here, { service: 'NIB', reference: '500/2' });
    await lookUp(here, { service: 'SKTM', reference: '400/1' });
    expect(await find(here)).toEqual([sku, nib]);
    expect(await find(here, { reference: '500/2' })).toEqual([nib, sku]);
    expect(await find(here, { reference: '474/1' })).toEqual([pindah, sku, nib]);
    expect(await find(here, { nik: '3399 0141 0790.9901', reference: '500/2' })).toEqual([nib, sku]);
  });

  test('of one case one look-up, whenever it is asked; of many cases the newest five and the same one', async () => {
    const here = await office();
    const sktm = await lookUp(here, { service: 'SKTM', reference: '500/0' });
    expect(await find(here)).toEqual([sktm]);
    const first = await lookUp(here, { reference: '500/0' });
    await lookUp(here, { reference: '500/0' });
    expect(await find(here)).toEqual([first]);
    const others: string[] = [];
    for (let n = 1; n <= 6; n += 1) others.push(await lookUp(here, { reference: `500/${n}` }));
    expect(await find(here)).toEqual(others.slice(1));
    expect(await find(here, { reference: '500/0' })).toEqual([first, ...others.slice(2)]);
  });

  test('a look-up that is named counts only if it was of this person, here, under this agreement', async () => {
    const here = await office();
    const there = await office();
    const later = await office(here.institutionId);
    const own = await lookUp(here, { reference: '500/1' });
    const newer = await lookUp(here, { reference: '500/2' });
    const anothers = await lookUp(here, { of: otherNik });
    const elsewhere = await lookUp(there);
    const underAnother = await lookUp(later);
    expect(await find(here, { verificationId: own, reference: '500/2' })).toEqual([own]);
    expect(await find(here, { verificationId: newer })).toEqual([newer]);
    for (const verificationId of [anothers, elsewhere, underAnother, randomUUID()])
      expect(await find(here, { verificationId })).toEqual([]);
  });

  test('only a person who was found and whose answer came', async () => {
    const here = await office();
    await lookUp(here, { ended: null });
    await lookUp(here, { ended: { state: 'unknown', outcome: 'UPSTREAM_TIMEOUT', effect: 'none' } });
    await lookUp(here, { ended: { state: 'released', outcome: 'UPSTREAM_UNAVAILABLE', effect: 'none' } });
    for (const outcome of ['NOT_FOUND', 'DECEASED', 'DUPLICATE', 'INACTIVE'])
      await lookUp(here, { ended: { outcome } });
    expect(await find(here)).toEqual([]);
    const late = await lookUp(here, { ended: { state: 'unknown', outcome: 'UPSTREAM_TIMEOUT', effect: 'none' } });
    // given up, and confirmed after all
    await makeLedger(pool).settle(settled(late), soon());
    expect(await find(here)).toEqual([late]);
  });

  test('several at once come back in their order; nobody is guessed from a NIK that cannot be read', async () => {
    const here = await office();
    const there = await office();
    const [first, second] = [await lookUp(here), await lookUp(here, { of: otherNik })];
    await lookUp(there, { of: '3399014107909903' });
    const people = [otherNik, '3399', nik, '3399014107909903', '', nik].map((one) => ({
      nik: one,
      verificationId: null,
      reference: null,
    }));
    expect(await lookUps.find({ ...here, people })).toEqual([[second], [], [first], [], [], [first]]);
    expect(await lookUps.find({ ...here, people: [] })).toEqual([]);
  });

  test('a destroyed key recognises nobody; a key that is not there is another matter', async () => {
    const here = await office();
    await lookUp(here);
    await keys.close(here.agreementId);
    await keys.destroyAll(here.agreementId);
    await expect(find(here)).rejects.toMatchObject({ code: 'AGREEMENT_CLOSED' });
    await expect(find({ ...here, agreementId: randomUUID() })).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  });
});

describe('look-ups of business services', () => {
  const all = { from: '2020-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
  const ids = async (institutionId: string, range: { from: string; to: string } = all, after: string | null = null) =>
    (await lookUps.listBusiness({ institutionId, ...range, after })).lookUps.map(
      ({ verificationId }) => verificationId,
    );

  test('found persons for SKU and NIB of this office, oldest first, from `from` until before `to`', async () => {
    const [here, there] = [await office(), await office()];
    const sku = await lookUp(here, { reference: '500/7' });
    await lookUp(here, { service: 'SKTM' });
    await lookUp(here, { ended: { outcome: 'NOT_FOUND' } });
    await lookUp(here, { ended: null });
    await lookUp(there);
    const nib = await lookUp(here, { service: 'NIB' });
    expect(await ids(here.institutionId)).toEqual([sku, nib]);
    const { lookUps: listed, next } = await lookUps.listBusiness({
      institutionId: here.institutionId,
      ...all,
      after: null,
    });
    expect(next).toBeNull();
    expect(listed[0]).toEqual({
      verificationId: sku,
      at: expect.any(String),
      operatorId: '00000000-0000-4000-8000-000000000002',
      service: 'SKU',
      reference: '500/7',
      sameCase: [],
    });
    const [first, second] = listed.map(({ at }) => at) as [string, string];
    const after = (at: string) => new Date(Date.parse(at) + 1).toISOString();
    expect(await ids(here.institutionId, { from: after(first), to: all.to })).toEqual([nib]);
    expect(await ids(here.institutionId, { from: all.from, to: second })).toEqual([sku]);
    expect(await ids(here.institutionId, all, sku)).toEqual([nib]);
    // somebody else's look-up is no place to go on from
    expect(await ids(there.institutionId, all, sku)).toEqual([]);
  });

  test('others of the same person and case are named with it, at most twenty; another person or office is none', async () => {
    const [here, there] = [await office(), await office()];
    const [first, second] = [await lookUp(here), await lookUp(here, { service: 'NIB' })];
    const [anothers, elsewhere] = [await lookUp(here, { of: otherNik }), await lookUp(there)];
    const otherCase = await lookUp(here, { reference: '500/2' });
    const listed = async ({ institutionId }: Office) =>
      Object.fromEntries(
        (await lookUps.listBusiness({ institutionId, ...all, after: null })).lookUps.map((one) => [
          one.verificationId,
          one.sameCase,
        ]),
      );
    expect(await listed(here)).toEqual({ [first]: [second], [second]: [first], [anothers]: [], [otherCase]: [] });
    expect(await listed(there)).toEqual({ [elsewhere]: [] });
    const many = await office();
    for (let n = 0; n < 22; n += 1) await lookUp(many);
    for (const same of Object.values(await listed(many))) expect(new Set(same)).toHaveProperty('size', 20);
  });

  test('more than a page: every one once, in order, also where many have one time', async () => {
    const institutionId = randomUUID();
    await fill(institutionId, 2_500, { niks: 2_500, sameTime: true });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await lookUps.listBusiness({ institutionId, ...all, after });
      expect(page.lookUps.length).toBeLessThanOrEqual(1_000);
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(256 * 1024);
      seen.push(...page.lookUps.map(({ verificationId }) => verificationId));
      after = page.next;
    } while (after);
    expect(seen).toHaveLength(2_500);
    expect(seen).toEqual([...new Set(seen)].sort());
  });
});

/** Look-ups in bulk, past the log: HMACs are 32 bytes of the person's number. */
async function fill(institutionId: string, count: number, { niks = count, sameTime = false } = {}): Promise<void> {
  await database.asSuperuser(database.name, async (client) => {
    await client.query("SET session_replication_role = 'replica'");
    await client.query(
      `WITH look_up AS MATERIALIZED (SELECT n, uuidv7() AS id FROM generate_series(1, $2::int) AS n)
       INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, client_id, service,
         case_reference, mode, fields, nik_hmac, reference_hmac, hit_state, outcome)
       SELECT uuidv7(),
         CASE WHEN $4 THEN '2026-01-01'::timestamptz ELSE '2024-01-01'::timestamptz + n * interval '1 minute' END,
         kind, id, $1, 'uji', CASE WHEN n % 2 = 0 THEN 'SKU' ELSE 'NIB' END, '500/' || repeat('x', 60), 'LOOKUP', '{}',
         decode(lpad(to_hex(n % $3), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'),
         CASE kind WHEN 'ANSWERED' THEN 'confirmed' ELSE 'reserved' END, CASE kind WHEN 'ANSWERED' THEN 'FOUND' END
       FROM look_up, unnest(ARRAY['REQUESTED', 'ANSWERED']) AS kind`,
      [institutionId, count, niks, sameTime],
    );
  });
}

/** A million take half a minute longer to write, and as long to search. */
const events = Number(process.env.LOOK_UP_EVENTS ?? 200_000);

test('1,000 persons among very many: each by the index, also with a plan that was made when the table was small', async () => {
  const large = await TestDatabase.create();
  const before = database;
  try {
    database = large;
    const one = large.pool('nik_verification', { max: 1 });
    const repository = new LookUpRepository(one);
    const institutionId = randomUUID();
    const people = Array.from({ length: 1_000 }, (_, n) => ({
      nikHmac: Buffer.from((n * 7 + 1).toString(16).padStart(64, '0'), 'hex'),
      verificationId: null,
      referenceHmac: Buffer.alloc(32),
    }));
    for (let n = 0; n < 8; n += 1) await repository.findAll(institutionId, people.slice(0, 10));
    await fill(institutionId, events / 2, { niks: events / 8 });

    const counted = async () => {
      await one.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await one.query<{ scans: string; read: string }>(
        `SELECT (SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'verification.access_event'::regclass) AS scans,
           (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relid = 'verification.access_event'::regclass) AS read`,
      );
      return { scans: Number(rows[0]?.scans), read: Number(rows[0]?.read) };
    };
    const start = await counted();
    const began = performance.now();
    const found = await repository.findAll(institutionId, people);
    const took = performance.now() - began;
    const end = await counted();
    expect(found.filter(({ length }) => length === 4)).toHaveLength(1_000);
    expect(end.scans - start.scans).toBe(0);
    // four look-ups a person, two events a look-up, and the probe of the person
    expect(end.read - start.read).toBeLessThan(1_000 * (4 + 4 * 2) * 1.5);
    expect(took).toBeLessThan(1_000);

    const page = await large.asSuperuser(large.name, async (client) => {
      await client.query('ANALYZE verification.access_event');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT 1 FROM verification.access_event WHERE kind = 'REQUESTED' AND service IN ('SKU', 'NIB')
           AND institution_id = '${institutionId}' AND at >= '2024-02-01' AND at < '2024-02-02' ORDER BY at, verification_id LIMIT 1001`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(page).toContain('access_event_business');
  } finally {
    database = before;
    await large.drop();
  }
});
