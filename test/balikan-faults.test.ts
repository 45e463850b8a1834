import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DeliveryWorker } from '../apps/data-balikan/src/delivery/delivery-worker.js';
import { makeWorker, Ministry, serveAll, type deliveryRules } from './support/balikan-delivering.js';
import { BalikanOutbox } from './support/balikan-outbox.js';
import { until } from './support/until.js';

const tls = 'test/fixtures/tls/';
let outbox: BalikanOutbox;
let ministry: Ministry;
const workers: DeliveryWorker[] = [];

beforeAll(async () => {
  [outbox, ministry] = await Promise.all([BalikanOutbox.create(), Ministry.start()]);
});
afterAll(async () => {
  await ministry.close();
  await outbox.drop();
});
beforeEach(() => ministry.reset());
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

function worker(overrides: Partial<typeof deliveryRules> = {}): DeliveryWorker {
  const made = makeWorker(outbox, overrides);
  workers.push(made);
  return made;
}

test('through every fault at once, and a database that loses its connections, each record arrives once', async () => {
  const count = 400;
  const office = await outbox.office(ministry.destination({ deadlineMs: 300 }));
  await office.accept(count);
  const share = 0.03;
  for (const fault of [
    { kind: 'status', status: 500, share },
    { kind: 'status', status: 503, message: 'Sibuk', share },
    { kind: 'status', status: 200, message: 'Lain', store: true, share },
    { kind: 'hang', share },
    { kind: 'hang', store: true, share },
    { kind: 'reset', share },
    { kind: 'reset-after-storing', share },
    { kind: 'html', share },
    { kind: 'malformed', share },
    { kind: 'slow', ms: 200, share },
    { kind: 'success-after', tries: 2, nomorRegister: '500/7/SKU' },
  ])
    await ministry.fault(fault);
  const rules = {
    retry: { firstMs: 50, mostMs: 500 },
    breaker: { failures: 5, waitMs: 50, mostWaitMs: 200 },
    strikes: 1_000,
  };
  for (let n = 0; n < 2; n += 1) worker(rules).start();
  for (const part of [1, 2, 3, 4, 5, 6]) {
    await until(async () => (await ministry.received()).distinct >= (part * count) / 8);
    await outbox.database.asSuperuser(outbox.database.name, (admin) =>
      admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'data_balikan' AND datname = current_database()",
      ),
    );
  }
  await until(async () => (await office.counts().catch((): Record<string, number> => ({}))).DELIVERED === count);
  expect(await ministry.received()).toMatchObject({ distinct: count, mostAtOnce: expect.any(Number) });
  expect(
    await outbox.rows('SELECT count(*)::int AS n, count(DISTINCT subject)::int AS once FROM balikan.evidence_outbox'),
  ).toEqual([{ n: count, once: count }]);
  expect(
    await outbox.rows('SELECT FROM balikan.record WHERE sealed_nik IS NOT NULL OR claimed_until IS NOT NULL'),
  ).toEqual([]);
});

test('with several requests at once, never more than were allowed, and none beyond the breaker', async () => {
  const office = await outbox.office(ministry.destination());
  await office.accept(100);
  await ministry.fault({ kind: 'slow', ms: 20 });
  const sender = worker({ parallel: 4 });
  await serveAll(sender);
  expect(await office.counts()).toEqual({ DELIVERED: 100 });
  expect(await ministry.received()).toMatchObject({ distinct: 100, requests: 100, mostAtOnce: 4 });

  await ministry.reset();
  await office.accept(100);
  await ministry.fault({ kind: 'status', status: 503 });
  await serveAll(sender);
  expect((await ministry.received()).requests).toBeLessThanOrEqual(5 + 3);
});

test('over https with the private CA that is configured, and with no other', async () => {
  const [ca, secure] = await Promise.all([
    readFile(`${tls}ca.pem`, 'utf8'),
    Ministry.start({ SANDBOX_TLS_CERT_FILE: `${tls}server.pem`, SANDBOX_TLS_KEY_FILE: `${tls}server.key` }),
  ]);
  try {
    const office = await outbox.office(secure.destination());
    const [id = ''] = await office.accept(1);
    const sender = worker();
    await serveAll(sender);
    expect(await office.record(id)).toMatchObject({ state: 'WAITING', failure: 'UNAVAILABLE' });
    await office.configure(secure.destination({ caPem: ca }));
    await outbox.pass(1_001);
    await until(async () => {
      await serveAll(sender);
      return (await office.counts()).DELIVERED === 1;
    });
  } finally {
    await secure.close();
  }
});
