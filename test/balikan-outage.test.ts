import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeWorker, Ministry, serveAll } from './support/balikan-delivering.js';
import { BalikanOutbox } from './support/balikan-outbox.js';

const minute = 60_000;
const hour = 60 * minute;
/** Whoever is slow for less is no fault: otherwise a busy machine would send records again. */
const deadlineMs = 5_000;

let outbox: BalikanOutbox;
let ministry: Ministry;

beforeAll(async () => {
  [outbox, ministry] = await Promise.all([BalikanOutbox.create(), Ministry.start()]);
});
afterAll(async () => {
  await ministry.close();
  await outbox.drop();
});

test('after 54 hours without the ministry 2,000 records leave as a stream, each once, and none has died of it', async () => {
  const perSecond = 250;
  const office = await outbox.office(ministry.destination({ perSecond, deadlineMs }));
  await office.accept(2_000);
  const replicas = ['satu', 'dua'].map((holder) => ({ holder, worker: makeWorker(outbox) }));
  const serve = () => Promise.all(replicas.map(({ holder, worker }) => serveAll(worker, holder)));

  // it answers with this and that, and for a while not at all
  for (const fault of [
    { kind: 'hang', times: 1 },
    { kind: 'html', times: 20 },
    { kind: 'reset', times: 20 },
  ])
    await ministry.fault(fault);
  await ministry.fault({ kind: 'status', status: 503 });
  const requestsAt: number[] = [];
  for (let passed = 0; passed < 54 * hour; passed += 5 * minute) {
    await serve();
    requestsAt.push((await ministry.received()).requests);
    await outbox.pass(5 * minute);
  }
  const during = await ministry.received();
  // five until the breaker opens, and then one for each wait of the longest kind
  expect(requestsAt[0]).toBe(5);
  expect(during.requests).toBeLessThanOrEqual(5 + (54 * hour) / (5 * minute));
  expect(during.requests).toBeGreaterThan(500);
  expect(during).toMatchObject({ distinct: 0, mostAtOnce: 1 });
  expect(await office.counts()).toEqual({ WAITING: 2_000 });
  expect(await office.lane()).toMatchObject({ gate: 'open' });

  await ministry.mend();
  await outbox.pool.query('DELETE FROM balikan.evidence_outbox');
  await outbox.pass(5 * minute);
  const began = performance.now();
  while ((await office.counts()).WAITING) await serve();
  const seconds = (performance.now() - began) / 1_000;
  expect(await office.counts()).toEqual({ DELIVERED: 2_000 });

  const after = await ministry.received();
  expect(after).toMatchObject({ distinct: 2_000, requests: during.requests + 2_000, mostAtOnce: 1 });
  expect(seconds).toBeGreaterThanOrEqual(2_000 / perSecond - 1);
  const drained = (await ministry.requests()).slice(during.requests);
  // in any second no more than the pace, apart from what the way there moved a little
  for (let n = perSecond; n < drained.length; n += 1)
    expect((drained[n]?.at ?? 0) - (drained[n - perSecond]?.at ?? 0)).toBeGreaterThan(900);
  // the one that tried the way, and then all in their order
  const dates = drained.map(({ date }) => date).slice(1);
  expect(dates).toEqual([...dates].sort());
  expect(await outbox.rows('SELECT count(*)::int AS n FROM balikan.evidence_outbox')).toEqual([{ n: 2_000 }]);
  expect(await outbox.rows('SELECT FROM balikan.record WHERE sealed_nik IS NOT NULL OR strikes > 0')).toEqual([]);
  await Promise.all(replicas.map(({ worker }) => worker.stop()));
});
