import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AgentProcess } from './support/reader-agent/agent-process.js';
import { Broker } from './support/reader-agent/broker.js';
import { simulated } from './support/reader-agent/played-counter.js';
import { StandInGateway } from './support/reader-agent/stand-in-gateway.js';

let broker: Broker;
let gateway: StandInGateway;
let agent: AgentProcess;

beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());
beforeEach(async () => {
  gateway = await StandInGateway.start(broker);
  agent = new AgentProcess(gateway.joined, simulated());
});
afterEach(async () => {
  await agent.remove();
  await gateway.close();
});

function command(...args: string[]): Promise<{ status: number | null; text: string }> {
  const all = ['dist/apps/reader-agent/src/main.js', ...args, '--state', agent.state];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, all, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, text: stdout + stderr }),
    );
    child.stdin?.end();
  });
}

const device = (simulator: unknown) => agent.configure({ adapter: 'simulator', simulator });
const sam = (serial: string | null, present = true) => ({ sam: { present, serial, atr: null } });

test('all layers good', async () => {
  const { status, text } = await command('check');
  expect(text.match(/^BAIK /gm)).toHaveLength(6);
  expect([status, text.includes('GAGAL')]).toEqual([0, false]);
});

test.each<[string, () => unknown, RegExp]>([
  ['no reader', () => device({ reader: null }), /GAGAL alat baca .*Colokkan/],
  ['no SAM', () => device(sam(null, false)), /GAGAL SAM .*Masukkan kartu SAM/],
  ['a SAM of unknown number', () => device(sam(null)), /GAGAL SAM .*agent\.json/],
  ['another SAM', () => device(sam('SAM-9902')), /GAGAL SAM .*bukan yang terdaftar/],
  [
    'no vendor program',
    () =>
      agent.configure({
        adapter: 'vendor',
        vendor: { transport: { kind: 'stdio', command: ['/nowhere'] }, fields: {} },
      }),
    /GAGAL alat baca .*SDK/,
  ],
  [
    'no permit',
    () => Object.assign(gateway.answers, { permit: false, refusal: 'AGREEMENT_ENDED' }),
    /GAGAL izin .*AGREEMENT_ENDED/,
  ],
  [
    'a permit with another key',
    () => (gateway.claims = { iss: 'https://lain.contoh' }),
    /GAGAL izin .*reader-agent join/,
  ],
  ['a clock that is wrong', () => (gateway.clockAheadMs = 3_600_000), /GAGAL jam .*60 menit lebih lambat.*NTP/],
  ['nobody behind the broker', () => gateway.close(), /GAGAL broker .*gateway tidak menjawab/],
  [
    'a journal with damaged lines',
    () => writeFileSync(join(agent.state, 'journal.log'), 'nonsense\n'),
    /GAGAL jurnal .*1 baris rusak/,
  ],
])(
  '%s: the layer, and what to do',
  async (_what, spoil, told) => {
    await spoil();
    const { status, text } = await command('check');
    expect(text).toMatch(told);
    expect(status).toBe(1);
  },
  40_000,
);

test('no broker', async () => {
  agent.write('identity.json', { ...gateway.joined, servers: ['nats://127.0.0.1:9'] });
  const { status, text } = await command('check');
  expect(text).toMatch(/GAGAL broker .*kabel jaringan/);
  expect(status).toBe(1);
}, 40_000);

test('not joined, no settings, wrong settings, wrong command: said in a sentence, with a status of its own', async () => {
  rmSync(join(agent.state, 'identity.json'));
  expect(await command('check')).toMatchObject({ status: 78, text: expect.stringMatching(/belum terdaftar/) });
  agent.configure({ adapter: 'simulator', nonsense: 1 });
  expect(await command('run')).toMatchObject({ status: 78, text: expect.stringMatching(/agent\.json/) });
  rmSync(join(agent.state, 'agent.json'));
  expect(await command('run')).toMatchObject({ status: 78, text: expect.stringMatching(/belum ada/) });
  expect(await command('dance')).toMatchObject({ status: 64, text: expect.stringMatching(/tidak dikenal/) });
});

