import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountActivated, RecoveryCodes, SecondFactor, SessionInfo, SessionList } from '#contracts';
import { BareGateway } from './support/bare-gateway.js';
import { Browser, type Answered } from './support/browser.js';
import { LogIns, password, type TestPerson } from './support/log-ins.js';
import { waitFor } from './support/wait-for.js';

let logIns: LogIns;
let gateway: BareGateway;
let other: BareGateway;
let now = Date.parse('2026-06-15T02:00:00Z');
let addresses = 0;

beforeAll(async () => {
  logIns = await LogIns.create();
  const env = {
    GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    GATEWAY_BURST_PER_SECOND: '100000',
    GATEWAY_BURST_SIZE: '100000',
  };
  gateway = await BareGateway.start(logIns, env);
  other = await BareGateway.start(logIns, env);
});
afterAll(async () => {
  await gateway.close();
  await other.close();
  await logIns.drop();
});
beforeEach(() => pass(3_600));

/** Sets the clock so many seconds on. */
async function pass(seconds: number): Promise<void> {
  now += seconds * 1000;
  await logIns.database.setAccessClock({ at: new Date(now).toISOString() });
}

/** A browser that nobody has logged in with, at an address of its own. */
function newBrowser(address?: string): Browser {
  addresses += 1;
  return new Browser(gateway.url, address ?? `10.0.${addresses >> 8}.${addresses & 255}`);
}

async function formOf(person: TestPerson) {
  return { username: person.username, password, ...(person.secret ? { code: await logIns.code(person) } : {}) };
}

async function loggedIn(person: TestPerson): Promise<Browser> {
  const browser = newBrowser();
  expect(await browser.logIn(await formOf(person))).toMatchObject({ status: 200 });
  return browser;
}

function expectProblem({ status, headers, body }: Answered, code: string): void {
  expect({ status: body.status, code: body.code }).toEqual({ status, code });
  // a browser must not ask for a password of its own
  if (code !== 'TOKEN_MISSING') expect(headers.get('www-authenticate')).toBeNull();
}

/** Within a second (O-19). */
async function expectEnd(browser: Browser, code = 'SESSION_EXPIRED'): Promise<void> {
  const ended = ({ status }: Answered) => status !== 200;
  expectProblem(await waitFor(() => browser.send('GET', '/session'), ended, 1_000), code);
}

describe('from log-in to log-out', () => {
  test('two cookies that no script reads; the session is that of the person', async () => {
    const person = await logIns.addPerson('camat');
    const browser = newBrowser();
    const answer = await browser.logIn(await formOf(person));
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-gerbang_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
      expect.stringMatching(
        /^__Host-gerbang_device=[\w-]{43}; Max-Age=15552000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ]);
    const info = SessionInfo.parse(answer.body);
    expect(info).toMatchObject({ operator: { id: person.operatorId, role: 'camat' }, secondFactor: true });
    expect((await browser.send('GET', '/session')).body).toEqual(info);
    expect((await browser.at(other.url).send('GET', '/session')).body).toEqual(info);
    expect(JSON.stringify(answer.body)).not.toContain([...browser.cookies.values()][0]);
  });

  test('logging out ends it within a second, everywhere', async () => {
    const browser = await loggedIn(await logIns.addPerson('operator'));
    const before = browser.at(other.url);
    expect(await before.send('GET', '/session')).toMatchObject({ status: 200 });
    const answer = await browser.send('DELETE', '/session');
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-gerbang_session=; Max-Age=0; /);
    expectProblem(await browser.send('GET', '/session'), 'TOKEN_MISSING');
    await expectEnd(before);
  });

  test('a session that nobody has', async () => {
    const browser = newBrowser();
    for (const value of ['x', 'A'.repeat(43), '%00', 'A'.repeat(4_000)]) {
      browser.cookies.set('__Host-gerbang_session', value);
      expectProblem(await browser.send('GET', '/session'), 'SESSION_EXPIRED');
    }
  });

  test('without a request for 15 minutes it ends', async () => {
    const person = await logIns.addPerson('operator');
    const browser = await loggedIn(person);
    await pass(899);
    // a request is noticed as soon as the facts in memory are no longer fresh
    await waitFor(
      async () => {
        await browser.send('GET', '/v1/sessions');
        return logIns.gateway.sessions.findOpen(person.operatorId);
      },
      ([session]) => session?.lastSeenAt.getTime() === now,
    );
    await pass(899);
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 200 });
    await pass(900);
    await expectEnd(browser);
  });
});

