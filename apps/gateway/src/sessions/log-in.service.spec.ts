import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LogIn } from '#contracts';
import { LogIns, password, type TestPerson } from '../../../../test/support/log-ins.js';

let logIns: LogIns;
let addresses = 0;
let now = Date.parse('2026-06-15T02:00:10Z');

beforeAll(async () => {
  logIns = await LogIns.create();
});
afterAll(() => logIns.drop());
beforeEach(async () => {
  // each test in steps of its own: codes of the last one count no more
  now += 300_000;
  await clockAt(now);
});

const clockAt = (ms: number) => logIns.database.setAccessClock({ at: new Date(ms).toISOString() });

/** Each time from another address, so that what is slowed down is not in the way. */
function logIn(form: LogIn, gateway = logIns.gateway, deviceCookie?: string, before?: string) {
  addresses += 1;
  const address = `10.0.${addresses >> 8}.${addresses & 255}`;
  return gateway.logIns.logIn(form, { address, deviceCookie }, before);
}

const failed = { code: 'LOGIN_FAILED', extras: {} };
const openSessions = (person: TestPerson) => logIns.gateway.sessions.findOpen(person.operatorId);

describe('an operator', () => {
  test('logs in with the password, and is told who that is', async () => {
    const person = await logIns.addPerson('operator');
    const { info, token, device } = await logIn({ username: ` ${person.username.toUpperCase()} `, password });
    expect(info).toMatchObject({
      operator: { id: person.operatorId, userIdLokal: person.username, fullName: 'Orang Uji', role: 'operator' },
      institution: { id: logIns.institutionId, name: 'Kecamatan Uji', regionCode: '33.98.01' },
      secondFactor: false,
      recoveryCodesLeft: 0,
      idleSeconds: 900,
      expiresAt: new Date(now + 36_000_000).toISOString(),
    });
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(device).toMatch(/^[\w-]{43}$/);
    expect(await openSessions(person)).toMatchObject([{ id: info.id, createdAt: new Date(now) }]);
  });

  test('gets a new session each time; the one that this browser had ends, whosever it was', async () => {
    const [person, other] = [await logIns.addPerson('operator'), await logIns.addPerson('operator')];
    const first = await logIn({ username: person.username, password });
    const second = await logIn({ username: person.username, password }, undefined, undefined, first.token);
    expect(second.token).not.toBe(first.token);
    expect(await openSessions(person)).toMatchObject([{ id: second.info.id }]);
    await logIn({ username: other.username, password }, undefined, undefined, second.token);
    expect(await openSessions(person)).toEqual([]);
    expect((await logIns.recordsOf(person.operatorId)).map(({ act, reason }) => reason ?? act)).toEqual([
      'account.activate',
      'session.begin',
      'replaced',
      'session.begin',
      'replaced',
    ]);
  });
});

describe.each(['camat', 'admin', 'evaluator'] as const)('%s', (role) => {
  test('needs a code; the first one confirms the second factor', async () => {
    const person = await logIns.addPerson(role);
    await expect(logIn({ username: person.username, password })).rejects.toMatchObject(failed);
    await expect(logIn({ username: person.username, password, code: '000000' })).rejects.toMatchObject(failed);
    const code = await logIns.code(person);
    const { info } = await logIn({ username: person.username, password, code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(info).toMatchObject({ secondFactor: true, recoveryCodesLeft: 10 });
    expect(await logIns.recordsOf(person.operatorId)).toContainEqual(
      expect.objectContaining({ act: 'session.begin', after: expect.objectContaining({ method: 'password+totp' }) }),
    );
  });
});

describe('a code counts once', () => {
  test('of many at the same time on two gateways one gets in', async () => {
    const person = await logIns.addPerson('camat');
    const form = { username: person.username, password, code: await logIns.code(person) };
    const gateways = [logIns.gateway, await logIns.addGateway()];
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => logIn(form, gateways[i % 2])));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(failed);
    expect(await openSessions(person)).toHaveLength(1);
    await expect(logIn(form, gateways[1])).rejects.toMatchObject(failed);
  });

  test('nor does one of an earlier step, once a later one was used', async () => {
    const person = await logIns.addPerson('camat');
    const codes = await Promise.all([-2, -1, 0, 1, 2].map((steps) => logIns.code(person, steps)));
    const attempt = (code: string | undefined) => logIn({ username: person.username, password, code });
    await attempt(codes[1]);
    await attempt(codes[3]);
    for (const code of codes) await expect(attempt(code)).rejects.toMatchObject(failed);
    await clockAt(now + 30_000);
    await attempt(codes[4]);
  });

  test('it is not used up by a wrong password', async () => {
    const person = await logIns.addPerson('camat');
    const code = await logIns.code(person);
    await expect(logIn({ username: person.username, password: 'salah', code })).rejects.toMatchObject(failed);
    await logIn({ username: person.username, password, code });
  });
});