/** A gateway that answers joining: with a place on the bus, or with a refusal. */
async function joining(
  answer: () => { status: number; body: unknown },
): Promise<{ server: Server; url: string; asked: unknown[] }> {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => (text += bytes.toString()));
    request.on('end', () => {
      asked.push({ url: request.url, ...(JSON.parse(text) as object) });
      const { status, body } = answer();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('join: the key is made here and stays here, then the agent runs', async () => {
  const { gatewayUrl: _, ...joined } = gateway.joined;
  const { server, url, asked } = await joining(() => ({ status: 201, body: joined }));
  try {
    rmSync(join(agent.state, 'key.jwk'));
    rmSync(join(agent.state, 'identity.json'));
    const { status, text } = await command('join', 'ABCD-2345', '--url', url);
    expect([status, text]).toEqual([0, expect.stringContaining('Kecamatan Contoh')]);
    expect(asked).toEqual([
      expect.objectContaining({
        url: '/v1/reader-agents',
        code: 'ABCD-2345',
        publicKey: expect.not.objectContaining({ d: expect.anything() }),
      }),
    ]);
    expect(statSync(join(agent.state, 'key.jwk')).mode & 0o777).toBe(0o600);
    await agent.start();
    await gateway.reports.find(({ faults }) => faults.length === 0);
  } finally {
    server.close();
  }
});

test('join: refused in the gateway’s words, and nothing is left behind; a gateway that is away is told', async () => {
  rmSync(join(agent.state, 'key.jwk'));
  const { server, url } = await joining(() => ({
    status: 403,
    body: { code: 'JOIN_CODE_INVALID', detail: 'Kode salah.' },
  }));
  expect(await command('join', 'X', '--url', url)).toMatchObject({ status: 1, text: 'Kode salah.\n' });
  server.close();
  expect(() => statSync(join(agent.state, 'key.jwk'))).toThrow(/ENOENT/);
  expect(await command('join', 'X', '--url', 'http://127.0.0.1:9')).toMatchObject({
    status: 1,
    text: expect.stringMatching(/tidak terjangkau/),
  });
});

test('join: a folder that cannot be written, or a full disk, is told before the code is traded; the old key stays', async () => {
  const { server, url, asked } = await joining(() => ({ status: 500, body: {} }));
  const key = readFileSync(join(agent.state, 'key.jwk'));
  try {
    // a disk that is full, as the kernel plays it
    symlinkSync('/dev/full', join(agent.state, 'key.jwk.joining.new'));
    expect(await command('join', 'X', '--url', url)).toMatchObject({ text: expect.stringMatching(/Cakram penuh/) });
    rmSync(join(agent.state, 'key.jwk.joining.new'));
    mkdirSync(join(agent.state, 'key.jwk.joining.new'));
    expect(await command('join', 'X', '--url', url)).toMatchObject({
      status: 77,
      text: expect.stringMatching(/key\.jwk.* tidak dapat dibaca atau ditulis/),
    });
    expect(asked).toEqual([]);
    rmSync(join(agent.state, 'key.jwk.joining.new'), { recursive: true });
    expect((await command('join', 'X', '--url', url)).status).toBe(1);
    expect(readFileSync(join(agent.state, 'key.jwk'))).toEqual(key);
  } finally {
    server.close();
  }
});

test('an identity that may not be read is not "not joined"', async () => {
  rmSync(join(agent.state, 'identity.json'));
  mkdirSync(join(agent.state, 'identity.json'));
  const { status, text } = await command('check');
  expect([status, text]).toEqual([77, expect.stringMatching(/tidak dapat dibaca atau ditulis/)]);
});

test('join: nothing is said or trusted without encryption, but on this PC', async () => {
  expect(await command('join', 'X', '--url', 'http://gerbang.contoh')).toMatchObject({
    status: 1,
    text: expect.stringMatching(/harus https/),
  });
  const { gatewayUrl: _, ...joined } = gateway.joined;
  const servers = ['nats://gerbang.contoh:4222'];
  const { server, url } = await joining(() => ({ status: 201, body: { ...joined, servers } }));
  expect(await command('join', 'X', '--url', url)).toMatchObject({ status: 1, text: expect.stringMatching(/tls:/) });
  server.close();
});

test('join: a gateway with a certificate of an unknown CA is told as such', async () => {
  const [key, cert] = ['ca.key', 'ca.pem'].map((name) => join(agent.state, name)) as [string, string];
  const made = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...made, '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await command('join', 'X', '--url', url)).text).toMatch(/NODE_EXTRA_CA_CERTS/);
  server.close();
});
