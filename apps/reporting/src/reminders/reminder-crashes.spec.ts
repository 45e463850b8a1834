import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../../../../test/support/wait-for.js';
import type { Courier } from './courier.js';
import { MailCourier } from './mail-courier.js';
import { ReminderDesk, senderRules } from './reminder-desk-fixture.js';
import { ScriptedSmtp, type Reply } from './smtp-fixture.js';

let desk: ReminderDesk;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  desk = await ReminderDesk.create();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => desk.drop());

const one = 'camat@contoh.example';
const idOf = (letter: string): string => /^Message-ID: <([0-9a-f-]{36})@/m.exec(letter)?.[1] ?? '';

async function mailServer(
  dot: readonly Reply[] = ['250 taken'],
  rcpt: readonly Reply[] = ['250 ok'],
  timeoutMs = senderRules.timeoutMs,
) {
  const smtp = await ScriptedSmtp.start({ dot, rcpt });
  closers.push(() => smtp.close());
  return { smtp, mail: courierTo(smtp, timeoutMs) };
}
const courierTo = (smtp: ScriptedSmtp, timeoutMs: number) =>
  new MailCourier(
    {
      host: '127.0.0.1',
      port: smtp.port,
      tls: 'none',
      login: undefined,
      from: 'gerbang@contoh.example',
      ca: undefined,
    },
    timeoutMs,
  );

/** Steps at which a worker dies: its connections to the database end, and it says nothing any more. */
const deaths: Record<string, (mail: Courier, die: () => Promise<void>) => Courier> = {
  'after the claim': (_mail, die) => ({
    deliver: async () => {
      await die();
      return { refused: 'mati' };
    },
  }),
  'before it hands over': (mail, die) => ({
    deliver: (message, handOver) =>
      mail.deliver(message, async () => {
        await die();
        await handOver();
      }),
  }),
  'after it wrote down that it hands over': (mail, die) => ({
    deliver: (message, handOver) =>
      mail.deliver(message, async () => {
        await handOver();
        await die();
        throw new Error('mati');
      }),
  }),
  'after the server took it': (mail, die) => ({
    deliver: async (message, handOver) => {
      const outcome = await mail.deliver(message, handOver);
      await die();
      return outcome;
    },
  }),
};

test.each([
  ['after the claim', 'SENT', 1],
  ['before it hands over', 'SENT', 1],
  ['after it wrote down that it hands over', 'UNCERTAIN', 0],
  ['after the server took it', 'UNCERTAIN', 1],
] as const)('a worker dies %s: the next one leaves it %s', async (step, state, accepted) => {
  const { smtp, mail } = await mailServer();
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  const pool = desk.database.pool('reporting');
  const ends = pool.end.bind(pool);
  let ended: Promise<void> | undefined;
  // the database's own tidying up ends it once more
  pool.end = () => (ended ??= ends());
  const dying = desk.sender({ EMAIL: deaths[step]?.(mail, () => pool.end()) ?? mail }, {}, pool);
  await expect(dying.serve()).rejects.toThrow(/pool/);
  // until its lease is over nobody touches it
  expect(await desk.rows(office)).toMatchObject([{ state: 'WAITING', sending: true }]);
  expect((await desk.list.page(office, 1)).reminders[0]?.sendingSince).not.toBeNull();
  const next = desk.sender({ EMAIL: mail });
  await waitFor(
    async () => {
      await next.serve();
      return desk.rows(office);
    },
    ([row]) => row?.state !== 'WAITING',
  );
  expect(await desk.rows(office)).toMatchObject([{ state, sending: false }]);
  await next.serve();
  expect(smtp.accepted).toHaveLength(accepted);
});

/** A courier that stands still before or after the handing over, until it is let go. */
function paused(mail: Courier, where: 'before' | 'after') {
  let go: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  const standing = new Promise<void>((resolve) => (reached = resolve));
  const courier: Courier = {
    deliver: (message, handOver) => {
      const stand = async () => {
        reached();
        await released;
      };
      if (where === 'before') return stand().then(() => mail.deliver(message, handOver));
      return handOver()
        .then(stand)
        .then(() => mail.deliver(message, async () => undefined));
    },
  };
  return { courier, go: () => go(), standing };
}

