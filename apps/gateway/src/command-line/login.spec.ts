import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { logIn } from '#contracts';
import {
  CommandLine,
  institutionId,
  loggedIn,
  problem,
  sessionCookie,
  StandInGateway,
} from './command-line-fixture.js';

const { csrfToken } = logIn.response.examples.camat;
const password = 'kuda baterai staples benar';

let gateway: StandInGateway;
let person: CommandLine;
beforeEach(async () => {
  gateway = await StandInGateway.start();
  person = await CommandLine.open(gateway.url);
});
afterEach(async () => {
  await person.close();
  await gateway.stop();
});

const saved = async (): Promise<unknown> => JSON.parse(await readFile(person.sessionFile, 'utf8')) as unknown;
const isThere = (): Promise<boolean> =>
  stat(person.sessionFile).then(
    () => true,
    () => false,
  );

describe('login', () => {
  test('sends name, password and code, and keeps the session for its owner alone', async () => {
    gateway.answer = () => loggedIn;
    Object.assign(person.environment, { GERBANG_PASSWORD: password, GERBANG_CODE: '123456' });
    const { status, out, error } = await person.run(['login', '--username', 'camat.contoh']);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(out)).toEqual(loggedIn.body);
    expect(gateway.requests).toHaveLength(1);
    expect(gateway.last).toMatchObject({ method: 'POST', path: '/session' });
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ username: 'camat.contoh', password, code: '123456' });
    expect(gateway.last?.headers).not.toHaveProperty('cookie');
    expect(gateway.last?.headers).not.toHaveProperty('origin');

    const [name, ...value] = sessionCookie.split('=');
    const cookies = { [name ?? '']: value.join('=') };
    expect(await saved()).toEqual({ url: gateway.url, cookies, csrfToken, institutionId });
    expect((await stat(person.sessionFile)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(person.sessionFile))).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(person.sessionFile))).toEqual(['session.json']);
  });

  test('again sends the cookies of before: the server ends that session and knows the computer', async () => {
    await person.logIn(gateway);
    gateway.answer = () => loggedIn;
    person.environment.GERBANG_PASSWORD = password;
    await person.run(['login', '--username', 'camat.contoh']);
    expect(gateway.last?.headers.cookie).toBe(sessionCookie);
  });

  test('makes a file that others could read private again', async () => {
    await person.logIn(gateway);
    await writeFile(person.sessionFile, '{}', { mode: 0o644 });
    await person.logIn(gateway);
    expect((await stat(person.sessionFile)).mode & 0o777).toBe(0o600);
  });

  test('asks on the terminal and shows nothing of it', async () => {
    gateway.answer = () => loggedIn;
    const { status, out, error } = await person.run(['login', '--username', 'camat.contoh'], {
      typed: [password, '123456'],
      columns: 80,
    });
    expect(status).toBe(0);
    expect(error).toBe('Kata sandi: \nKode 6 angka atau kode pemulihan (kosongkan bila tidak ada): \n');
    expect(out + error).not.toMatch(/kuda|123456|Vt1-3kZJ7mQmV0m5mYb1bA|rahasia/);
    expect(out).toMatch(/fullName +Camat Contoh/);
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ username: 'camat.contoh', password, code: '123456' });
  });

  test('an empty code is not sent', async () => {
    gateway.answer = () => loggedIn;
    await person.run(['login', '--username', 'siti.loket1'], { typed: [password, ''] });
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ username: 'siti.loket1', password });
  });

  test('reads the password from a file, too', async () => {
    gateway.answer = () => loggedIn;
    await writeFile(person.path('kata-sandi'), `${password}\n`);
    await person.run(['login', '--username', 'x', '--password-file', person.path('kata-sandi')]);
    expect(JSON.parse(gateway.last?.body ?? '')).toMatchObject({ password });
  });

  test('asks nobody before the line is right, and a script not at all', async () => {
    expect(await person.run(['login'], { typed: [] })).toMatchObject({
      status: 2,
      error: '--username: Wajib diisi.\nRincian: gerbang help login\n',
    });
    expect(await person.run(['login', '--username', 'x'])).toMatchObject({
      status: 2,
      error: expect.stringContaining('tidak ada terminal untuk bertanya; isi GERBANG_PASSWORD'),
    });
    expect(gateway.requests).toEqual([]);
  });

  test('Ctrl-C at a question ends it', async () => {
    const { status, error } = await person.run(['login', '--username', 'x'], { typed: ['\u0003'] });
    expect(status).toBe(130);
    expect(error).toContain('Dibatalkan.');
    expect(gateway.requests).toEqual([]);
  });

  test('that fails is a refusal and keeps the session that was there', async () => {
    await person.logIn(gateway);
    const before = await saved();
    gateway.answer = () => problem('LOGIN_FAILED');
    person.environment.GERBANG_PASSWORD = 'salah';
    const { status, error } = await person.run(['login', '--username', 'camat.contoh']);
    expect(status).toBe(1);
    expect(error).toContain('Kode: LOGIN_FAILED (HTTP 401)');
    expect(await saved()).toEqual(before);
  });
});

describe('a password that is set now', () => {
  const argv = ['account', 'activate', '--username', 'camat.contoh'];
  const code = 'K7QF-2MXB-9TRD-HW4C';

  test('is asked for twice', async () => {
    gateway.answer = () => ({ body: { username: 'camat.contoh', secondFactor: null } });
    expect((await person.run(argv, { typed: [code, password, password] })).status).toBe(0);
    expect(JSON.parse(gateway.last?.body ?? '')).toEqual({ username: 'camat.contoh', activationCode: code, password });
    expect(await isThere()).toBe(false);
  });

  test('is not sent when the two differ, or when it is too short', async () => {
    const differing = await person.run(argv, { typed: [code, password, 'kuda baterai staples bener'] });
    expect(differing).toMatchObject({ status: 2, error: expect.stringContaining('kedua isian tidak sama') });
    const short = await person.run(argv, { typed: [code, 'pendek', 'pendek'] });
    expect(short).toMatchObject({ status: 2, error: expect.stringContaining('sedikitnya 12 huruf') });
    expect(gateway.requests).toEqual([]);
  });

  test("the ministry's password is asked for by its full name, and never taken from the own one", async () => {
    await person.logIn(gateway);
    person.environment.GERBANG_PASSWORD = 'milik sendiri';
    const access = '{"baseUrl":"http://10.0.0.1","userId":"USERID_CONTOH","ip":"10.0.0.10"}';
    const line = ['upstream', 'configure', '--access', access, '--reason', 'User ID diterima'];
    expect((await person.run(line)).status).toBe(2);
    const { status, error } = await person.run(line, { typed: ['milik kementerian'] });
    expect({ status, error }).toEqual({ status: 0, error: 'Kata sandi (access.password): \n' });
    expect(JSON.parse(gateway.last?.body ?? '')).toMatchObject({ access: { password: 'milik kementerian' } });
  });
});