describe('not from elsewhere', () => {
  const fromElsewhere = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://lain.test' },
  ];

  test.each(fromElsewhere)('another site with %j does nothing', async (headers) => {
    const person = await logIns.addPerson('operator');
    const browser = await loggedIn(person);
    const code = 'CSRF_INVALID';
    expectProblem(await newBrowser().send('POST', '/session', await formOf(person), headers), code);
    const activation = { username: person.username, activationCode: 'x', password };
    expectProblem(await newBrowser().send('POST', '/v1/account/activation', activation, headers), code);
    expectProblem(await browser.send('DELETE', '/session', undefined, headers), code);
    const change = { currentPassword: password, newPassword: 'gerobak hijau mendaki bukit' };
    expectProblem(await browser.send('POST', '/v1/account/password', change, headers), code);
    expect(await browser.send('GET', '/session', undefined, headers)).toMatchObject({ status: 200 });
  });

  test.each(['', 'x'])('nor does our own page with the CSRF token %j', async (token) => {
    const browser = await loggedIn(await logIns.addPerson('operator'));
    expectProblem(await browser.send('DELETE', '/session', undefined, { 'x-csrf-token': token }), 'CSRF_INVALID');
  });

  test('nor with that of another session', async () => {
    const [one, two] = [
      await loggedIn(await logIns.addPerson('operator')),
      await loggedIn(await logIns.addPerson('operator')),
    ];
    one.csrfToken = two.csrfToken;
    expectProblem(await one.send('DELETE', '/session'), 'CSRF_INVALID');
  });

  test.each(['8.8.8.8', '2001:4860:4860::8888'])('nor anybody at the public address %s', async (address) => {
    const person = await logIns.addPerson('operator');
    expectProblem(await newBrowser(address).logIn(await formOf(person)), 'NETWORK_NOT_ALLOWED');
    const activation = { username: person.username, activationCode: 'x', password };
    expectProblem(await newBrowser(address).send('POST', '/v1/account/activation', activation), 'NETWORK_NOT_ALLOWED');
    const browser = await loggedIn(person);
    const moved = new Browser(gateway.url, address);
    for (const [name, value] of browser.cookies) moved.cookies.set(name, value);
    expectProblem(await moved.send('GET', '/session'), 'NETWORK_NOT_ALLOWED');
  });
});

