import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { until } from './support/until.js';

const upstreamDeadlineMs = 2_000;
const verifyDeadlineMs = 4_000;
const quota = 60;

let stack: RunningStack;
let office: Office;
let token: string;

beforeEach(async () => {
  stack = await RunningStack.start({
    replicas: { nikVerification: 2 },
    env: {
      NIK_VERIFICATION_UPSTREAM_DEADLINE_MS: String(upstreamDeadlineMs),
      GATEWAY_VERIFY_DEADLINE_MS: String(verifyDeadlineMs),
      // the crash is the subject here, not the breaker
      NIK_VERIFICATION_BREAKER_FAILURES: '1000',
    },
  });
  office = await stack.addOffice({ quota });
  token = await stack.token(office);
});
afterEach(() => stack.stop());

interface Tally {
  answered: number;
  coded: Record<string, number>;
  slowest: number;
}

/** Asks for many people at once and waits for every answer. */
async function askMany(count: number): Promise<Tally> {
  const people = await stack.people('FOUND', count);
  const tally: Tally = { answered: 0, coded: {}, slowest: 0 };
  await Promise.all(
    people.map(async ({ nik }) => {
      const started = performance.now();
      const answer = await stack.verify<{ outcome?: string; code?: string }>(token, { nik, purpose });
      tally.slowest = Math.max(tally.slowest, performance.now() - started);
      if (answer.status === 200) tally.answered += 1;
      else
        tally.coded[answer.body.code ?? `no code: ${answer.status}`] =
          (tally.coded[answer.body.code ?? `no code: ${answer.status}`] ?? 0) + 1;
    }),
  );
  return tally;
}

/** Until look-ups are under way: reserved in the ledger, and seen by the sandbox. */
const underWay = () => until(async () => (await stack.control<{ inFlight: number }>('GET', '/state')).inFlight > 0);

/** The ledger explains every difference from the sandbox's count, and never more than the quota left. */
async function ledgerExplains(): Promise<void> {
  // reservations of what was killed are given up when their lease is over; here that time is made to have passed
  await stack.sql("UPDATE verification.hit SET expires_at = now() - interval '1 second' WHERE state = 'reserved'");
  await until(async () => (await stack.sql("SELECT 1 FROM verification.hit WHERE state = 'reserved'")).length === 0);
  const [ledger] = await stack.sql<{ confirmed: number; unknown: number; used: number }>(
    `SELECT count(*) FILTER (WHERE state = 'confirmed')::int AS confirmed, count(*) FILTER (WHERE state = 'unknown')::int AS unknown,
       (SELECT sum(used)::int FROM verification.hit_day) AS used FROM verification.hit`,
  );
  const { hits, refusedOverQuota } = await stack.counted(office);
  const { confirmed = 0, unknown = 0, used } = ledger ?? {};
  expect(used).toBe(confirmed + unknown);
  expect(used).toBeLessThanOrEqual(quota);
  expect(refusedOverQuota).toBe(0);
  // every confirmed hit was counted by the ministry; what it counted beyond is among the unknown ones
  expect(hits).toBeGreaterThanOrEqual(confirmed);
  expect(hits).toBeLessThanOrEqual(confirmed + unknown);
  // each hit has its evidence: asked once, and how it ended
  const gaps = await stack.sql(
    `SELECT verification_id FROM verification.hit LEFT JOIN verification.access_event AS event USING (verification_id)
     GROUP BY verification_id HAVING count(*) FILTER (WHERE kind = 'REQUESTED') <> 1 OR count(*) FILTER (WHERE kind = 'ANSWERED') < 1`,
  );
  expect(gaps).toEqual([]);
}

test('kill -9 of nik-verification between reserve and answer', async () => {
  await stack.control('POST', '/faults', { kind: 'latency', ms: 800, userId: office.consumer.userId });
  const asked = askMany(40);
  await underWay();
  const victim = stack.stack.replicas['nik-verification'][0]?.child;
  victim?.kill();
  await victim?.exited;
  const tally = await asked;
  expect(Object.keys(tally.coded).sort()).toEqual(tally.answered === 40 ? [] : ['SERVICE_TIMEOUT']);
  expect(tally.slowest).toBeLessThan(verifyDeadlineMs + 3_000);
  await ledgerExplains();

  // the other replica goes on, and the day still ends at the quota
  await stack.control('DELETE', '/faults');
  const rest = await askMany(quota + 20);
  expect(rest.answered).toBeGreaterThan(0);
  expect(Object.keys(rest.coded)).toEqual(['QUOTA_EXHAUSTED']);
  await ledgerExplains();
});

