import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { elementNames } from '#contracts';
import { Broker } from './support/reader-agent/broker.js';
import { card, PlayedCounter } from './support/reader-agent/played-counter.js';

/** The aim for an agent at rest, bytes; Linux counts what is shared with other Node processes, too. */
const mostRss = 80 * 1024 * 1024;

let broker: Broker;
let counter: PlayedCounter;

beforeAll(async () => {
  broker = await Broker.start();
  counter = await PlayedCounter.open(broker);
});
afterAll(async () => {
  await counter.close();
  await broker.stop();
});

/** Bytes as they could hide in a message: as they are, or as text. */
const hiddenAs = (secret: Buffer) => [
  secret,
  ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(secret.toString(as))),
];

test('no finger, photo or signature is in any message, whatever a device gives besides; captured on the bus', async () => {
  const secrets = ['minutiae', 'photo', 'signature'].map((what) =>
    Buffer.from(`${what}-of-a-person-that-is-not-real`.repeat(4)),
  );
  const [minutiae, photo, signature] = secrets.map((secret) => secret.toString('base64'));
  await counter.play({
    card,
    leaks: { minutiae, photo, signature, fingerprint: secrets[0]?.toString('hex'), agama: 'ISLAM' },
  });
  const { result } = await counter.gateway.read({ elements: [...elementNames] });
  expect(result).toMatchObject({ outcome: 'MATCHED', elements: card });
  // the ear heard the answer itself
  await broker.captured.find(({ bytes }) => bytes.includes(card.nik));
  for (const { subject, bytes } of broker.captured.all)
    for (const secret of secrets)
      for (const form of hiddenAs(secret)) expect([subject, bytes.includes(form)]).toEqual([subject, false]);
  expect(broker.captured.all.some(({ bytes }) => bytes.includes('ISLAM'))).toBe(false);
});

test('a person is in the event of the result alone: not in reports, not in steps', () => {
  const telling = broker.captured.all.filter(({ bytes }) => bytes.includes('CONTOH') || bytes.includes(card.nik));
  expect(telling.length).toBeGreaterThan(0);
  expect(
    telling.every(({ subject, bytes }) => subject.endsWith('.event.v1') && bytes.includes('"kind":"result"')),
  ).toBe(true);
});

test('200 reads in a row leave no file open and no memory behind', async () => {
  await counter.play(
    { card },
    { card, fingers: ['no-match', 'match'] },
    { card, removeAt: 'HOLD_STILL' },
    { card: 'unknown' },
  );
  const outcomes: Record<string, number> = {};
  const reads = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const { result } = await counter.gateway.read();
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      await counter.inOrder(counter.gateway.reports.all.length - 1);
    }
  };
  // until Node's own heap has found its size
  await reads(300);
  const before = { rss: counter.agent.rss(), files: counter.agent.openFiles() };
  await reads(200);
  const after = { rss: counter.agent.rss(), files: counter.agent.openFiles() };
  const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  process.stdout.write(`reader-agent after 300 reads: ${mb(before.rss)}, after 200 more: ${mb(after.rss)}\n`);
  expect(outcomes).toEqual({ MATCHED: 250, CARD_REMOVED: 125, CARD_UNKNOWN: 125 });
  expect(after.files).toBe(before.files);
  expect(after.rss - before.rss).toBeLessThan(8 * 1024 * 1024);
}, 120_000);

test('memory at rest', async () => {
  await counter.agent.stop();
  const before = counter.gateway.reports.all.length;
  await counter.agent.start();
  await counter.inOrder(before);
  process.stdout.write(`reader-agent at rest: ${(counter.agent.rss() / 1024 / 1024).toFixed(1)} MB\n`);
  expect(counter.agent.rss()).toBeLessThan(mostRss);
});

test('nothing of a person is in the state folder or in the log', () => {
  const kept = readdirSync(counter.agent.state).map((name) => readFileSync(join(counter.agent.state, name)));
  const log = Buffer.from(JSON.stringify(counter.agent.log.all));
  const settings = readFileSync(join(counter.agent.state, 'agent.json'));
  // the simulator's script is what a test wrote there
  for (const bytes of [...kept.filter((one) => !one.equals(settings)), log]) {
    expect(bytes.includes(card.nik)).toBe(false);
    expect(bytes.includes(card.namaLengkap)).toBe(false);
  }
});

test('it listens on no port', () => {
  const listening = (table: string) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .flatMap((line) => (line.split(/\s+/)[4] === '0A' ? [line.split(/\s+/)[10]] : []));
  const sockets = readdirSync(`/proc/${counter.agent.pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${counter.agent.pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  const ports = [...listening('/proc/net/tcp'), ...listening('/proc/net/tcp6')].map((inode) => `socket:[${inode}]`);
  expect(sockets.some((one) => one.startsWith('socket:'))).toBe(true);
  expect(sockets.filter((one) => ports.includes(one))).toEqual([]);
});
