import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { encodeLeaf, leafHash, toHex, type AccessLeaf, type GapLeaf, type ReportedLeaf } from '#evidence';
import { TestDatabase } from '../../../../test/support/test-database.js';

/** The database hashes leaves when they are committed, receipts and verifiers hash them here: they must never differ. */
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification');
});
afterAll(() => database.drop());

// PostgreSQL holds no NUL; everything else that somebody may type, and what JSON escapes
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('"\\/\b\f\n\r\t', '\u0001\u001f\u007f\u0080\u2028\u2029', '😀 é ﷽', "Robert'); DROP"),
  )
  .map((some) => some.replaceAll('\0', ''))
  .filter((some) => some !== '' && Buffer.from(some).toString() === some);
const uuid = fc.uuid();
/** Never twice, whatever is shrunk. */
const fresh = fc.constant(null).map(() => randomUUID() as string);
const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
const moment = fc
  .tuple(
    fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
    fc.nat(999),
  )
  .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`));

const accessLeaf: fc.Arbitrary<AccessLeaf> = fc.record({
  agreementVersion: orNull(uuid),
  at: moment,
  client: text,
  fields: fc.array(fc.constantFrom('nik', 'noKk', 'namaLengkap', 'alamat'), { maxLength: 4 }),
  hit: orNull(fc.constantFrom('reserved' as const, 'confirmed' as const, 'unknown' as const, 'released' as const)),
  id: fresh,
  institution: uuid,
  latencyMs: orNull(fc.nat(2_147_483_647)),
  mode: orNull(fc.constantFrom('LOOKUP' as const, 'MATCH' as const)),
  nikHmac: orNull(hex),
  operator: orNull(uuid),
  outcome: orNull(text),
  referenceHmac: orNull(hex),
  service: orNull(text),
  type: fc.constantFrom('REQUESTED' as const, 'ANSWERED' as const, 'REFUSED' as const),
  v: fc.constant(1 as const),
  verification: uuid,
});

const reportedLeaf: fc.Arbitrary<ReportedLeaf> = fc.record({
  act: text,
  actor: orNull(uuid),
  at: moment,
  contentHash: orNull(hex),
  id: fresh,
  institution: uuid,
  loggedAt: moment,
  subject: orNull(text),
  subjectHmac: orNull(hex),
  type: fc.constantFrom(
    'ADMINISTRATION' as const,
    'PERSON_TRAIL' as const,
    'DATA_BALIKAN' as const,
    'READER_READ' as const,
  ),
  v: fc.constant(1 as const),
});

const gapLeaf: fc.Arbitrary<GapLeaf> = fc.record({
  acknowledgedBy: orNull(uuid),
  at: moment,
  id: fresh,
  institution: uuid,
  keptRoot: hex,
  keptSize: fc.nat(2 ** 40),
  lastCheckpoint: text,
  previousOrigin: text,
  reason: text,
  type: fc.constant('GAP' as const),
  v: fc.constant(1 as const),
});

const bytes = (value: string | null) => (value === null ? null : Buffer.from(value, 'hex'));
const hashOf = (leaf: AccessLeaf | ReportedLeaf | GapLeaf) => toHex(leafHash(encodeLeaf(leaf)));

async function queuedHash(eventId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ leaf_hash: Buffer }>(
    'SELECT leaf_hash FROM verification.log_pending WHERE event_id = $1',
    [eventId],
  );
  return rows[0]?.leaf_hash.toString('hex');
}

test('an access event is hashed alike here and in the database', async () => {
  await fc.assert(
    fc.asyncProperty(accessLeaf, async (leaf) => {
      await pool.query(
        `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
           operator_id, service, reference_hmac, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
        [
          leaf.id,
          leaf.at,
          leaf.type,
          leaf.verification,
          leaf.institution,
          leaf.agreementVersion,
          leaf.client,
          leaf.operator,
          leaf.service,
          bytes(leaf.referenceHmac),
          leaf.mode,
          leaf.fields,
          bytes(leaf.nikHmac),
          leaf.hit,
          leaf.outcome,
          leaf.latencyMs,
        ],
      );
      expect(await queuedHash(leaf.id)).toBe(hashOf(leaf));
    }),
    { numRuns: 300 },
  );
});

test('a reported event is hashed alike here and in the database', async () => {
  await fc.assert(
    fc.asyncProperty(reportedLeaf, async (leaf) => {
      await pool.query(
        `INSERT INTO verification.reported_event (id, at, logged_at, type, institution_id, act, actor_id, subject, subject_hmac, content_hash)
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
        [
          leaf.id,
          leaf.at,
          leaf.loggedAt,
          leaf.type,
          leaf.institution,
          leaf.act,
          leaf.actor,
          leaf.subject,
          bytes(leaf.subjectHmac),
          bytes(leaf.contentHash),
        ],
      );
      expect(await queuedHash(leaf.id)).toBe(hashOf(leaf));
    }),
    { numRuns: 300 },
  );
});

test('the statement of a gap is hashed alike here and in the database', async () => {
  await fc.assert(
    fc.asyncProperty(gapLeaf, async (leaf) => {
      const { rows } = await pool.query<{ text: string }>(
        `SELECT verification.gap_leaf(ROW($1::uuid, 1, $2::timestamptz, $3::uuid, $4::text, $5::text, $6::bigint, $7::bytea, $8::uuid, $9::text)::verification.log_gap) AS text`,
        [
          leaf.id,
          leaf.at,
          leaf.institution,
          leaf.previousOrigin,
          leaf.lastCheckpoint,
          leaf.keptSize,
          bytes(leaf.keptRoot),
          leaf.acknowledgedBy,
          leaf.reason,
        ],
      );
      expect(rows[0]?.text).toBe(Buffer.from(encodeLeaf(leaf)).toString());
    }),
    { numRuns: 200 },
  );
});
