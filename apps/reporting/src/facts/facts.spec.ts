import { expect, test } from '@jest/globals';
import { listAcceptedLookUps, listDeliveredRecords, type Rpc, type RpcInput } from '#contracts';
import { fixtureId } from '../forms/report-content-fixture.js';
import { Deadline } from './deadline.js';
import { Facts } from './facts.js';

const of = { institutionId: fixtureId(1), from: '2026-01-01', until: '2026-06-30' };
const asOf = { origin: 'uji', size: 7 };
const ids = Array.from({ length: 2_001 }, (_, n) => fixtureId(0x1000 + n));
const inTime = () => new Deadline(20_000);

/** @param answer of one question, the how manieth it is */
function makeFacts<R extends Rpc>(rpc: R, answer: (input: RpcInput<R>, n: number) => unknown) {
  const asked: RpcInput<R>[] = [];
  const call = async (of: Rpc, input: unknown) => {
    expect(of.subject).toBe(rpc.subject);
    const parsed = rpc.input.parse(input) as RpcInput<R>;
    asked.push(parsed);
    return rpc.output.parse(answer(parsed, asked.length - 1));
  };
  return { facts: new Facts({ call } as never), asked };
}

test('of a case that is named in several batches each look-up comes once; every page of each batch is asked for', async () => {
  const lookUp = (n: number) => ({ verificationId: ids[n]!, day: '2026-03-02' });
  const { facts, asked } = makeFacts(listAcceptedLookUps, ({ after }, n) =>
    after === null ? { lookUps: [lookUp(0), lookUp(n + 1)], next: ids[0] } : { lookUps: [lookUp(9)], next: null },
  );
  const found = await facts.acceptedLookUps(of, asOf, [...ids, ...ids], inTime());
  expect(found).toEqual([0, 1, 9, 3, 5].map(lookUp));
  expect(asked.map(({ named, after }) => [named.length, after])).toEqual(
    [1_000, 1_000, 1].flatMap((size) => [
      [size, null],
      [size, ids[0]],
    ]),
  );
  expect(new Set(asked.flatMap(({ named }) => named))).toEqual(new Set(ids));
});

test('records are asked for in batches; of none nothing is asked', async () => {
  const { facts, asked } = makeFacts(listDeliveredRecords, ({ records }) => ({ records: [records.at(-1)] }));
  expect([...(await facts.deliveredAmong(of.institutionId, asOf, ids, inTime()))]).toEqual([
    ids[999],
    ids[1_999],
    ids[2_000],
  ]);
  expect(asked.flatMap(({ records }) => records)).toEqual(ids);
  expect((await facts.deliveredAmong(of.institutionId, asOf, [], inTime())).size).toBe(0);
  expect(asked).toHaveLength(3);
});
