import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { makeMessage } from './message-fixture.js';
import { closedPort } from './smtp-fixture.js';
import { signatureOf, WebhookCourier } from './webhook-courier.js';
import { ScriptedWebhook, type Answer } from './webhook-fixture.js';

const secret = 'rahasia-webhook-uji';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const courier = (timeoutMs = 5_000, ca?: string) => new WebhookCourier(async () => secret, timeoutMs, ca);

async function deliver(...answers: Answer[]) {
  const webhook = await ScriptedWebhook.start(...answers);
  closers.push(() => webhook.close());
  let handedOver = 0;
  const message = makeMessage({ recipient: webhook.url });
  const outcome = await courier(answers.includes('hang') ? 2_000 : undefined).deliver(
    message,
    async () => void (handedOver += 1),
  );
  return { webhook, outcome, handedOver, message };
}

test('a call says what is due, signed with its time', async () => {
  const { webhook, outcome, message } = await deliver(200);
  expect(outcome).toEqual({ sent: true });
  const [call] = webhook.calls;
  expect(call).toMatchObject({ method: 'POST', path: '/pengingat?kantor=uji' });
  expect(call?.headers['content-type']).toBe('application/json');
  expect(call?.headers['x-gerbang-reminder']).toBe(message.id);
  const timestamp = String(call?.headers['x-gerbang-timestamp']);
  expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(60);
  expect(call?.headers['x-gerbang-signature']).toBe(signatureOf(secret, timestamp, call?.body ?? ''));
  expect(JSON.parse(call?.body ?? '')).toEqual({
    type: 'obligation.reminder',
    id: message.id,
    at: '2026-06-01T00:00:05.000Z',
    institution: { id: message.institutionId, name: 'Kecamatan Contoh' },
    obligation: {
      rule: 'semester-report',
      clause: 'O-20',
      title: 'Laporan semester',
      state: 'DUE_SOON',
      dueOn: '2026-06-30',
      dueAt: null,
      nextStep: 'Camat menyetujui laporan di menu Laporan.',
    },
  });
});

test('the signature is the one that a receiver can make with any tool', () => {
  // printf '1780272005.{}' | openssl dgst -sha256 -hmac rahasia-webhook-uji
  expect(signatureOf(secret, '1780272005', '{}')).toBe(
    'v1=b684a2bb578d1083e866c0976bbd7d19bf6552f4ce95d87f399fa5dd11c06f82',
  );
});

const endless = (response: import('node:http').ServerResponse): void => {
  response.writeHead(200);
  const more = (): void => void (response.writable && response.write('x'.repeat(65_536), () => setImmediate(more)));
  more();
};

test.each<[string, Answer, string]>([
  ['hangs', 'hang', 'uncertain'],
  ['cuts', 'cut', 'uncertain'],
  ['answers 500', 500, 'refused'],
  ['answers 404', 404, 'refused'],
  ['sends elsewhere', 307, 'refused'],
  ['answers 202', 202, 'sent'],
  ['answers without an end', endless, 'sent'],
])('a server that %s', async (_name, answer, expected) => {
  const { webhook, outcome, handedOver } = await deliver(answer);
  expect(Object.keys(outcome)).toEqual([expected]);
  // once, and nowhere else
  expect(webhook.calls).toHaveLength(1);
  expect(handedOver).toBe(1);
});

test('nobody listens: nothing was handed over', async () => {
  let handedOver = 0;
  const recipient = `http://127.0.0.1:${await closedPort()}/`;
  const outcome = await courier().deliver(makeMessage({ recipient }), async () => void (handedOver += 1));
  expect(outcome).toEqual({ refused: expect.any(String) });
  expect(handedOver).toBe(0);
});

test('what may not be handed over does not leave', async () => {
  const webhook = await ScriptedWebhook.start(200);
  closers.push(() => webhook.close());
  const outcome = await courier().deliver(makeMessage({ recipient: webhook.url }), () =>
    Promise.reject(new Error('the claim is over')),
  );
  expect(outcome).toEqual({ refused: expect.any(String) });
  expect(webhook.calls).toEqual([]);
});

test('a certificate is checked, also of a private authority', async () => {
  const tls = (name: string) => readFileSync(`test/fixtures/tls/${name}`, 'utf8');
  const server = createServer({ key: tls('server.key'), cert: tls('server.pem') }, (request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const recipient = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const outcomes = [];
  for (const ca of [undefined, tls('ca.pem')])
    outcomes.push(await courier(2_000, ca).deliver(makeMessage({ recipient }), async () => undefined));
  expect(outcomes).toEqual([{ refused: expect.any(String) }, { sent: true }]);
});

test('a webhook that is not configured any more is not called', async () => {
  const gone = new WebhookCourier(async () => undefined, 100, undefined);
  expect(await gone.deliver(makeMessage({ recipient: 'http://127.0.0.1:9/' }), async () => undefined)).toEqual({
    refused: expect.any(String),
  });
});
