import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { MailCourier } from './mail-courier.js';
import { makeMessage } from './message-fixture.js';
import type { MailServer } from './reminder-config.js';
import { closedPort, ScriptedSmtp, type SmtpScript } from './smtp-fixture.js';

const tls = (name: string): string => readFileSync(`test/fixtures/tls/${name}`, 'utf8');
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const patientMs = 5_000;
/** Only for those who hang: a machine that is busy is not one of them. */
const timeoutMs = 250;
const serverAt = (port: number, overrides: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  login: undefined,
  from: 'gerbang@kabupaten.example',
  ca: undefined,
  ...overrides,
});

/** Counts how often the last byte was let go. */
function door() {
  let opened = 0;
  return { open: async () => void (opened += 1), times: () => opened };
}

async function deliver(script: SmtpScript, port?: number) {
  const smtp = await ScriptedSmtp.start(script);
  closers.push(() => smtp.close());
  const hangs = JSON.stringify(script).includes('hang');
  const { open, times } = door();
  const outcome = await new MailCourier(serverAt(port ?? smtp.port), hangs ? timeoutMs : patientMs).deliver(
    makeMessage(),
    open,
  );
  return { outcome, smtp, handedOver: times() };
}

/** The real thing: a server that is widely used in tests of mail clients. */
async function realServer(options: SMTPServerOptions) {
  const letters: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          letters.push(Buffer.concat(chunks).toString('utf8'));
          done();
        });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, letters };
}

test('a letter as a mail program gets it: whom, what, when due, what next; the same id whenever it is tried', async () => {
  const { port, letters } = await realServer({});
  const courier = new MailCourier(serverAt(port), 5_000);
  const message = makeMessage({
    office: 'Kecamatan Contoh – Utara',
    title: 'Laporan semester\r\nBcc: jahat@contoh.example',
  });
  for (let n = 0; n < 2; n += 1) expect(await courier.deliver(message, async () => undefined)).toEqual({ sent: true });
  const [letter = '', again] = letters;
  const [head = '', ...rest] = letter.split('\r\n\r\n');
  expect(head).toContain('From: gerbang@kabupaten.example');
  expect(head).toContain('To: camat@contoh.example');
  expect(head).toContain(`Message-ID: <${message.id}@kabupaten.example>`);
  expect(head).toContain('Auto-Submitted: auto-generated');
  expect(head).toContain('Date: Mon, 01 Jun 2026 00:00:05 +0000');
  expect(head).not.toMatch(/^Bcc:/im);
  const body = rest.join('\r\n\r\n').replace(/=\r\n/g, '');
  expect(body).toContain('1 Juni 2026 pukul 07.00 WIB');
  expect(body).toContain('30 Juni 2026');
  expect(body).toContain('Camat menyetujui laporan di menu Laporan.');
  expect(again).toBe(letter);
});

const secured: SMTPServerOptions = {
  disabledCommands: [],
  key: tls('server.key'),
  cert: tls('server.pem'),
  onAuth({ username, password }, _session, done) {
    if (username === 'gerbang' && password === 'kuda baterai') done(null, { user: username });
    else done(new Error('salah'));
  },
};
const login = { user: 'gerbang', pass: 'kuda baterai' };

test.each([
  ['STARTTLS and login', {}, { tls: 'starttls', ca: tls('ca.pem'), login }, { sent: true }],
  ['TLS from the beginning', { secure: true }, { tls: 'tls', ca: tls('ca.pem'), login }, { sent: true }],
  ['a wrong password', {}, { tls: 'starttls', ca: tls('ca.pem'), login: { ...login, pass: 'salah' } }, /\(535\)/],
  ['an authority that is not ours', {}, { tls: 'starttls', login }, /TLS/],
  [
    'no STARTTLS where it is asked for',
    { disabledCommands: ['STARTTLS'] },
    { tls: 'starttls', ca: tls('ca.pem') },
    /./,
  ],
] as const)('%s', async (_name, options, server, expected) => {
  const { port, letters } = await realServer({ ...secured, ...(options as SMTPServerOptions) });
  const { open, times } = door();
  const outcome = await new MailCourier(serverAt(port, { host: 'localhost', ...server }), 5_000).deliver(
    makeMessage(),
    open,
  );
  if (expected instanceof RegExp) expect(outcome).toEqual({ refused: expect.stringMatching(expected) });
  else expect(outcome).toEqual(expected);
  expect([letters.length, times()]).toEqual(expected instanceof RegExp ? [0, 0] : [1, 1]);
});

