import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../../../../test/support/wait-for.js';
import type { Courier } from './courier.js';
import { MailCourier } from './mail-courier.js';
import { ReminderDesk, senderRules } from './reminder-desk-fixture.js';
import { closedPort, ScriptedSmtp, type SmtpScript } from './smtp-fixture.js';
import { WebhookCourier } from './webhook-courier.js';
import { ScriptedWebhook } from './webhook-fixture.js';

let desk: ReminderDesk;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  desk = await ReminderDesk.create();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => desk.drop());

async function mailServer(script: SmtpScript = {}): Promise<{ smtp: ScriptedSmtp; mail: MailCourier }> {
  const smtp = await ScriptedSmtp.start(script);
  closers.push(() => smtp.close());
  const hangs = JSON.stringify(script).includes('hang');
  return { smtp, mail: courierTo(smtp.port, hangs ? 200 : undefined) };
}
const courierTo = (port: number, timeoutMs = senderRules.timeoutMs) =>
  new MailCourier(
    { host: '127.0.0.1', port, tls: 'none', login: undefined, from: 'gerbang@contoh.example', ca: undefined },
    timeoutMs,
  );

/** Serves until nothing waits. */
async function serveAll(office: string, ...couriers: Courier[]): Promise<void> {
  const senders = couriers.map((mail) => desk.sender({ EMAIL: mail }));
  await waitFor(
    async () => {
      await Promise.all(senders.map((sender) => sender.serve()));
      return desk.rows(office);
    },
    (rows) => rows.every(({ state }) => state !== 'WAITING'),
  );
}

const one = 'camat@contoh.example';
const idOf = (letter: string): string => /^Message-ID: <([0-9a-f-]{36})@/m.exec(letter)?.[1] ?? '';

test('451 and then 250: sent, once', async () => {
  const { smtp, mail } = await mailServer({ dot: ['451 later', '250 taken'] });
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  await serveAll(office, mail);
  expect(await desk.rows(office)).toMatchObject([{ state: 'SENT', attempts: 2, failure: null, sending: false }]);
  expect(smtp.accepted).toHaveLength(1);
});

test('of two recipients one is unknown: he fails after the last attempt, visibly; the other has it', async () => {
  const two = 'admin@contoh.example';
  const { smtp, mail } = await mailServer({ rcpt: { [two]: '550 who' } });
  const office = await desk.office([one, two]);
  await desk.queue(office, [one, two]);
  await serveAll(office, mail);
  expect(await desk.rows(office)).toMatchObject([
    { recipient: one, state: 'SENT', attempts: 1 },
    { recipient: two, state: 'FAILED', attempts: senderRules.attempts, failure: 'Server surat menolak (550).' },
  ]);
  expect(smtp.accepted).toHaveLength(1);
});

test('nobody listens: it waits, longer each time, and goes out when somebody does', async () => {
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  const sender = desk.sender({ EMAIL: courierTo(await closedPort()) }, { retry: { firstMs: 60_000, mostMs: 90_000 } });
  expect(await sender.serve()).toBe(true);
  expect(await sender.serve()).toBe(false);
  const [row] = await desk.rows(office);
  expect(row).toMatchObject({ state: 'WAITING', attempts: 1, sending: false });
  const { rows } = await desk.pool.query<{ waits: number }>(
    `SELECT extract(epoch FROM due_at - reporting.clock())::int AS waits FROM reporting.reminder WHERE id = $1`,
    [row?.id],
  );
  expect(rows[0]?.waits).toBeGreaterThanOrEqual(25);
  expect(rows[0]?.waits).toBeLessThanOrEqual(60);
  await desk.pool.query('UPDATE reporting.reminder SET due_at = reporting.clock() WHERE id = $1', [row?.id]);
  const { smtp, mail } = await mailServer();
  await serveAll(office, mail);
  expect(smtp.accepted).toHaveLength(1);
});

test.each(['hang', 'cut'] as const)(
  'no answer to the end of the letter (%s): uncertain, left alone, and sent again by a person',
  async (reply) => {
    const { smtp, mail } = await mailServer({ dot: [reply, '250 taken'] });
    const office = await desk.office([one]);
    await desk.queue(office, [one]);
    await serveAll(office, mail);
    const [row] = await desk.rows(office);
    expect(row).toMatchObject({ state: 'UNCERTAIN', attempts: 1, failure: expect.stringContaining('tidak menjawab') });
    expect(await desk.sender({ EMAIL: mail }).serve()).toBe(false);
    expect(smtp.complete).toHaveLength(1);
    const again = await desk.list.resend(office, row?.id ?? '', null);
    expect(again).toMatchObject({ state: 'WAITING', attempts: 0, failure: null });
    expect(await desk.list.resend(office, row?.id ?? '', null)).toBeUndefined();
    await serveAll(office, mail);
    expect(smtp.accepted.map(idOf)).toEqual([row?.id]);
    // a mail program knows both for the same letter
    expect(smtp.complete.map(idOf)).toEqual([row?.id, row?.id]);
  },
);

test('two replicas with two workers each: every reminder once', async () => {
  const emails = Array.from({ length: 20 }, (_, n) => `pegawai${n}@contoh.example`);
  const { smtp, mail } = await mailServer();
  const office = await desk.office(emails);
  await desk.queue(office, emails);
  const senders = [desk.sender({ EMAIL: mail }), desk.sender({ EMAIL: mail }, {}, desk.database.pool('reporting'))];
  for (const sender of senders) sender.start();
  await waitFor(
    () => desk.rows(office),
    (rows) => rows.every(({ state }) => state === 'SENT'),
  );
  await Promise.all(senders.map((sender) => sender.stop()));
  expect(new Set(smtp.accepted.map(idOf)).size).toBe(20);
  expect(smtp.complete).toHaveLength(20);
});

test('whoever was taken off the list is not reminded', async () => {
  const { smtp, mail } = await mailServer();
  const office = await desk.office([one]);
  await desk.queue(office, [one]);
  await desk.settings.configure(office, { emails: [], webhook: null }, null);
  await serveAll(office, mail);
  expect(await desk.rows(office)).toMatchObject([{ state: 'FAILED', failure: expect.stringContaining('pengaturan') }]);
  expect(smtp.lines).toEqual([]);
});

test('without a mail server e-mails stay where they are, and webhooks go', async () => {
  const webhook = await ScriptedWebhook.start(500, 200);
  closers.push(() => webhook.close());
  const office = await desk.office([one], { url: webhook.url, secret: 'rahasia-webhook-uji' });
  await desk.queue(office, [one]);
  await desk.queue(office, [webhook.url], { channel: 'WEBHOOK' });
  const secretOf = ({ institutionId, recipient }: { institutionId: string; recipient: string }) =>
    desk.settings.secretOf(institutionId, recipient);
  const sender = desk.sender({ WEBHOOK: new WebhookCourier(secretOf, senderRules.timeoutMs, undefined) });
  await waitFor(
    async () => {
      await sender.serve();
      return desk.rows(office);
    },
    ([, second]) => second?.state === 'SENT',
  );
  expect(await desk.rows(office)).toMatchObject([
    { state: 'WAITING', attempts: 0 },
    { state: 'SENT', attempts: 2 },
  ]);
  expect(webhook.accepted).toHaveLength(1);
  const { reminders } = await desk.list.page(office, 10);
  // a query may hold a token
  expect(reminders[0]?.recipient).toBe(webhook.url.replace(/\?.*/, ''));
  await desk.pool.query(
    "UPDATE reporting.reminder SET state = 'FAILED' WHERE institution_id = $1 AND state = 'WAITING'",
    [office],
  );
});