describe('a recovery code', () => {
  test('counts once, also at the same time, however it is typed', async () => {
    const person = await logIns.addPerson('admin');
    const [first = '', second = ''] = person.recoveryCodes;
    expect(person.recoveryCodes).toHaveLength(10);
    const form = { username: person.username, password, code: first };
    const gateways = [logIns.gateway, await logIns.addGateway()];
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => logIn(form, gateways[i % 2])));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(logIn(form)).rejects.toMatchObject(failed);
    const typed = second.toUpperCase().replaceAll('-', ' ');
    const { info } = await logIn({ username: person.username, password, code: typed });
    // who has never shown a code of the authenticator has not confirmed it
    expect(info).toMatchObject({ recoveryCodesLeft: 8, secondFactor: false });
  });

  test('of somebody else does not count', async () => {
    const [person, other] = [await logIns.addPerson('admin'), await logIns.addPerson('admin')];
    const code = other.recoveryCodes[0];
    await expect(logIn({ username: person.username, password, code })).rejects.toMatchObject(failed);
  });
});

describe('every fault has one answer, for the work of one comparison', () => {
  const faults: [string, (person: TestPerson) => Promise<LogIn>][] = [
    ['a name that nobody has', async () => ({ username: 'tidak-ada', password, code: '123456' })],
    ['a name with NUL', async () => ({ username: 'tidak\0ada', password })],
    ['a wrong password', async (person) => ({ ...(await right(person)), password: 'salah sama sekali' })],
    ['no code', async ({ username }) => ({ username, password })],
    ['a wrong code', async ({ username }) => ({ username, password, code: '123456' })],
    ['a code of other letters', async ({ username }) => ({ username, password, code: '２８７０８２' })],
    ['a code that was used', async (person) => used(person)],
    ['a recovery code that nobody has', async ({ username }) => ({ username, password, code: '7h2k-m9xq-4wtd-0000' })],
    ['a wrong password and a wrong code', async ({ username }) => ({ username, password: 'salah', code: '123456' })],
    ['somebody who was revoked', async (person) => changed(person, 'revoked_at = access.clock()')],
    ['somebody whose time is over', async (person) => changed(person, "active_until = '2026-01-01'")],
    ['somebody whose time has not begun', async (person) => changed(person, "active_from = '2099-01-01'")],
    ['an account that was not activated', async () => notActivated()],
  ];
  const right = async (person: TestPerson) => ({
    username: person.username,
    password,
    code: await logIns.code(person),
  });

  async function used(person: TestPerson): Promise<LogIn> {
    const form = await right(person);
    await logIn(form);
    return form;
  }

  async function changed(person: TestPerson, change: string): Promise<LogIn> {
    await logIns.source.query(`UPDATE access.operator SET ${change} WHERE id = $1`, [person.operatorId]);
    return right(person);
  }

  async function notActivated(): Promise<LogIn> {
    const { operatorId, username } = await logIns.addOperator('camat');
    await logIns.issueCode(operatorId, username);
    return { username, password, code: '123456' };
  }

  test.each(faults)('%s', async (_what, make) => {
    const person = await logIns.addPerson('camat');
    const form = await make(person);
    const [{ argon }, before] = [logIns.gateway, (await openSessions(person)).length];
    argon.verified = 0;
    const fault: unknown = await logIn(form).catch((error: unknown) => error);
    expect(fault).toMatchObject(failed);
    expect(argon.verified).toBe(1);
    expect(await openSessions(person)).toHaveLength(before);
  });

  test('and so has success', async () => {
    const form = await right(await logIns.addPerson('camat'));
    logIns.gateway.argon.verified = 0;
    await logIn(form);
    expect(logIns.gateway.argon.verified).toBe(1);
  });

  test('but who is blocked is not compared at all', async () => {
    const { argon, logIns: service } = logIns.gateway;
    const attempt = () =>
      service.logIn({ username: 'siapa', password }, { address: '10.9.0.1', deviceCookie: undefined }, undefined);
    for (let i = 0; i < 5; i += 1) await expect(attempt()).rejects.toMatchObject(failed);
    argon.verified = 0;
    await expect(attempt()).rejects.toMatchObject({ code: 'LOGIN_BLOCKED', extras: { retryAfter: 30 } });
    expect(argon.verified).toBe(0);
  });
});

test('a sealed secret of somebody else, put in place of the own one, opens nothing', async () => {
  const [person, thief] = [await logIns.addPerson('camat'), await logIns.addPerson('camat')];
  await logIns.source.query(
    `UPDATE access.account SET totp_sealed = (SELECT totp_sealed FROM access.account WHERE operator_id = $2) WHERE operator_id = $1`,
    [person.operatorId, thief.operatorId],
  );
  const code = await logIns.code(thief);
  await expect(logIn({ username: person.username, password, code })).rejects.toMatchObject(failed);
});
