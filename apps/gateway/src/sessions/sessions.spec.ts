import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LogIns, password, times, type TestPerson } from '../../../../test/support/log-ins.js';
import { AccessRepository } from '../access/access.repository.js';
import { endSessionsOf } from './end-sessions.js';
import { sha256OfToken } from './session-cookies.js';
import { mostSessions } from './sessions.js';

let logIns: LogIns;
let access: AccessRepository;
let person: TestPerson;
const start = Date.parse('2026-06-15T02:00:00Z');

beforeAll(async () => {
  logIns = await LogIns.create();
  access = new AccessRepository(logIns.database.pool('gateway'));
});
afterAll(() => logIns.drop());
beforeEach(async () => {
  await clockAt(0);
  person = await logIns.addPerson('operator');
});

const clockAt = (seconds: number) =>
  logIns.database.setAccessClock({ at: new Date(start + seconds * 1000).toISOString() });
const logIn = (address = '10.0.0.1') =>
  logIns.gateway.logIns.logIn({ username: person.username, password }, { address, deviceCookie: undefined }, undefined);
const isOpen = async (token: string) =>
  (await access.findSessionFacts(sha256OfToken(token).toString('base64url'), times.idleSeconds)) !== undefined;
const me = () =>
  ({ kind: 'person', operatorId: person.operatorId, role: 'operator', institutionId: logIns.institutionId }) as const;
const openIds = async () => (await logIns.gateway.sessions.findOpen(person.operatorId)).map(({ id }) => id);

describe('a session ends', () => {
  test('15 minutes after the last request', async () => {
    const { token } = await logIn();
    await clockAt(899);
    expect(await isOpen(token)).toBe(true);
    await clockAt(899 + 899);
    expect(await openIds()).toHaveLength(1);
    expect(await isOpen(token)).toBe(true);
    await clockAt(899 + 899 + 900);
    expect(await isOpen(token)).toBe(false);
    expect(await openIds()).toEqual([]);
  });

  test('10 hours after the log-in, however busy', async () => {
    const { token } = await logIn();
    for (let seconds = 600; seconds < 36_000; seconds += 600) {
      await clockAt(seconds);
      expect(await isOpen(token)).toBe(true);
    }
    await clockAt(35_999);
    expect(await isOpen(token)).toBe(true);
    await clockAt(36_000);
    expect(await isOpen(token)).toBe(false);
  });

  test('when its person ends it, on record', async () => {
    const [{ token, info }, other] = [await logIn(), await logIn()];
    await logIns.gateway.sessions.end(me(), info.id, 'logged-out');
    expect(await isOpen(token)).toBe(false);
    expect(await isOpen(other.token)).toBe(true);
    expect((await logIns.recordsOf(person.operatorId)).at(-1)).toEqual({
      act: 'session.end',
      actorKind: 'person',
      after: null,
      reason: 'logged-out',
    });
    await expect(logIns.gateway.sessions.end(me(), info.id, 'ended')).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('but not by somebody else', async () => {
    const { token, info } = await logIn();
    person = await logIns.addPerson('operator');
    await expect(logIns.gateway.sessions.end(me(), info.id, 'ended')).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    expect(await isOpen(token)).toBe(true);
  });

  test('with all others, for a reason that the administration gives', async () => {
    const { operatorId } = person;
    const tokens = [(await logIn()).token, (await logIn()).token];
    const ended = await logIns.source.transaction((manager) => endSessionsOf(manager, operatorId, 'revoked'));
    expect(ended).toBe(2);
    for (const token of tokens) expect(await isOpen(token)).toBe(false);
    expect(await logIns.source.transaction((manager) => endSessionsOf(manager, operatorId, 'revoked'))).toBe(0);
  });
});

test('of more than ten the oldest ends, also when they begin at the same time', async () => {
  const first = await logIn();
  await clockAt(1);
  await Promise.all(Array.from({ length: 12 }, (_, i) => logIn(`10.0.1.${i}`)));
  expect(await openIds()).toHaveLength(mostSessions);
  expect(await isOpen(first.token)).toBe(false);
  const reasons = (await logIns.recordsOf(person.operatorId)).flatMap(({ reason }) => reason ?? []);
  expect(reasons).toEqual(Array(3).fill('too-many'));
});

test('tells where and when, of what is open', async () => {
  const { info } = await logIn('::ffff:10.1.2.3');
  await clockAt(60);
  expect(await logIns.gateway.sessions.findOpen(person.operatorId)).toEqual([
    {
      id: info.id,
      address: '10.1.2.3',
      createdAt: new Date(start),
      lastSeenAt: new Date(start),
      expiresAt: new Date(start + 36_000_000),
    },
  ]);
});

test.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['fd00:0:0::7', 'fd00::7'],
])('of %s it keeps %s', async (address, kept) => {
  await logIn(address);
  expect(await logIns.gateway.sessions.findOpen(person.operatorId)).toMatchObject([{ address: kept }]);
});

test('of the cookie only the SHA-256 is in a table', async () => {
  const { token } = await logIn();
  const [row] = await logIns.source.query<{ kept: string; text: string }[]>(
    `SELECT encode(token_sha256, 'hex') AS kept, session::text FROM access.session WHERE operator_id = $1`,
    [person.operatorId],
  );
  expect(row?.kept).toBe(createHash('sha256').update(token).digest('hex'));
  const everywhere = `${row?.text}${JSON.stringify(await logIns.recordsOf(person.operatorId))}`;
  for (const plain of [token, ...[Buffer.from(token), Buffer.from(token, 'base64url')].map((b) => b.toString('hex'))])
    expect(everywhere).not.toContain(plain);
});

test('a week after its end it is forgotten; the record stays', async () => {
  await logIn();
  const count = async () =>
    (await logIns.source.query<unknown[]>('SELECT 1 FROM access.session WHERE operator_id = $1', [person.operatorId]))
      .length;
  await clockAt(36_000 + 7 * 86_400);
  await logIns.gateway.sessions.removeOld();
  expect(await count()).toBe(1);
  await clockAt(36_000 + 7 * 86_400 + 1);
  await logIns.gateway.sessions.removeOld();
  expect(await count()).toBe(0);
  expect(await logIns.source.query("SELECT 1 FROM access.admin_event WHERE act = 'session.begin'")).not.toEqual([]);
});