test('nobody listens', async () => {
  const { outcome, handedOver } = await deliver({}, await closedPort());
  expect(outcome).toEqual({ refused: expect.any(String) });
  expect(handedOver).toBe(0);
});

test.each<[string, SmtpScript, string]>([
  ['connects and says nothing', { greeting: 'hang' }, 'refused'],
  ['cuts instead of greeting', { greeting: 'cut' }, 'refused'],
  ['greets and hangs', { ehlo: 'hang' }, 'refused'],
  ['greets with garbage', { greeting: '\u0000\u0001 apa ini' }, 'refused'],
  ['is closed for today', { greeting: '421 later' }, 'refused'],
  ['lies with 250 to EHLO and drops', { ehlo: ['250 uji', 'cut'], mail: 'cut' }, 'refused'],
  ['does not like the sender', { mail: '550 no' }, 'refused'],
  ['is busy for the recipient', { rcpt: '450 later' }, 'refused'],
  ['does not know the recipient', { rcpt: '550 who' }, 'refused'],
  [
    'does not know the recipient, and asks for the letter all the same',
    { rcpt: '550 who', data: '354 go on' },
    'refused',
  ],
  ['hangs at DATA', { data: 'hang' }, 'refused'],
  ['cuts at DATA', { data: 'cut' }, 'refused'],
  ['says no to DATA', { data: '554 no' }, 'refused'],
  ['says later to the letter', { dot: '451 later' }, 'refused'],
  ['says no to the letter', { dot: '552 too much' }, 'refused'],
  ['closes at the letter, with a reply', { dot: '421 bye' }, 'refused'],
  ['hangs after the letter', { dot: 'hang' }, 'uncertain'],
  ['cuts after the letter', { dot: 'cut' }, 'uncertain'],
  ['answers the letter with garbage', { dot: 'apa ini' }, 'uncertain'],
  ['answers the letter with another question', { dot: '354 more' }, 'uncertain'],
])('a server that %s', async (_name, script, expected) => {
  const { outcome, smtp, handedOver } = await deliver(script);
  expect(Object.keys(outcome)).toEqual([expected]);
  expect(smtp.accepted).toEqual([]);
  // whoever may have it is uncertain, or said no to it; nobody else has been given the end
  const wasAsked = 'dot' in script;
  expect(handedOver).toBe(wasAsked ? 1 : 0);
  expect(smtp.complete).toHaveLength(wasAsked ? 1 : 0);
});

test('one that says yes before the letter has ended is given no end', async () => {
  const smtp = await ScriptedSmtp.start({ data: '354 go on\r\n250 taken' });
  closers.push(() => smtp.close());
  const courier = new MailCourier(serverAt(smtp.port), timeoutMs);
  const outcome = await courier.deliver(makeMessage(), () => new Promise(() => undefined));
  expect(outcome).toEqual({ refused: expect.stringContaining('sebelum surat selesai') });
  expect(smtp.complete).toEqual([]);
});

test('what may not be handed over gets no end: the server has half a letter, and that is none', async () => {
  const smtp = await ScriptedSmtp.start();
  closers.push(() => smtp.close());
  const courier = new MailCourier(serverAt(smtp.port), timeoutMs);
  const outcome = await courier.deliver(makeMessage(), () => Promise.reject(new Error('the claim is over')));
  expect(outcome).toEqual({ refused: expect.any(String) });
  expect(smtp.lines.some((line) => line === 'DATA')).toBe(true);
  expect(smtp.complete).toEqual([]);
});

test('who is slow to be allowed misses the deadline, and nothing leaves afterwards', async () => {
  const smtp = await ScriptedSmtp.start();
  closers.push(() => smtp.close());
  let allow: () => void = () => undefined;
  const allowed = new Promise<void>((resolve) => (allow = resolve));
  const outcome = await new MailCourier(serverAt(smtp.port), 60).deliver(makeMessage(), () => allowed);
  expect(outcome).toEqual({ refused: expect.any(String) });
  allow();
  await new Promise((resolve) => setImmediate(resolve));
  expect(smtp.complete).toEqual([]);
});