describe('guessing', () => {
  test('is slowed down, in the same words for a name that nobody has', async () => {
    const { username } = await logIns.addPerson('camat');
    const answers = await Promise.all(
      [username, 'tidak-ada'].map(async (name) => {
        const browser = newBrowser();
        const seen = [];
        for (let i = 0; i < 6; i += 1) {
          const { status, headers, body } = await browser.logIn({ username: name, password: 'salah sama sekali' });
          const { correlationId: _, ...problem } = body;
          seen.push({ status, retryAfter: headers.get('retry-after'), cookies: headers.getSetCookie(), problem });
        }
        return seen;
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    const told = answers[0]?.map(({ status, retryAfter, problem }) => [status, retryAfter, problem.code]);
    const failed = [401, null, 'LOGIN_FAILED'];
    expect(told).toEqual([failed, failed, failed, failed, failed, [429, '30', 'LOGIN_BLOCKED']]);
  });

  test('slows nobody down at a computer of their own, nor the colleagues behind the same address', async () => {
    const [person, colleague] = [await logIns.addPerson('operator'), await logIns.addPerson('operator')];
    const own = await loggedIn(person);
    const stranger = newBrowser(own.address);
    for (let i = 0; i < 6; i += 1) await stranger.logIn({ username: person.username, password: 'salah' });
    expectProblem(await stranger.logIn(await formOf(person)), 'LOGIN_BLOCKED');
    expect(await own.logIn(await formOf(person))).toMatchObject({ status: 200 });
    expect(await newBrowser(own.address).logIn(await formOf(colleague))).toMatchObject({ status: 200 });
    // whoever sits there next is no friend because of that
    const next = newBrowser(own.address);
    next.cookies.set('__Host-gerbang_device', own.cookies.get('__Host-gerbang_device') ?? '');
    for (let i = 0; i < 5; i += 1) await next.logIn({ username: colleague.username, password: 'salah' });
    expectProblem(await next.logIn(await formOf(colleague)), 'LOGIN_BLOCKED');
  });
});

test('a code that was used at one gateway counts no more at the other', async () => {
  const person = await logIns.addPerson('admin');
  const form = await formOf(person);
  expect(await newBrowser().logIn(form)).toMatchObject({ status: 200 });
  expectProblem(await newBrowser().at(other.url).logIn(form), 'LOGIN_FAILED');
});

describe('my sessions', () => {
  test('are listed, and ended one by one, by me alone', async () => {
    const [person, stranger] = [await logIns.addPerson('operator'), await logIns.addPerson('operator')];
    const [one, two, theirs] = [await loggedIn(person), await loggedIn(person), await loggedIn(stranger)];
    const { sessions } = SessionList.parse((await one.send('GET', '/v1/sessions')).body);
    expect(sessions.map(({ current, address }) => ({ current, address }))).toEqual([
      { current: false, address: two.address },
      { current: true, address: one.address },
    ]);
    const [last, first] = sessions.map(({ id }) => `/v1/sessions/${id}`);
    for (const path of [
      last,
      '/v1/sessions/019ab3c4-5d6e-7f80-9123-456789abcdef',
      '/v1/sessions/x',
      '/v1/sessions/%00',
    ])
      expectProblem(await theirs.send('DELETE', path ?? ''), 'RESOURCE_NOT_FOUND');
    expect(await one.send('DELETE', last ?? '')).toMatchObject({ status: 200, body: {} });
    expectProblem(await one.send('DELETE', last ?? ''), 'RESOURCE_NOT_FOUND');
    await expectEnd(two);
    expect(await one.send('DELETE', first ?? '')).toMatchObject({ status: 200 });
    expect(one.cookies.has('__Host-gerbang_session')).toBe(false);
  });
});

describe('my account', () => {
  test('is activated, secured and changed', async () => {
    const { operatorId, username } = await logIns.addOperator('camat');
    const { activationCode } = await logIns.issueCode(operatorId, username);
    const browser = newBrowser();
    const activation = { username, activationCode, password };
    const { secondFactor } = AccountActivated.parse(
      (await browser.send('POST', '/v1/account/activation', activation)).body,
    );
    expectProblem(await browser.send('POST', '/v1/account/activation', activation), 'ACTIVATION_FAILED');

    const code = () => logIns.code({ secret: secondFactor?.secret ?? '' });
    expect(await browser.logIn({ username, password, code: await code() })).toMatchObject({ status: 200 });
    await pass(60);
    const shown = { password, code: await code() };
    const renewed = RecoveryCodes.parse((await browser.send('POST', '/v1/account/recovery-codes', shown)).body);
    expectProblem(await browser.send('POST', '/v1/account/second-factor', shown), 'LOGIN_FAILED');
    const again = { password, code: renewed.recoveryCodes[0] };
    const enrolled = SecondFactor.parse((await browser.send('POST', '/v1/account/second-factor', again)).body);
    expect(enrolled.secret).not.toBe(secondFactor?.secret);

    const elsewhere = newBrowser();
    const withCode = { username, password, code: enrolled.recoveryCodes[0] ?? '' };
    expect(await elsewhere.logIn(withCode)).toMatchObject({ status: 200 });
    const newPassword = 'gerobak hijau mendaki bukit';
    const change = (to: string) =>
      browser.send('POST', '/v1/account/password', { currentPassword: password, newPassword: to });
    expectProblem(await change('kecamatan-2026-jaya'), 'PASSWORD_UNSUITABLE');
    expect(await change(newPassword)).toMatchObject({ status: 200, body: {} });
    await expectEnd(elsewhere);
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 200 });
  });

  test('that was revoked opens nothing any more within a second', async () => {
    const person = await logIns.addPerson('operator');
    const browser = await loggedIn(person);
    await logIns.source.query('UPDATE access.operator SET revoked_at = access.clock() WHERE id = $1', [
      person.operatorId,
    ]);
    await expectEnd(browser, 'OPERATOR_INACTIVE');
  });
});

test('bodies that do not fit are told so before anything is counted', async () => {
  for (const body of [
    {},
    { username: 'x' },
    { username: '', password: '' },
    { username: 'x', password: 'y', lain: 1 },
    [],
  ])
    expectProblem(await newBrowser().send('POST', '/session', body), 'REQUEST_INVALID');
});
