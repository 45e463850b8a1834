import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { Broker } from './support/reader-agent/broker.js';
import { card, PlayedCounter } from './support/reader-agent/played-counter.js';

let broker: Broker;
let counter: PlayedCounter;

beforeEach(async () => {
  broker = await Broker.start();
  counter = await PlayedCounter.open(broker);
});
afterEach(async () => {
  await counter.close();
  await broker.stop();
});

/** The broker as it is after a power cut, with the gateway's side connected again. */
async function brokerBack(): Promise<void> {
  await broker.launch();
  const before = counter.gateway.reports.all.length;
  await counter.gateway.listen();
  await counter.inOrder(before);
}

test('the broker goes and comes back: the agent is there again by itself, and reads', async () => {
  await broker.kill();
  await counter.agent.log.find(({ msg }) => msg === 'line is down');
  await brokerBack();
  expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
});

test('a broker that is away for long is dialled less and less often', async () => {
  await broker.kill();
  let dialled = 0;
  const closed = createServer((socket) => (dialled++, socket.destroy()));
  await new Promise<void>((resolve) => closed.listen(broker.port, '127.0.0.1', resolve));
  await counter.agent.log.find(({ msg }) => msg === 'asker is gone');
  expect(dialled).toBeGreaterThan(0);
  expect(dialled).toBeLessThan(12);
  await new Promise((resolve) => closed.close(resolve));
  await brokerBack();
});

test('a broker that is not there yet is waited for', async () => {
  await counter.agent.stop();
  await broker.kill();
  await counter.agent.start();
  await brokerBack();
  expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
});

test('a parent that ends while the agent starts takes it along', async () => {
  await counter.agent.stop();
  expect(await counter.agent.startOrphaned()).toBe(0);
});

test('a short break in the middle of a read costs nothing: every event arrives, in order', async () => {
  await counter.play({ card, hangAt: 'HOLD_STILL' }, { card });
  const { readId } = await counter.gateway.begin();
  await counter.gateway.events.find(({ event }) => event.kind === 'progress' && event.progress.step === 'HOLD_STILL');
  await broker.kill();
  await counter.agent.log.find(({ msg }) => msg === 'line is down');
  // the agent is back before the gateway is: what it said now would be heard by nobody
  const up = counter.agent.log.next(({ msg }) => msg === 'line is up');
  await broker.launch();
  await up;
  counter.agent.tell({ do: 'rest' });
  await counter.agent.log.find(({ msg }) => msg === 'read ended');
  await counter.gateway.listen();
  const { numbers, result } = await counter.gateway.ending(readId);
  expect(numbers).toEqual(numbers.map((_, index) => index));
  expect(result.outcome).toBe('MATCHED');
});

test('a long break ends the read, forgets what the card said, and keeps the outcome for the journal', async () => {
  await counter.play({ card, hangAt: 'READING' }, { card });
  await counter.gateway.begin();
  await counter.gateway.events.find(({ event }) => event.kind === 'progress' && event.progress.step === 'READING');
  await broker.kill();
  await counter.agent.log.find(({ msg }) => msg === 'line is down');
  counter.agent.tell({ do: 'rest' });
  await counter.agent.log.find(({ msg, outcome }) => msg === 'read ended' && outcome === 'MATCHED');
  // nobody came back within the time that an asker is waited for
  await counter.agent.log.find(({ msg }) => msg === 'asker is gone');
  const told = counter.gateway.events.all.length;
  await brokerBack();
  expect(await counter.gateway.journal.find(() => true)).toMatchObject({ outcome: 'MATCHED', tries: 0 });
  expect(counter.gateway.events.all).toHaveLength(told);
  expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
});

test('the agent is killed in the middle of a read and comes back', async () => {
  await counter.play({ card: 'none' });
  await counter.gateway.begin();
  await counter.agent.stop('SIGKILL');
  const before = counter.gateway.reports.all.length;
  await counter.agent.start();
  await counter.inOrder(before);
  const [first, last] = [counter.gateway.reports.all[0], counter.gateway.reports.all.at(-1)];
  expect(last?.instanceId).not.toBe(first?.instanceId);
  expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
});

test('ended by the service manager in the middle of a read: it says so first, and ends with 0', async () => {
  await counter.play({ card: 'none' });
  const { readId } = await counter.gateway.begin();
  const status = counter.agent.stop('SIGTERM');
  expect((await counter.gateway.ending(readId)).result.outcome).toBe('CANCELLED');
  expect(await status).toBe(0);
});

test('offline checks are kept, survive a kill, and are handed in once, under the permit of then', async () => {
  await broker.kill();
  await counter.agent.log.find(({ msg }) => msg === 'line is down');
  for (const [outcome, tries] of [
    ['MATCHED', 1],
    ['NOT_MATCHED', 4],
  ])
    counter.agent.tell({ do: 'standalone', outcome, tries });
  await counter.agent.log.find(({ msg, count }) => msg === 'offline check kept' && count === 2);
  await counter.agent.stop('SIGKILL');
  await counter.agent.start();
  await brokerBack();
  await counter.gateway.journal.find(({ outcome }) => outcome === 'NOT_MATCHED');
  await counter.gateway.reports.next(({ journal }) => journal === 0);
  expect(counter.gateway.journal.all.map(({ outcome, tries }) => [outcome, tries])).toEqual([
    ['MATCHED', 1],
    ['NOT_MATCHED', 4],
  ]);
  for (const { permit } of counter.gateway.journal.all) expect(permit.split('.')).toHaveLength(3);
});

test('without a permit the device is told not to check by itself, and what it does all the same is not counted', async () => {
  Object.assign(counter.gateway.answers, { permit: false, refusal: 'AGREEMENT_ENDED' });
  counter.agent.tell({ do: 'faults', faults: [] });
  await counter.gateway.reports.find(({ faults }) => faults.includes('PERMIT_EXPIRED'));
  counter.agent.tell({ do: 'standalone', outcome: 'MATCHED' });
  counter.agent.tell({ do: 'faults', faults: [] });
  const last = await counter.gateway.reports.next(() => true);
  expect(last).toMatchObject({ journal: 0, lost: 0, damaged: 0 });
});

test('where the address says tls:// nothing is said to a broker without TLS', async () => {
  await counter.agent.stop();
  const before = counter.gateway.reports.all.length;
  const servers = [broker.url.replace('nats:', 'tls:')];
  counter.agent.write('identity.json', { ...counter.gateway.joined, servers });
  await counter.agent.start();
  await counter.agent.log.find(({ msg }) => msg === 'broker not reached');
  expect(counter.gateway.reports.all).toHaveLength(before);
});

test('a second agent on the same state folder is told so and ends', async () => {
  const { spawnSync } = await import('node:child_process');
  const second = spawnSync(process.execPath, [
    'dist/apps/reader-agent/src/main.js',
    'run',
    '--state',
    counter.agent.state,
  ]);
  expect(second.status).toBe(75);
  expect(String(second.stderr)).toMatch(/sedang berjalan/);
});