test('kill -9 of PostgreSQL between reserve and answer; while it is away nothing is sent', async () => {
  await stack.control('POST', '/faults', { kind: 'latency', ms: 800, userId: office.consumer.userId });
  const asked = askMany(30);
  await underWay();
  stack.stack.postgres.process.kill();
  await stack.stack.postgres.process.exited;
  const tally = await asked;
  expect(
    Object.keys(tally.coded).filter(
      (code) => !['EVIDENCE_UNAVAILABLE', 'SERVICE_UNAVAILABLE', 'SERVICE_TIMEOUT'].includes(code),
    ),
  ).toEqual([]);
  expect(tally.slowest).toBeLessThan(verifyDeadlineMs + 3_000);

  const { requests } = await stack.counted(office);
  const away = await askMany(10);
  expect(away.answered).toBe(0);
  expect(
    Object.keys(away.coded).filter((code) => !['EVIDENCE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'].includes(code)),
  ).toEqual([]);
  expect((await stack.counted(office)).requests).toBe(requests);

  await stack.stack.postgres.launch();
  await stack.control('DELETE', '/faults');
  const people = await stack.people('FOUND', 200);
  await until(async () => (await stack.verify(token, { nik: people.at(-1)?.nik, purpose })).status === 200);
  await ledgerExplains();
});

test('kill -9 of NATS between reserve and answer; while it is away 503 at once, and it comes back by itself', async () => {
  await stack.control('POST', '/faults', { kind: 'latency', ms: 800, userId: office.consumer.userId });
  const asked = askMany(30);
  await underWay();
  stack.stack.nats.process.kill();
  await stack.stack.nats.process.exited;
  const tally = await asked;
  expect(Object.keys(tally.coded).filter((code) => !['SERVICE_TIMEOUT', 'SERVICE_UNAVAILABLE'].includes(code))).toEqual(
    [],
  );
  expect(tally.slowest).toBeLessThan(verifyDeadlineMs + 3_000);

  const away = await askMany(5);
  expect(away.coded).toEqual({ SERVICE_UNAVAILABLE: 5 });
  expect(away.slowest).toBeLessThan(verifyDeadlineMs);

  await stack.stack.nats.launch();
  await stack.control('DELETE', '/faults');
  const people = await stack.people('FOUND', 200);
  await until(async () => (await stack.verify(token, { nik: people.at(-1)?.nik, purpose })).status === 200);
  await ledgerExplains();
});

test('a shutdown finishes the look-ups in flight, and takes no new ones', async () => {
  await stack.control('POST', '/faults', { kind: 'latency', ms: 1_000, userId: office.consumer.userId });
  const asked = askMany(20);
  await until(async () => (await stack.control<{ inFlight: number }>('GET', '/state')).inFlight === 20);
  await Promise.all(stack.stack.replicas['nik-verification'].map(({ child }) => child.stop()));
  expect(await asked).toMatchObject({ answered: 20, coded: {} });
  const after = await askMany(3);
  expect(after.coded).toEqual({ SERVICE_UNAVAILABLE: 3 });
  expect(await stack.sql('SELECT DISTINCT state FROM verification.hit')).toEqual([{ state: 'confirmed' }]);
});

test('a gateway that is told to stop answers what it has taken', async () => {
  await stack.control('POST', '/faults', { kind: 'latency', ms: 1_000, userId: office.consumer.userId });
  const asked = askMany(10);
  await until(async () => (await stack.control<{ inFlight: number }>('GET', '/state')).inFlight === 10);
  await stack.stack.replicas.gateway[0]?.child.stop();
  expect(await asked).toMatchObject({ answered: 10, coded: {} });
});
