import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { logIn } from '#contracts';
import {
  CommandLine,
  institutionId,
  loggedIn,
  problem,
  sessionCookie,
  StandInGateway,
} from './command-line-fixture.js';
import { sessionPath } from './session-file.js';

const { csrfToken } = logIn.response.examples.camat;

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

describe('afterwards', () => {
  beforeEach(() => person.logIn(gateway));

  test('every request carries the cookie as it came, and what changes something the CSRF token', async () => {
    await person.run(['client', 'list']);
    expect(gateway.last).toMatchObject({ method: 'GET', path: `/v1/admin/institutions/${institutionId}/clients` });
    expect(gateway.last?.headers).toMatchObject({ cookie: sessionCookie });
    expect(gateway.last?.headers).not.toHaveProperty('x-csrf-token');
    await person.run(['client', 'revoke', '--clientId', 'paten-contoh', '--reason', 'Secret bocor']);
    expect(gateway.last?.headers).toMatchObject({ cookie: sessionCookie, 'x-csrf-token': csrfToken });
    expect(gateway.last?.headers).not.toHaveProperty('origin');
    expect(gateway.last?.headers).not.toHaveProperty('sec-fetch-site');
  });

  test('another institution may be named', async () => {
    await person.run(['client', 'list', '--institutionId', 'lain']);
    expect(gateway.last?.path).toBe('/v1/admin/institutions/lain/clients');
  });

  test('what the server renews is kept', async () => {
    gateway.answer = () => ({ headers: { 'set-cookie': ['gerbang_session=baru', 'sisa=1; Max-Age=0'] } });
    await person.run(['session', 'list']);
    expect(await saved()).toMatchObject({ cookies: { gerbang_session: 'baru' }, csrfToken });
    gateway.answer = () => ({ body: { ...(loggedIn.body as object), csrfToken: 'baru', anothersField: true } });
    await person.run(['whoami']);
    expect(await saved()).toMatchObject({ cookies: { gerbang_session: 'baru' }, csrfToken: 'baru' });
  });

  test('whoever ends the own session has none afterwards', async () => {
    gateway.answer = () => ({ headers: { 'set-cookie': ['gerbang_session=; Max-Age=0'] } });
    expect(await person.run(['session', 'end', '--sessionId', 'x'])).toMatchObject({ status: 0, error: '' });
    expect(await isThere()).toBe(false);
  });

  test('a session goes to the server that gave it and to no other', async () => {
    const other = await StandInGateway.start();
    const { status, error } = await person.run(['client', 'list', '--url', other.url]);
    expect(status).toBe(4);
    expect(error).toContain(`Sesi yang tersimpan adalah untuk ${gateway.url}.`);
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  test('the address comes from the session, from GERBANG_URL before it, and first from --url', async () => {
    delete person.environment.GERBANG_URL;
    expect((await person.run(['client', 'list'])).status).toBe(0);
    person.environment.GERBANG_URL = 'http://127.0.0.1:1';
    expect((await person.run(['client', 'list'])).error).toContain('Belum masuk (login) ke http://127.0.0.1:1.');
    expect((await person.run(['client', 'list', '--url', `${gateway.url}/`])).status).toBe(0);
  });

  test('logout ends the session there and here', async () => {
    expect((await person.run(['logout'])).status).toBe(0);
    expect(gateway.last).toMatchObject({ method: 'DELETE', path: '/session' });
    expect(gateway.last?.headers).toMatchObject({ cookie: sessionCookie, 'x-csrf-token': csrfToken });
    expect(await isThere()).toBe(false);
    expect((await person.run(['logout'])).status).toBe(0);
    expect(gateway.requests).toHaveLength(1);
  });

  test.each(['forgotten', 'refused', 'unreachable'])('logout removes the file when the session is %s', async (how) => {
    gateway.answer = () => (how === 'refused' ? problem('CSRF_INVALID') : problem('SESSION_EXPIRED'));
    if (how === 'unreachable') await gateway.stop();
    const { status } = await person.run(['logout']);
    expect(status).toBe({ forgotten: 0, refused: 1, unreachable: 3 }[how]);
    expect(await isThere()).toBe(false);
    if (how === 'unreachable') gateway = await StandInGateway.start();
  });

  test('a forgotten session asks for a log-in', async () => {
    gateway.answer = () => problem('SESSION_EXPIRED');
    const { status, error } = await person.run(['whoami']);
    expect(status).toBe(4);
    expect(error).toContain('Jalankan: gerbang login --username');
  });

  test('a wrong password at a second look is a refusal, not the end of the session', async () => {
    gateway.answer = () => problem('LOGIN_FAILED');
    person.environment.GERBANG_PASSWORD = 'salah';
    person.environment.GERBANG_CODE = '';
    expect((await person.run(['account', 'renew-recovery-codes'])).status).toBe(1);
  });
});

test('without a session nothing is sent, but faults of the line are told first', async () => {
  expect((await person.run(['client', 'revoke', '--clientId', 'a'])).status).toBe(2);
  const { status, error } = await person.run(['client', 'revoke', '--clientId', 'a', '--reason', 'b']);
  expect(status).toBe(4);
  expect(error).toContain(`Jalankan: gerbang login --url ${gateway.url} --username <nama>`);
  expect(gateway.requests).toEqual([]);
});

test.each([
  [{ GERBANG_SESSION_FILE: '/a/b', XDG_STATE_HOME: '/x', HOME: '/h' }, '/a/b'],
  [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/gerbang/session.json'],
  [{ HOME: '/h' }, '/h/.local/state/gerbang/session.json'],
])('the session file of %j', (environment, path) => {
  const stream = new PassThrough();
  expect(sessionPath({ environment, stdin: stream, stdout: stream, stderr: stream })).toBe(path);
});
