import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import {
  encodeLeaf,
  fromBase64,
  leafHash,
  parseVerifierKey,
  verifyInclusion,
  verifyReceipt,
  type AccessLeaf,
} from '#evidence';
import { KeyFolder, Log } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { grantQuota, makeLedger, makeReservation, settled, soon } from '../ledger/ledger-fixture.js';
import { CheckpointFolder } from './checkpoint-folder.js';
import { Leadership } from './leadership.js';
import { LogKey } from './log-key.js';
import { Proofs } from './proofs.js';
import { Receipts } from './receipts.js';
import { Sequencer } from './sequencer.js';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let receipts: Receipts;
let proofs: Proofs;
let sequencer: Sequencer;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('nik_verification', { max: 5 });
  folder = await mkdtemp(join(tmpdir(), 'gerbang-receipts-'));
  const key = new LogKey(new KeyFolder(folder));
  proofs = new Proofs(pool, key);
  receipts = new Receipts(pool, key, proofs, 'uji');
  sequencer = new Sequencer(
    pool,
    new Leadership(pool, { holder: 'satu', silenceMs: 20_000 }),
    new CheckpointFolder(join(folder, 'checkpoints')),
    key,
    Log.create('uji', 'error'),
    { installation: 'uji', enabled: true, everyMs: 50, signEveryMs: 0 },
  );
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** A look-up as the service does it, from the reservation to the receipt. */
async function answer(outcome: 'FOUND' | 'DECEASED' = 'FOUND', overrides: Parameters<typeof makeReservation>[1] = {}) {
  const institution = randomUUID();
  await grantQuota(pool, institution, 10);
  const ledger = makeLedger(pool);
  const asked = makeReservation(institution, { fields: ['namaLengkap', 'alamat'], ...overrides });
  await ledger.reserve(asked, soon());
  const event = await ledger.settle(settled(asked.id, { outcome, latencyMs: 7 }), soon());
  const leaf: AccessLeaf = {
    agreementVersion: asked.agreementVersionId,
    at: event!.at,
    client: asked.clientId,
    fields: asked.fields,
    hit: 'confirmed',
    id: event!.eventId,
    institution,
    latencyMs: 7,
    mode: asked.mode,
    nikHmac: asked.nikHmac.toString('hex'),
    operator: asked.operatorId,
    outcome,
    referenceHmac: asked.referenceHmac.toString('hex'),
    service: asked.service,
    type: 'ANSWERED',
    v: 1,
    verification: asked.id,
  };
  const elements = outcome === 'FOUND' ? asked.fields : [];
  const given = await receipts.issue({
    leaf,
    institution: { institutionName: 'Kecamatan Uji', regionCode: '33.98.01' },
    elements,
  });
  return { institution, id: asked.id, leaf, ...given };
}

test('a receipt says what is on record, and can be checked with the public key alone', async () => {
  const { institution, id, leaf, receipt, receiptCode } = await answer();
  await sequencer.signNow(institution);
  const keys = (await proofs.listCheckpoints(institution, { limit: 1 })).keys.map((one) => parseVerifierKey(one)!);
  const checked = verifyReceipt(receipt, keys);
  expect(checked).toMatchObject({
    ok: true,
    claims: {
      iss: `uji/${institution}/1`,
      jti: id,
      at: leaf.at,
      iat: Math.floor(Date.parse(leaf.at) / 1000),
      institution: { id: institution, name: 'Kecamatan Uji', regionCode: '33.98.01' },
      agreement: { version: leaf.agreementVersion },
      service: 'SKU',
      mode: 'LOOKUP',
      outcome: 'FOUND',
      elements: ['namaLengkap', 'alamat'],
      code: receiptCode,
      leafHash: Buffer.from(leafHash(encodeLeaf(leaf))).toString('base64url'),
    },
  });
  // nothing that stands for the person or the case
  const text = Buffer.from(receipt.split('.')[1]!, 'base64url').toString();
  for (const secret of [leaf.nikHmac!, leaf.referenceHmac!, '500/001']) expect(text).not.toContain(secret);
});

