import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LogIns, password, type TestPerson } from '../../../../test/support/log-ins.js';
import type { Me } from './account.service.js';

let logIns: LogIns;
let now = Date.parse('2026-06-15T02:00:10Z');
const newPassword = 'gerobak hijau mendaki bukit';

beforeAll(async () => {
  logIns = await LogIns.create();
});
afterAll(() => logIns.drop());
beforeEach(async () => {
  now += 300_000;
  await nextStep(0);
});

/** Codes of the steps before count no more. */
async function nextStep(steps = 2): Promise<void> {
  now += steps * 30_000;
  await logIns.database.setAccessClock({ at: new Date(now).toISOString() });
}

const address = '10.0.0.1';
const logIn = (person: TestPerson, code?: string, given = password) =>
  logIns.gateway.logIns.logIn({ username: person.username, password: given, code }, visitor, undefined);
const visitor = { address, deviceCookie: undefined };

/** Somebody with two open sessions, at the second. */
async function atSession(role: TestPerson['role']): Promise<{ person: TestPerson; me: Me }> {
  const person = await logIns.addPerson(role);
  await logIn(person, person.recoveryCodes[0]);
  const { info } = await logIn(person, person.secret ? await logIns.code(person) : undefined);
  await nextStep();
  return { person, me: { ...visitor, operatorId: person.operatorId, sessionId: info.id } };
}

const actsOf = async ({ operatorId }: TestPerson) =>
  (await logIns.recordsOf(operatorId)).map(({ act, reason }) => reason ?? act).slice(3);
const openIds = async ({ operatorId }: TestPerson) =>
  (await logIns.gateway.sessions.findOpen(operatorId)).map(({ id }) => id);

describe('a new password', () => {
  test('takes the old one, without a code; all other sessions end', async () => {
    const { person, me } = await atSession('camat');
    await logIns.gateway.account.changePassword(me, { currentPassword: password, newPassword });
    expect(await openIds(person)).toEqual([me.sessionId]);
    expect(await actsOf(person)).toEqual(['account.change-password', 'password-changed']);
    await expect(logIn(person, await logIns.code(person))).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await logIn(person, await logIns.code(person), newPassword);
  });

  test('a wrong old one changes nothing, and is slowed down with the log-in', async () => {
    const { person, me } = await atSession('operator');
    const change = () => logIns.gateway.account.changePassword(me, { currentPassword: 'salah', newPassword });
    for (let i = 0; i < 5; i += 1) await expect(change()).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await expect(change()).rejects.toMatchObject({ code: 'LOGIN_BLOCKED', extras: { retryAfter: 30 } });
    await expect(logIn(person)).rejects.toMatchObject({ code: 'LOGIN_BLOCKED' });
    expect(await openIds(person)).toHaveLength(2);
    expect(await actsOf(person)).toEqual(['session.block']);
  });

  test('an unsuitable one is told before anything is counted', async () => {
    const { person, me } = await atSession('operator');
    for (let i = 0; i < 7; i += 1)
      await expect(
        logIns.gateway.account.changePassword(me, {
          currentPassword: 'salah',
          newPassword: `${person.username} 2026 !!`,
        }),
      ).rejects.toMatchObject({ code: 'PASSWORD_UNSUITABLE', extras: { issues: [{ path: 'newPassword' }] } });
    await logIns.gateway.account.changePassword(me, { currentPassword: password, newPassword });
  });

  test('of two at the same time one counts, and the log-in that ran beside it is no way around', async () => {
    const { person, me } = await atSession('operator');
    const change = (to: string) =>
      logIns.gateway.account.changePassword(me, { currentPassword: password, newPassword: to });
    const outcomes = await Promise.allSettled([change(newPassword), change('tiga ember cat ungu tua')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(logIn(person)).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
  });
});

describe('a second factor', () => {
  test('of an operator counts from the first log-in with a code on', async () => {
    const { person, me } = await atSession('operator');
    const enrolled = await logIns.gateway.account.enrolSecondFactor(me, { password });
    expect(enrolled.recoveryCodes).toHaveLength(10);
    expect(enrolled.uri).toContain(`secret=${enrolled.secret}`);
    // the camera has not seen it yet: nobody is locked out
    await logIn(person);
    await expect(logIn(person, '000000')).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    const { info } = await logIn(person, await logIns.code(enrolled));
    expect(info.secondFactor).toBe(true);
    await expect(logIn(person)).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    expect((await actsOf(person))[0]).toBe('account.enrol-second-factor');
  });

  test('once confirmed, it takes a code to replace it; those before count no more', async () => {
    const { person, me } = await atSession('camat');
    const { account } = logIns.gateway;
    await expect(account.enrolSecondFactor(me, { password })).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    const code = await logIns.code(person);
    const enrolled = await account.enrolSecondFactor(me, { password, code });
    await expect(account.enrolSecondFactor(me, { password, code })).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await nextStep();
    await expect(logIn(person, await logIns.code(person))).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await expect(logIn(person, person.recoveryCodes[1])).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await expect(logIn(person)).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await logIn(person, await logIns.code(enrolled));
    await logIn(person, enrolled.recoveryCodes[0]);
  });
});

describe('recovery codes', () => {
  test('are renewed for a code; those before count no more', async () => {
    const { person, me } = await atSession('camat');
    const code = await logIns.code(person);
    const codes = await logIns.gateway.account.renewRecoveryCodes(me, { password, code });
    expect(new Set([...codes, ...person.recoveryCodes]).size).toBe(20);
    await expect(logIn(person, person.recoveryCodes[1])).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    expect((await logIn(person, codes[3])).info.recoveryCodesLeft).toBe(9);
    expect(await actsOf(person)).toContain('account.renew-recovery-codes');
  });

  test('are of no use without a second factor; saying so is no failure', async () => {
    const { person, me } = await atSession('operator');
    for (let i = 0; i < 7; i += 1)
      await expect(logIns.gateway.account.renewRecoveryCodes(me, { password })).rejects.toMatchObject({
        code: 'STATE_CONFLICT',
      });
    expect(await actsOf(person)).toEqual([]);
    await logIn(person);
  });
});
