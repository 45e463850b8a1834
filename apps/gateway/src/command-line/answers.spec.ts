import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { listClients, routes, type ErrorCode, type Route } from '#contracts';
import { CommandLine, institutionId, problem, StandInGateway, type PlannedAnswer } from './command-line-fixture.js';

let gateway: StandInGateway;
let person: CommandLine;
beforeEach(async () => {
  gateway = await StandInGateway.start();
  person = await CommandLine.open(gateway.url);
  await person.logIn(gateway);
});
afterEach(async () => {
  await person.close();
  await gateway.stop();
});

const revoke = ['client', 'revoke', '--clientId', 'a', '--reason', 'b'];

describe('a success', () => {
  const body = listClients.response.examples.one as { clients: Record<string, unknown>[] };

  test('is for a script exactly what the server answered', async () => {
    const text = '{"clients": [],   "n": 1.0}';
    gateway.answer = () => ({ body: text });
    expect(await person.run(['client', 'list'])).toEqual({ status: 0, out: `${text}\n`, error: '' });
    expect((await person.run(['client', 'list', '--output', 'json'], { columns: 80 })).out).toBe(`${text}\n`);
  });

  test('is for a person aligned', async () => {
    gateway.answer = () => ({ body });
    const { out } = await person.run(['client', 'list'], { columns: 80 });
    expect(out).toMatch(/^clients\n {2}\[1\]\n/);
    expect(out).toMatch(/\n {4}name {17}Aplikasi PATEN\n/);
    expect(out).toMatch(/\n {4}elements {13}-\n/);
    expect((await person.run(['client', 'list', '--output', 'text'])).out).toBe(out);
  });

  test('of nothing says so to a person', async () => {
    expect((await person.run(['session', 'end', '--sessionId', 'x'], { columns: 80 })).out).toBe('Selesai.\n');
  });

  test('can be saved, for its owner alone', async () => {
    gateway.answer = () => ({ body });
    const path = person.path('daftar.json');
    const { out, error } = await person.run(['client', 'list', '--out', path]);
    expect({ out, error }).toEqual({ out: '', error: `Disimpan: ${path}\n` });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(body);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each(['tidak-ada/daftar.json', '.'])('that could not be saved at %s is not asked for', async (name) => {
    expect((await person.run([...revoke, '--out', person.path(name)])).status).toBe(2);
    expect(gateway.requests).toEqual([]);
  });

  test('cannot command the terminal', async () => {
    gateway.answer = () => ({ body: { clients: [{ name: 'a\u001b]0;x\u0007\u009b2Jb' }] } });
    expect((await person.run(['client', 'list'], { columns: 80 })).out).toBe('clients\n  name\n  a·]0;x··2Jb\n');
  });

  test('that waits for a second person says who, until when, and how', async () => {
    const proposal = { id: 'usulan-1', approvers: ['camat', 'evaluator'], expiresAt: '2026-12-23T02:15:30.123Z' };
    gateway.answer = () => ({ status: 202, body: proposal });
    const { status, out, error } = await person.run(['client', 'reactivate', '--clientId', 'a', '--reason', 'b']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual(proposal);
    expect(error).toBe(
      'Ini baru usulan: orang kedua (camat atau evaluator) harus menyetujuinya sebelum 2026-12-23T02:15:30.123Z, dengan\n' +
        `  gerbang proposal approve --institutionId ${institutionId} --proposalId usulan-1 --reason "..."\n`,
    );
  });
});

describe('a PDF', () => {
  const argv = ['agreement', 'closing-statement', '--agreementId', 'a'];
  const pdf = Buffer.from('%PDF-1.3\n\xff\xfe', 'latin1');

  test('is saved as it came', async () => {
    gateway.answer = () => ({ body: pdf, contentType: 'application/pdf' });
    expect((await person.run([...argv, '--out', person.path('ba.pdf')])).status).toBe(0);
    expect(await readFile(person.path('ba.pdf'))).toEqual(pdf);
  });

  test('needs a file', async () => {
    expect(await person.run(argv)).toMatchObject({ status: 2, error: expect.stringContaining('--out berkas.pdf') });
    expect(gateway.requests).toEqual([]);
  });

  test('that is refused leaves no file', async () => {
    gateway.answer = () => problem('STATE_CONFLICT');
    expect((await person.run([...argv, '--out', person.path('ba.pdf')])).status).toBe(1);
    expect(await readdir(person.folder)).toEqual(['state']);
  });
});

describe('a refusal', () => {
  test('tells what to do, every issue, the code and the correlation id, on stderr', async () => {
    const issues = [
      { path: 'reason', message: 'Tidak boleh memuat NIK.' },
      { path: '', message: 'Aplikasi ini sudah dicabut.' },
    ];
    gateway.answer = () => problem('STATE_CONFLICT', { issues, retryAfter: 7 });
    expect(await person.run(revoke)).toEqual({
      status: 1,
      out: '',
      error: [
        'Tindakan ini tidak dapat dilakukan pada keadaan sekarang. Lihat butir di "issues".',
        '  - reason: Tidak boleh memuat NIK.',
        '  - Aplikasi ini sudah dicabut.',
        'Coba lagi setelah 7 detik.',
        'Kode: STATE_CONFLICT (HTTP 409)',
        'Nomor korelasi: korelasi-1',
        '',
      ].join('\n'),
    });
  });

  test('with a code that this version does not know is told all the same', async () => {
    gateway.answer = () => problem('STATE_CONFLICT', { code: 'SOMETHING_NEW' as ErrorCode, detail: 'Kabar baru.' });
    expect(await person.run(revoke)).toMatchObject({ status: 1, error: expect.stringContaining('Kabar baru.') });
  });

  test.each<[ErrorCode, number]>([
    ['SESSION_EXPIRED', 4],
    ['TOKEN_MISSING', 4],
    ['CSRF_INVALID', 1],
    ['ROLE_NOT_ALLOWED', 1],
    ['SERVICE_UNAVAILABLE', 1],
  ])('%s ends with %i', async (code, status) => {
    gateway.answer = () => problem(code);
    expect((await person.run(revoke)).status).toBe(status);
  });
});

describe('no answer of a gateway', () => {
  test.each<[string, PlannedAnswer]>([
    ['a page of a proxy', { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }],
    ['a page in its place', { contentType: 'text/html', body: '<h1>Selamat datang</h1>' }],
    ['broken JSON', { body: '{"clients":' }],
    ['an error of something else', { status: 500, body: { error: 'x' } }],
  ])('%s', async (_name, answer) => {
    gateway.answer = () => answer;
    const { status, out, error } = await person.run(['client', 'list']);
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(error).toContain(`Jawaban dari ${gateway.url} bukan jawaban Gerbang PATEN`);
  });

  test('a redirection is told, not followed', async () => {
    gateway.answer = () => ({ status: 308, headers: { location: 'https://lain.example/' } });
    const { status, error } = await person.run(revoke);
    expect(status).toBe(3);
    expect(error).toContain('Server mengalihkan ke https://lain.example/');
    expect(gateway.requests).toHaveLength(1);
  });

  test('nobody listens', async () => {
    await gateway.stop();
    const { status, error } = await person.run(revoke);
    expect(status).toBe(3);
    expect(error).toContain('sambungan ditolak');
    expect(error).not.toContain('mungkin sudah dilaksanakan');
    gateway = await StandInGateway.start();
  });

  test('a deadline ends the wait; what may have been done is told', async () => {
    gateway.answer = () => ({ silent: true });
    const { status, error } = await person.run(revoke, { parts: { deadlineMs: 100 } });
    expect(status).toBe(3);
    expect(error).toContain('tidak ada jawaban sampai batas waktu.\nPerintah ini mungkin sudah dilaksanakan');
    expect((await person.run(['client', 'list'], { parts: { deadlineMs: 100 } })).error).not.toContain('mungkin');
  });

  test('a broken connection is not tried again', async () => {
    gateway.answer = () => ({ broken: true });
    const { status, error } = await person.run(revoke);
    expect(status).toBe(3);
    expect(error).toContain('mungkin sudah dilaksanakan');
    expect(gateway.requests).toHaveLength(1);
  });
});

test('a form is sent as a form', async () => {
  const all: readonly Route[] = routes;
  const token = all.find(({ operationId }) => operationId === 'issueToken');
  if (!token) throw new Error('no such route');
  const parts = { routes: [{ ...token, command: 'token issue' }] };
  await person.run(['token', 'issue', '--grant_type', 'client_credentials', '--operator', 'a b'], { parts });
  expect(gateway.last).toMatchObject({ path: '/oauth/token', body: 'grant_type=client_credentials&operator=a+b' });
  expect(gateway.last?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});
