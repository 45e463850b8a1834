import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { destroyAgreementKeys, destroyBalikanKeys, getDelivery, type Rpc } from '#contracts';
import { AppError, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture } from '../operators/acts-fixture.js';
import { makeCloseAgreement, recordClosingStep } from './closing-acts.js';

let fixture: ActsFixture;
let agreementId: string;
let delivery: { waiting: number; dead: number; packed: number };
let calls: { rpc: Rpc; input: object }[];
const bus = {
  call: async (rpc: Rpc, input: object) => {
    calls.push({ rpc, input });
    if (rpc === getDelivery) return delivery;
    if (rpc === destroyAgreementKeys) return { destroyedKeyIds: ['hmac-1'] };
    return { destroyedKeyIds: ['hmac-1'], undelivered: 0 };
  },
} as unknown as RpcClient;
const close = makeCloseAgreement(bus);

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  [calls, delivery] = [[], { waiting: 0, dead: 0, packed: 0 }];
  const [row] = await fixture.sql<{ id: string }>(
    'INSERT INTO access.agreement (institution_id, number, closing_at) VALUES ($1, $2, now()) RETURNING id',
    [fixture.kecamatan, fixture.name()],
  );
  agreementId = row?.id ?? '';
  for (const step of ['SAM_RETURNED', 'FINAL_REPORT'] as const) await recordStep(step);
});

const recordStep = (step: 'DATA_BALIKAN_DELIVERED' | 'SAM_RETURNED' | 'FINAL_REPORT', note?: string) =>
  fixture.perform(recordClosingStep, {
    agreementId,
    step,
    applicable: true,
    receiptNumber: 'TT/1',
    doneOn: '2026-06-01',
    ...(note === undefined ? {} : { note }),
  });
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? { code: error.code, ...error.extras } : error),
  );

test.each([
  ['waits', { waiting: 2, dead: 0, packed: 0 }, 2],
  ['is dead', { waiting: 0, dead: 1, packed: 0 }, 1],
  ['is on a medium that nobody receipted', { waiting: 0, dead: 0, packed: 4 }, 4],
])('an agreement is not closed while something %s', async (_name, numbers, count) => {
  delivery = numbers;
  await recordStep('DATA_BALIKAN_DELIVERED');
  expect(await faultOf(fixture.perform(close, { agreementId }))).toMatchObject({
    code: 'CLOSING_INCOMPLETE',
    issues: [{ path: 'DATA_BALIKAN_DELIVERED', message: expect.stringContaining(`Masih ada ${count} data balikan`) }],
  });
  // of this agreement alone: another one may have its own that wait
  expect(calls).toEqual([{ rpc: getDelivery, input: { institutionId: fixture.kecamatan, agreementId } }]);
  expect(
    await fixture.sql('SELECT FROM access.agreement WHERE id = $1 AND closed_at IS NULL', [agreementId]),
  ).toHaveLength(1);
});

test('somebody may say why it never will be delivered', async () => {
  delivery = { waiting: 0, dead: 3, packed: 0 };
  await recordStep('DATA_BALIKAN_DELIVERED', 'Ditolak Disdukcapil, surat 470/9/2026');
  await fixture.perform(close, { agreementId });
  expect(await fixture.event(agreementId)).toMatchObject({
    act: 'agreement.close',
    after: { state: 'closed', destroyedKeyIds: ['hmac-1', 'data-balikan/hmac-1'], undelivered: 3 },
  });
});

test('the keys of both services go, and are on record', async () => {
  await recordStep('DATA_BALIKAN_DELIVERED');
  await fixture.perform(close, { agreementId });
  const ids = { institutionId: fixture.kecamatan, agreementId };
  expect(calls.slice(1)).toEqual([
    { rpc: destroyBalikanKeys, input: ids },
    { rpc: destroyAgreementKeys, input: ids },
  ]);
  expect(await fixture.event(agreementId)).toMatchObject({
    after: { state: 'closed', destroyedKeyIds: ['hmac-1', 'data-balikan/hmac-1'] },
  });
});

test('without the step, nothing is even counted', async () => {
  expect(await faultOf(fixture.perform(close, { agreementId }))).toMatchObject({
    code: 'CLOSING_INCOMPLETE',
    issues: [{ path: 'DATA_BALIKAN_DELIVERED' }],
  });
  expect(calls).toEqual([]);
});
