import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandLine, problem, StandInGateway } from './command-line-fixture.js';

const end = '{"end":true,"leaves":2,"checkpoints":1}\n';

let gateway: StandInGateway;
let person: CommandLine;
/** What answers an export, in the gateway's place. */
let answer: (response: ServerResponse) => void;
let server: Server;
beforeEach(async () => {
  gateway = await StandInGateway.start();
  person = await CommandLine.open(gateway.url);
  await person.logIn(gateway);
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/jsonl; charset=utf-8' });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await person.close();
  await gateway.stop();
});

/** The session is the stand-in's; what it answers comes from the server that streams. */
async function run(deadlineMs = 5_000) {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const session = JSON.parse(await readFile(person.sessionFile, 'utf8')) as object;
  await writeFile(person.sessionFile, JSON.stringify({ ...session, url }));
  return person.run(['evidence', 'export', '--url', url, '--out', person.path('bukti.jsonl')], {
    parts: { deadlineMs },
  });
}
const files = async () => (await readdir(person.folder)).filter((name) => name !== 'state');

describe('a bundle', () => {
  test('goes to disk as it comes, for its owner alone', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `{"i":${index},"leaf":"${'x'.repeat(1_000)}"}\n`);
    answer = (response) => {
      for (const line of lines) response.write(line);
      response.end(end);
    };
    const { status, out, error } = await run();
    expect({ status, out, error }).toEqual({ status: 0, out: '', error: `Disimpan: ${person.path('bukti.jsonl')}\n` });
    expect(await readFile(person.path('bukti.jsonl'), 'utf8')).toBe(lines.join('') + end);
    expect((await stat(person.path('bukti.jsonl'))).mode & 0o777).toBe(0o600);
    expect(await files()).toEqual(['bukti.jsonl']);
  });

  test('stands beside as what it is until all of it is there', async () => {
    let go: () => void = () => undefined;
    const written = new Promise<void>((resolve) => {
      answer = (response) => {
        response.write('{"format":"x"}\n', () => resolve());
        go = () => response.end(end);
      };
    });
    const running = run();
    await written;
    const halfWay = async (): Promise<string[]> => ((await files()).length > 0 ? files() : halfWay());
    expect(await halfWay()).toEqual(['bukti.jsonl.sebagian']);
    go();
    expect((await running).status).toBe(0);
    expect(await files()).toEqual(['bukti.jsonl']);
  });

  test('may take longer than the deadline as long as something comes', async () => {
    answer = (response) => {
      let left = 6;
      const timer = setInterval(() => {
        if (left-- > 0) {
          response.write('{"i":0}\n');
          return;
        }
        clearInterval(timer);
        response.end(end);
      }, 50);
    };
    expect((await run(200)).status).toBe(0);
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['is cut off', (response) => response.write('{"i":0}\n', () => response.destroy()), 'sambungan terputus'],
    ['is ended by a proxy', (response) => response.end('{"i":0}\n'), 'Bundel terputus di tengah jalan'],
    ['ends within its last line', (response) => response.end(end.slice(0, -1)), 'Bundel terputus di tengah jalan'],
    ['stops coming', (response) => void response.write('{"i":0}\n'), 'tidak ada jawaban sampai batas waktu'],
  ])('that %s is not kept, and what was there is left', async (_name, planned, told) => {
    await writeFile(person.path('bukti.jsonl'), 'yang lama');
    answer = planned;
    const { status, error } = await run(300);
    expect(error).toContain(told);
    expect(status).toBe(3);
    expect(await files()).toEqual(['bukti.jsonl']);
    expect(await readFile(person.path('bukti.jsonl'), 'utf8')).toBe('yang lama');
  });
});

test('a refusal is told as any other', async () => {
  gateway.answer = () => problem('OVERLOADED', { retryAfter: 15 });
  const { status, error } = await person.run(['evidence', 'export', '--out', person.path('bukti.jsonl')]);
  expect(status).toBe(1);
  expect(error).toContain('Coba lagi setelah 15 detik.');
  expect(await files()).toEqual([]);
});

test.each([
  [['evidence', 'export'], '--out bukti.jsonl'],
  [['receipt', 'qr', '--code', 'x'], '--out kode.svg'],
  [['person-trail', 'print', '--requestNumber', '1'], '--out berkas.pdf'],
])('%j needs a file', async (argv, told) => {
  const { status, error } = await person.run(argv);
  expect(status).toBe(2);
  expect(error).toContain(told);
  expect(gateway.requests).toEqual([]);
});

describe('a NIK', () => {
  const nik = '3313044107909901';
  const argv = ['person-trail', 'show', '--requestNumber', '045/1'];

  test('is typed, and shown nowhere', async () => {
    gateway.answer = () => ({ body: { entries: [] } });
    const { status, out, error } = await person.run(argv, { typed: [nik] });
    expect(status).toBe(0);
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ nik, requestNumber: '045/1' });
    expect(gateway.last?.path).toBe('/v1/person-trails');
    expect(out + error).not.toContain(nik);
  });

  test('comes by stdin where nobody types', async () => {
    gateway.answer = () => ({ body: { entries: [] } });
    expect((await person.run([...argv, '--file', '-'], { stdin: JSON.stringify({ nik }) })).status).toBe(0);
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ nik, requestNumber: '045/1' });
    const { status, error } = await person.run(argv);
    expect(status).toBe(2);
    expect(error).toContain('lewat stdin (--file -)');
  });

  test.each([['--nik', nik], [`--nik=${nik}`], ['--json', JSON.stringify({ nik })]])(
    'is refused on the line: %s',
    async (...given) => {
      const { status, error } = await person.run([...argv, ...given], { typed: [nik] });
      expect(status).toBe(2);
      expect(error).toContain('--nik tidak diterima pada baris perintah');
      expect(error).toContain('kosongkan agar ditanyakan');
      expect(error).not.toContain(nik);
      expect(gateway.requests).toEqual([]);
    },
  );
});
