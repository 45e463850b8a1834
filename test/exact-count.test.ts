import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { purpose, RunningStack } from './support/running-stack.js';

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { gateway: 2, nikVerification: 3 } });
});
afterAll(() => stack.stop());

test('200 clients, 1,500 look-ups at once, two gateways, three replicas: exactly 1,000 hits', async () => {
  const office = await stack.addOffice({ quota: 1_000 });
  const token = await stack.token(office);
  const gateways = stack.stack.replicas.gateway.map(({ url }) => url ?? '');
  const people = await stack.people('FOUND', 1_500);
  expect(people).toHaveLength(1_500);

  const statuses: string[] = [];
  const waiting = people.map(({ nik }) => nik);
  const client = async (index: number) => {
    for (let nik = waiting.pop(); nik !== undefined; nik = waiting.pop()) {
      const answer = await stack.verify<{ outcome?: string; code?: string }>(
        token,
        { nik, purpose },
        {},
        gateways[index % gateways.length],
      );
      statuses.push(answer.body.outcome ?? answer.body.code ?? String(answer.status));
    }
  };
  await Promise.all(Array.from({ length: 200 }, (_, index) => client(index)));

  const tally = Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((one) => one === status).length]),
  );
  expect(tally).toEqual({ FOUND: 1_000, QUOTA_EXHAUSTED: 500 });
  const counted = await stack.counted(office);
  expect(counted).toMatchObject({ hits: 1_000, requests: 1_000, refusedOverQuota: 0 });

  // row by row: what the sandbox counted is what the ledger says
  const ledger = await stack.sql<{ state: string; holders: number; n: number }>(
    'SELECT state, count(*)::int AS n, count(DISTINCT holder)::int AS holders FROM verification.hit GROUP BY state',
  );
  expect(ledger).toEqual([{ state: 'confirmed', n: 1_000, holders: 3 }]);
  const events = await stack.sql<{ kind: string; outcome: string | null; n: number }>(
    'SELECT kind, outcome, count(*)::int AS n FROM verification.access_event GROUP BY kind, outcome ORDER BY kind',
  );
  expect(events).toEqual([
    { kind: 'ANSWERED', outcome: 'FOUND', n: 1_000 },
    { kind: 'REFUSED', outcome: 'QUOTA_EXHAUSTED', n: 500 },
    { kind: 'REQUESTED', outcome: null, n: 1_000 },
  ]);
  expect(Object.values(counted.hitsByNik ?? {}).every((hits) => hits === 1)).toBe(true);
});

test('the same look-up asked at once at both gateways costs one hit, and every asker gets the answer', async () => {
  const office = await stack.addOffice();
  const token = await stack.token(office);
  const gateways = stack.stack.replicas.gateway.map(({ url }) => url ?? '');
  await stack.control('POST', '/faults', { kind: 'latency', ms: 1_500, userId: office.consumer.userId });
  const [person] = await stack.people('FOUND', 1);
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      stack.verify<{ id: string; outcome: string }>(token, { nik: person?.nik, purpose }, {}, gateways[index % 2]),
    ),
  );
  await stack.control('DELETE', '/faults');
  expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(200));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await stack.counted(office)).toMatchObject({ hits: 1 });
});

test('ten replicas do not each burn hits to learn that our access is broken', async () => {
  const office = await stack.addOffice();
  const token = await stack.token(office);
  await stack.control('POST', '/faults', { kind: 'code', code: '03', userId: office.consumer.userId, count: true });
  const people = await stack.people('FOUND', 60);
  const first = await stack.verify<{ code: string }>(token, { nik: people[0]?.nik, purpose });
  expect(first.body.code).toBe('UPSTREAM_ACCESS_BROKEN');
  const { hits } = await stack.counted(office);
  const rest = await Promise.all(
    people.slice(1).map(({ nik }) => stack.verify<{ code: string }>(token, { nik, purpose })),
  );
  await stack.control('DELETE', '/faults');
  expect(new Set(rest.map(({ body }) => body.code))).toEqual(new Set(['UPSTREAM_ACCESS_BROKEN']));
  expect(await stack.counted(office)).toMatchObject({ hits, requests: 1 });
});
