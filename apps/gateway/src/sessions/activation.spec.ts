import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LogIns, password } from '../../../../test/support/log-ins.js';
import type { Visitor } from './login-throttle.js';

let logIns: LogIns;
let addresses = 0;
const now = Date.parse('2026-06-15T02:00:00Z');

beforeAll(async () => {
  logIns = await LogIns.create();
  await clockAt(now);
});
afterAll(() => logIns.drop());

const clockAt = (ms: number) => logIns.database.setAccessClock({ at: new Date(ms).toISOString() });

function visitor(): Visitor {
  addresses += 1;
  return { address: `10.0.0.${addresses}`, deviceCookie: undefined };
}

const activate = (username: string, activationCode: string, from = visitor(), gateway = logIns.gateway) =>
  gateway.activation.activate({ username, activationCode, password }, from);

async function issue(role: 'operator' | 'camat' = 'operator') {
  const { operatorId, username } = await logIns.addOperator(role);
  const { activationCode, expiresAt } = await logIns.issueCode(operatorId, username);
  return { operatorId, username, activationCode, expiresAt };
}

const failed = { code: 'ACTIVATION_FAILED', extras: {} };
describe('a code', () => {
  test('counts for seven days, once, also at the same time on two gateways', async () => {
    const { operatorId, username, activationCode, expiresAt } = await issue();
    expect(expiresAt).toEqual(new Date(now + 7 * 86_400_000));
    await clockAt(expiresAt.getTime() - 1);
    const gateways = [logIns.gateway, await logIns.addGateway()];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) => activate(username, activationCode, undefined, gateways[i % 2])),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(failed);
    await expect(activate(username, activationCode)).rejects.toMatchObject(failed);
    const records = await logIns.recordsOf(operatorId);
    expect(records.map(({ act }) => act)).toEqual(['account.activate']);
    await clockAt(now);
  });

  test('takes the place of the one before', async () => {
    const { operatorId, username, activationCode } = await issue();
    const next = await logIns.issueCode(operatorId, username);
    await expect(activate(username, activationCode)).rejects.toMatchObject(failed);
    expect(await activate(username, next.activationCode.toLowerCase())).toEqual({ username, secondFactor: null });
  });

  test('is in no table, nor is what follows from it', async () => {
    const { operatorId, username, activationCode } = await issue('camat');
    // bytea as hexadecimal digits
    const tables = async () =>
      JSON.stringify([
        await logIns.source.query('SELECT account::text FROM access.account WHERE operator_id = $1', [operatorId]),
        await logIns.source.query('SELECT code::text FROM access.recovery_code AS code'),
        await logIns.recordsOf(operatorId),
      ]);
    const before = await tables();
    const { secondFactor } = await activate(username, activationCode);
    const kept = `${before}${await tables()}`.toLowerCase();
    expect(secondFactor?.recoveryCodes).toHaveLength(10);
    const secrets = [activationCode, password, secondFactor?.secret ?? '', ...(secondFactor?.recoveryCodes ?? [])];
    for (const secret of [...secrets, ...secrets.map((text) => text.replaceAll('-', ''))]) {
      expect(kept).not.toContain(secret.toLowerCase());
      for (const text of [secret, secret.toUpperCase()]) expect(kept).not.toContain(Buffer.from(text).toString('hex'));
    }
  });
});