test('a worker that slept through its lease before handing over has no say any more', async () => {
  const { smtp, mail } = await mailServer();
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  const { courier, go, standing } = paused(mail, 'before');
  const sleeping = desk.sender({ EMAIL: courier }).serve();
  await standing;
  const other = desk.sender({ EMAIL: mail });
  await waitFor(
    async () => {
      await other.serve();
      return desk.rows(office);
    },
    ([row]) => row?.state === 'SENT',
  );
  go();
  await sleeping;
  expect(smtp.complete).toHaveLength(1);
  expect(await desk.rows(office)).toMatchObject([{ state: 'SENT', attempts: 2 }]);
});

test('one that slept after handing over is taken for uncertain, and its late yes still counts', async () => {
  const { smtp, mail } = await mailServer();
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  const { courier, go, standing } = paused(mail, 'after');
  const sleeping = desk.sender({ EMAIL: courier }).serve();
  await standing;
  const other = desk.sender({ EMAIL: mail });
  await waitFor(
    async () => {
      await other.serve();
      return desk.rows(office);
    },
    ([row]) => row?.state === 'UNCERTAIN',
  );
  go();
  await sleeping;
  expect(await desk.rows(office)).toMatchObject([{ state: 'SENT', attempts: 1, failure: null }]);
  expect(smtp.accepted).toHaveLength(1);
});

test('a worker that dies at every claim is not tried for ever', async () => {
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  const never: Courier = { deliver: () => new Promise(() => undefined) };
  const rules = { attempts: 2, leaseMs: 100 };
  await waitFor(
    async () => {
      void desk.sender({ EMAIL: never }, rules).serve();
      return desk.rows(office);
    },
    ([row]) => row?.state === 'FAILED',
  );
  expect(await desk.rows(office)).toMatchObject([{ attempts: 2, failure: expect.stringContaining('terputus') }]);
});

test('whatever a server does, with workers that die meanwhile: nothing is lost, nothing is taken twice', async () => {
  const emails = Array.from({ length: 24 }, (_, n) => `pegawai${n}@contoh.example`);
  // fixed, so that a failure can be looked at again
  const dots = ['250 taken', '451 later', 'cut', '250 taken', 'hang', '550 no', '250 taken', '452 full', 'apa ini'];
  const rcpts = ['250 ok', '250 ok', '450 later', '250 ok', 'cut', '250 ok', '550 who'];
  const { smtp, mail } = await mailServer(
    Array.from({ length: 300 }, (_, n) => dots[(n * 7) % dots.length] ?? 'cut'),
    Array.from({ length: 300 }, (_, n) => rcpts[(n * 5) % rcpts.length] ?? 'cut'),
    150,
  );
  const office = await desk.office(emails);
  await desk.queue(office, emails);
  let turn = 0;
  const mortal: Courier = {
    deliver: (message, handOver) => {
      const dies = Object.values(deaths)[turn % 4];
      turn += 1;
      // every fifth delivery is the last of its worker
      return turn % 5 === 0 && dies
        ? dies(mail, () => new Promise(() => undefined)).deliver(message, handOver)
        : mail.deliver(message, handOver);
    },
  };
  await waitFor(
    async () => {
      const sender = desk.sender({ EMAIL: mortal });
      // whoever is dead does not come back: nobody waits for it
      await Promise.race([sender.serve(), new Promise((resolve) => setTimeout(resolve, 30))]);
      return desk.rows(office);
    },
    (rows) => rows.every(({ state }) => state !== 'WAITING'),
    40_000,
  );
  const accepted = smtp.accepted.map(idOf);
  expect(new Set(accepted).size).toBe(accepted.length);
  for (const { id, state } of await desk.rows(office)) {
    if (state === 'SENT') expect(accepted).toContain(id);
    if (state === 'FAILED') expect(accepted).not.toContain(id);
  }
  const states = (await desk.rows(office)).map(({ state }) => state);
  expect(new Set(states)).toEqual(
    new Set(['SENT', 'UNCERTAIN', 'FAILED'].filter((state) => states.includes(state as 'SENT'))),
  );
  expect(states).toContain('SENT');
  expect(states).toContain('UNCERTAIN');
});