test('it is confirmed by JWS, code or id, at first as recorded, then with its proof', async () => {
  const { institution, id, receipt, receiptCode } = await answer();
  const early = await receipts.verify(receiptCode);
  expect(early).toMatchObject({ genuine: true, proof: null, receipt: { id, outcome: 'FOUND' } });
  const checkpoint = await sequencer.signNow(institution);
  for (const form of [receipt, receiptCode, receiptCode.toLowerCase().replaceAll('-', ' '), id, id.toUpperCase()]) {
    const verdict = await receipts.verify(form);
    expect(verdict).toMatchObject({
      genuine: true,
      receipt: { id, code: receiptCode, elements: ['namaLengkap', 'alamat'] },
    });
    const { index, size, hashes, leafHash: hash } = verdict.proof!;
    const proof = hashes.map((one) => fromBase64(one)!);
    expect(
      verifyInclusion({ index, size, leafHash: fromBase64(hash)!, proof, root: fromBase64(checkpoint.root)! }),
    ).toBe(true);
    expect(JSON.stringify(verdict)).not.toMatch(/nikHmac|500\/001/);
  }
});

test('an outcome without data shows no elements', async () => {
  const { receipt } = await answer('DECEASED');
  expect(await receipts.verify(receipt)).toMatchObject({
    genuine: true,
    receipt: { outcome: 'DECEASED', elements: [] },
  });
});

test('what is mistyped, unknown or forged is told apart, without a word of anybody', async () => {
  const { receipt, receiptCode, institution } = await answer();
  const [header = '', payload = '', signature = ''] = receipt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const changed = Buffer.from(JSON.stringify({ ...claims, outcome: 'NOT_FOUND' })).toString('base64url');
  const forged = { genuine: false, fault: 'FORGED' };
  expect(await receipts.verify(`${header}.${changed}.${signature}`)).toMatchObject(forged);
  expect(await receipts.verify(`${header}.${payload}.${'A'.repeat(86)}`)).toMatchObject(forged);
  const otherIssuer = Buffer.from(JSON.stringify({ ...claims, iss: `uji/${institution}/2` })).toString('base64url');
  expect(await receipts.verify(`${header}.${otherIssuer}.${signature}`)).toMatchObject(forged);
  expect(await receipts.verify(uuidv7())).toMatchObject({ genuine: false, fault: 'UNKNOWN' });
  const malformed = { code: 'RECEIPT_MALFORMED' };
  const [first] = receiptCode;
  const mistyped = (first === '7' ? '8' : '7') + receiptCode.slice(1);
  for (const text of ['', 'abc', mistyped, 'a.b', 'a.b.c', '....', `${header}.${payload}`])
    await expect(receipts.verify(text)).rejects.toMatchObject(malformed);
});

test('a look-up that was never answered has no receipt', async () => {
  const institution = randomUUID();
  await grantQuota(pool, institution, 10);
  const ledger = makeLedger(pool);
  const asked = makeReservation(institution);
  await ledger.reserve(asked, soon());
  expect(await receipts.verify(asked.id)).toMatchObject({ genuine: false, fault: 'UNKNOWN' });
  await ledger.settle(settled(asked.id, { state: 'unknown', outcome: 'UPSTREAM_TIMEOUT', effect: 'none' }), soon());
  expect(await receipts.verify(asked.id)).toMatchObject({ genuine: false, fault: 'UNKNOWN' });
});

test('a record that was changed or removed behind the back of the service is found', async () => {
  const asSuperuser = (sql: string, id: string) =>
    database.asSuperuser(database.name, (client) => client.query(sql, [id]));
  const gone = await answer();
  const altered = await answer();
  await sequencer.signNow(gone.institution);
  await sequencer.signNow(altered.institution);
  await asSuperuser(
    "UPDATE verification.access_event SET outcome = 'DECEASED' WHERE verification_id = $1 AND kind = 'ANSWERED'",
    altered.id,
  );
  await asSuperuser("DELETE FROM verification.access_event WHERE verification_id = $1 AND kind = 'ANSWERED'", gone.id);
  const lost = { genuine: false, fault: 'NOT_IN_LOG' };
  expect(await receipts.verify(altered.receipt)).toMatchObject(lost);
  expect(await receipts.verify(altered.receiptCode)).toMatchObject(lost);
  expect(await receipts.verify(gone.receipt)).toMatchObject(lost);
});