describe('every fault has one answer', () => {
  test.each<[string, () => Promise<{ username: string; activationCode: string }>]>([
    ['a name that nobody has', async () => ({ ...(await issue()), username: 'tidak-ada' })],
    ['a wrong code', async () => ({ ...(await issue()), activationCode: 'K7QF-2MXB-9TRD-HW4C' })],
    ['the code of somebody else', async () => ({ ...(await issue()), activationCode: (await issue()).activationCode })],
    ['no code out', async () => ({ ...(await logIns.addPerson('operator')), activationCode: 'K7QF-2MXB-9TRD-HW4C' })],
    ['zeros where there is none', async () => ({ ...(await logIns.addPerson('operator')), activationCode: '0000' })],
    [
      'somebody who was revoked',
      async () => {
        const issued = await issue();
        await logIns.source.query('UPDATE access.operator SET revoked_at = access.clock() WHERE id = $1', [
          issued.operatorId,
        ]);
        return issued;
      },
    ],
  ])('%s', async (_what, make) => {
    const { username, activationCode } = await make();
    await expect(activate(username, activationCode)).rejects.toMatchObject(failed);
  });

  test('a code that has run out', async () => {
    const { username, activationCode, expiresAt } = await issue();
    await clockAt(expiresAt.getTime());
    await expect(activate(username, activationCode)).rejects.toMatchObject(failed);
    await clockAt(now);
  });

  test('and is slowed down like a log-in, together with it', async () => {
    const { username, activationCode } = await issue();
    const from = visitor();
    for (let i = 0; i < 3; i += 1) await expect(activate(username, 'salah', from)).rejects.toMatchObject(failed);
    for (let i = 0; i < 2; i += 1)
      await expect(logIns.gateway.logIns.logIn({ username, password }, from, undefined)).rejects.toMatchObject({
        code: 'LOGIN_FAILED',
      });
    await expect(activate(username, activationCode, from)).rejects.toMatchObject({
      code: 'LOGIN_BLOCKED',
      extras: { retryAfter: 30 },
    });
  });
});

test('an unsuitable password uses nothing up and tells nothing of the name', async () => {
  const { username, activationCode } = await issue();
  const from = visitor();
  for (const name of [username, 'tidak-ada'])
    for (let i = 0; i < 6; i += 1)
      await expect(
        logIns.gateway.activation.activate({ username: name, activationCode, password: 'indonesia1945' }, from),
      ).rejects.toMatchObject({ code: 'PASSWORD_UNSUITABLE', extras: { issues: [{ path: 'password' }] } });
  await activate(username, activationCode, from);
});

test('starts over: sessions end, the second factor and the recovery codes before count no more', async () => {
  const person = await logIns.addPerson('camat');
  const logIn = (code: string | undefined) =>
    logIns.gateway.logIns.logIn({ username: person.username, password, code }, visitor(), undefined);
  await logIn(await logIns.code(person));
  await logIn(person.recoveryCodes[0]);
  const { activationCode } = await logIns.issueCode(person.operatorId, person.username);
  // until it is used nothing changes: whoever issues a code takes nobody's session
  expect(await logIns.gateway.sessions.findOpen(person.operatorId)).toHaveLength(2);
  const { secondFactor } = await activate(person.username, activationCode);
  expect(await logIns.gateway.sessions.findOpen(person.operatorId)).toEqual([]);
  await expect(logIn(await logIns.code(person, 1))).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
  await expect(logIn(person.recoveryCodes[1])).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
  await logIn(await logIns.code({ secret: secondFactor?.secret ?? '' }));
  const ended = (await logIns.recordsOf(person.operatorId)).filter(({ act }) => act === 'session.end');
  expect(ended).toEqual(Array(2).fill({ act: 'session.end', actorKind: 'system', after: null, reason: 'activated' }));
});

describe('a log-in name', () => {
  test('is of one person, in whatever case', async () => {
    const [one, other] = [await issue(), await logIns.addOperator('operator')];
    await expect(logIns.issueCode(other.operatorId, one.username.toUpperCase())).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      extras: { issues: [{ path: 'username' }] },
    });
    await activate(one.username.toUpperCase(), one.activationCode);
  });

  test('may be changed with a new code', async () => {
    const { operatorId, username, activationCode } = await issue();
    await activate(username, activationCode);
    const next = await logIns.issueCode(operatorId, `${username}.baru`);
    expect(next.username).toBe(`${username}.baru`);
    await activate(`${username}.baru`, next.activationCode);
    await expect(activate(username, next.activationCode)).rejects.toMatchObject(failed);
  });
});
