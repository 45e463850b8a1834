import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BalikanDestination, listBusinessLookUps, type RpcInput } from '#contracts';
import { AppError, type RpcClient } from '#service';
import { BalikanOutbox } from '../../../../test/support/balikan-outbox.js';
import { insertRecord, soon } from '../records/records-fixture.js';
import { RecordRepository } from '../records/record.repository.js';
import { BusinessLookUps, type BusinessLookUp } from './business-look-ups.js';
import { Coverages } from './coverages.js';
import { RecordedLookUps } from './recorded-look-ups.repository.js';

let outbox: BalikanOutbox;

beforeAll(async () => {
  outbox = await BalikanOutbox.create();
});
afterAll(() => outbox.drop());

/** Stands in for nik-verification: hands out these look-ups, page by page. */
function evidenceOf(pages: BusinessLookUp[][]) {
  const asked: RpcInput<typeof listBusinessLookUps>[] = [];
  const bus = {
    call: async (rpc: { subject: string }, input: RpcInput<typeof listBusinessLookUps>) => {
      if (rpc.subject !== listBusinessLookUps.subject) throw new Error(`nobody answers ${rpc.subject}`);
      const page = pages[asked.length];
      if (!page) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
      asked.push({ ...input });
      return { lookUps: page, next: asked.length < pages.length ? (page.at(-1)?.verificationId ?? null) : null };
    },
  } as unknown as RpcClient;
  const { pool, destinations } = outbox;
  const lookUps = new BusinessLookUps(bus);
  return {
    asked,
    coverages: new Coverages(lookUps, new RecordedLookUps(pool), new RecordRepository(pool), destinations),
  };
}

const days = 86_400_000;
const monthOf = (at: number) => new Date(at + 7 * 3_600_000).toISOString().slice(0, 7);
const makeLookUp = (daysAgo: number, sameCase: string[] = []): BusinessLookUp => ({
  verificationId: randomUUID(),
  at: new Date(Date.now() - daysAgo * days).toISOString(),
  operatorId: null,
  service: 'SKU',
  reference: '500/1',
  sameCase,
});

test('every page, by the best record of the case; each state of a record is sent or accepted', async () => {
  const institutionId = randomUUID();
  const states = ['WAITING', 'DEAD', 'PACKED', 'DELIVERED', 'HANDED_OVER'].map((state) => ({
    state,
    lookUp: makeLookUp(2),
  }));
  const insert = (of: string, lookUp: BusinessLookUp, state: string) =>
    insertRecord(outbox.pool, of, { verification_id: lookUp.verificationId, state });
  for (const { lookUp, state } of states) await insert(institutionId, lookUp, state);
  const [waiting, delivered] = [makeLookUp(2), makeLookUp(3)];
  await insert(institutionId, waiting, 'WAITING');
  await insert(institutionId, delivered, 'DELIVERED');
  const again = makeLookUp(1, [waiting.verificationId, delivered.verificationId]);
  const [open, elsewhere, late] = [makeLookUp(1), makeLookUp(1), makeLookUp(16)];
  await insert(randomUUID(), elsewhere, 'DELIVERED');
  const [from, to] = [monthOf(Date.now() - 16 * days), monthOf(Date.now())];
  const { coverages, asked } = evidenceOf([[late], states.map(({ lookUp }) => lookUp), [again, open, elsewhere]]);

  const coverage = await coverages.of({ institutionId, from, to }, soon());
  expect(coverage.total).toEqual({ lookUps: 9, sent: 3, accepted: 3, owed: 2, overdue: 1 });
  expect(coverage.overdueAfterDays).toBe(14);
  expect(coverage.open.map(({ verificationId }) => verificationId)).toEqual(
    [late, open, elsewhere].map(({ verificationId }) => verificationId),
  );
  expect(asked.map(({ after }) => after)).toEqual([null, late.verificationId, states.at(-1)?.lookUp.verificationId]);
});

test('what counts as overdue is the destination’s, by the service’s own clock', async () => {
  const office = await outbox.office(
    BalikanDestination.parse({ idLembaga: '000000', namaLembaga: 'Kecamatan Contoh', overdueAfterDays: 3 }),
  );
  const { institutionId } = office;
  const lookUp = makeLookUp(0);
  const month = monthOf(Date.parse(lookUp.at));
  const total = async () => {
    const { coverages } = evidenceOf([[lookUp]]);
    return (await coverages.of({ institutionId, from: month, to: month }, soon())).total;
  };
  expect(await total()).toMatchObject({ owed: 1, overdue: 0 });
  await outbox.pass(4 * days);
  expect(await total()).toMatchObject({ owed: 0, overdue: 1 });
});

test('a page that does not come is an error, never a smaller sum', async () => {
  const { coverages } = evidenceOf([]);
  const month = monthOf(Date.now());
  await expect(coverages.of({ institutionId: randomUUID(), from: month, to: month }, soon())).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});
