import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceiptVerdict } from '#contracts';
import { fromBase64, receiptCode, verifyInclusion } from '#evidence';
import type { z } from 'zod';
import { qrPicture } from '../apps/gateway/src/receipts/qr-picture.js';
import { expectNoEcho, expectProblem } from './support/answers.js';
import { bearer, operatorIdOf } from './support/asking.js';
import { addClient, asClient, extraClient, institutionIdOf } from './support/office-parts.js';
import { addOfficials, sessionsOf } from './support/officials.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { waitFor } from './support/wait-for.js';

type Verdict = z.infer<typeof ReceiptVerdict>;
interface LookUp {
  id: string;
  receipt: string;
  receiptCode: string;
}

const url = 'https://gerbang.example/bukti';
const nik = '3313043108859903';
const second = extraClient('kedua');

let stack: RunningStack;
let office: Office;
let institutionId: string;
let token: string;
let lookUp: LookUp;

beforeAll(async () => {
  stack = await RunningStack.start({
    env: { GATEWAY_RECEIPT_URL: url, GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' },
  });
  office = await stack.addOffice({
    change: (file) => {
      addOfficials(file);
      addClient(file, second);
    },
  });
  institutionId = await institutionIdOf(stack, office);
  token = await stack.token(office);
  lookUp = (await stack.verify<LookUp & Record<string, unknown>>(token, { nik, purpose, fields: ['namaLengkap'] }))
    .body;
});
afterAll(() => stack.stop());

const check = (receipt: string, headers: Record<string, string> = bearer(token)) =>
  stack.send<Verdict & { code?: string; retryAfter?: number }>('POST', '/v1/receipts/verify', {
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ receipt }),
  });

describe('a genuine receipt', () => {
  const ways = [
    ['its JWS', () => lookUp.receipt],
    ['its code', () => lookUp.receiptCode],
    ['its code as somebody types it', () => ` ${lookUp.receiptCode.toLowerCase().replaceAll('-', ' ')} `],
    ['the id of the look-up', () => lookUp.id],
  ] as const;

  test.each(ways)('is known by %s, with the names of office and agreement', async (_way, text) => {
    const { status, body } = await check(text());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      genuine: true,
      receipt: {
        id: lookUp.id,
        code: receiptCode(lookUp.id),
        institution: {
          id: institutionId,
          name: office.file.institution.name,
          regionCode: office.file.institution.regionCode,
        },
        agreement: { number: office.file.agreement.number },
        service: 'SKU',
        mode: 'LOOKUP',
        outcome: 'FOUND',
        elements: ['namaLengkap'],
      },
    });
    expect(body).not.toHaveProperty('fault');
  });

  test('comes with the proof once it is signed', async () => {
    await stack.send('POST', '/v1/evidence/checkpoints', {
      headers: bearer(await stack.token(office, { operator: 'camat' })),
    });
    const { proof } = (await check(lookUp.receiptCode)).body;
    if (!proof) throw new Error('it is signed');
    const bytes = (text: string) => fromBase64(text) ?? new Uint8Array();
    const { index, size, leafHash, hashes, checkpoint } = proof;
    expect(
      verifyInclusion({
        index,
        size,
        leafHash: bytes(leafHash),
        proof: hashes.map(bytes),
        root: bytes(checkpoint.root),
      }),
    ).toBe(true);
  });

  test('is known to every office, and nothing of the person is told', async () => {
    const other = await stack.addOffice({ change: addOfficials });
    const answer = await check(lookUp.receiptCode, bearer(await stack.token(other)));
    expect(answer.body.genuine).toBe(true);
    expectNoEcho(answer, nik, purpose.reference, 'CONTOH');
    const people = await sessionsOf(stack, office.file.institution.regionCode);
    expect((await check(lookUp.receipt, people.admin)).body.genuine).toBe(true);
  });

  test('can be checked as often as one likes', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => check(lookUp.receiptCode)));
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
  });
});

describe('what is none', () => {
  const unknown = (n: number) => receiptCode(`019ab3c4-5d6e-7f80-9123-${String(n).padStart(12, '0')}`);
  /** A caller whom nobody has counted, from an address that nobody has counted. */
  const caller = async () => bearer(await stack.token(await stack.addOffice()));

  test('is all told in the same words', async () => {
    const headers = await caller();
    const wrong = await Promise.all([
      check(unknown(1), headers),
      check('019ab3c4-5d6e-7f80-9123-000000000001', headers),
    ]);
    for (const { status, body } of wrong) {
      expect(status).toBe(200);
      expect(body).toEqual({ genuine: false, fault: 'UNKNOWN', message: 'Bukti ini tidak tercatat di sini.' });
    }
    const [head, claims] = lookUp.receipt.split('.');
    const forged = await check(`${head}.${claims}.${'A'.repeat(86)}`, headers);
    expect(forged.body).toMatchObject({ genuine: false, fault: 'FORGED' });
    expectProblem(await check('XXXX', headers), 'RECEIPT_MALFORMED');
  });

  test('may be tried ten times in a minute; then nothing is told any more', async () => {
    // those of the test before are of this address, too
    let told = 0;
    for (let n = 0; n < 12; n++) if ((await check(unknown(n))).status === 200) told += 1;
    expect(told).toBe(10 - 4);
    const refused = await check(unknown(1));
    expectProblem(refused, 'RATE_LIMITED');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.body.retryAfter).toBe(wait);
    expectProblem(await check(lookUp.receiptCode), 'RATE_LIMITED');
    // another application of the same address is no way around
    expectProblem(await check(unknown(2), bearer(await stack.token(asClient(office, second)))), 'RATE_LIMITED');
  });
});

describe('the picture of a code', () => {
  const ask = (code: string, headers = bearer(token)) =>
    stack.send('GET', `/v1/receipts/${encodeURIComponent(code)}/qr`, { headers });

  test('leads to where receipts are checked', async () => {
    const answer = await ask(lookUp.receiptCode.toLowerCase());
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(qrPicture(lookUp.receiptCode, url));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; filename="kode-bukti-[0-9A-Z-]+\.svg"$/);
  });

  test('is made whether or not there is such a receipt', async () => {
    expect((await ask(receiptCode(institutionId))).status).toBe(200);
  });

  test.each(['XXXX-XXXX-XXXX-XXXX-X', 'ZZZZ', '<script>', nik])('of %j is refused', async (code) => {
    const answer = await ask(code);
    expectProblem(answer, 'RECEIPT_MALFORMED');
    expectNoEcho(answer, code);
  });
});

test('nobody asks without somebody who stands behind it', async () => {
  const nobody = bearer(await stack.token(office, {}));
  expectProblem(await check(lookUp.receiptCode, nobody), 'OPERATOR_REQUIRED');
  await stack.sql('UPDATE access.operator SET revoked_at = now() WHERE id = $1', [await operatorIdOf(stack, office)]);
  // what was read before is trusted for less than a second
  const refused = await waitFor(
    () => check(lookUp.receiptCode),
    ({ body }) => body.code === 'OPERATOR_INACTIVE',
  );
  expectProblem(refused, 'OPERATOR_INACTIVE');
});
