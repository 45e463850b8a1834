import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '#service';
import { LogIns } from '../../../../test/support/log-ins.js';
import { SealingKey } from '#service/keys/sealing-key';
import { Devices } from './devices.js';
import type { LoginThrottle, Visitor } from './login-throttle.js';

let logIns: LogIns;
let throttle: LoginThrottle;
let devices: Devices;
let names = 0;
let name: string;
const start = Date.parse('2026-06-15T02:00:00Z');

beforeAll(async () => {
  logIns = await LogIns.create();
  throttle = logIns.gateway.throttle;
  devices = new Devices(logIns.source, new SealingKey(logIns.keyDir));
});
afterAll(() => logIns.drop());
beforeEach(async () => {
  names += 1;
  name = `nama${names}`;
  await clockAt(start);
});

const at = (address: string, deviceCookie?: string): Visitor => ({ address, deviceCookie });
const clockAt = (ms: number) => logIns.database.setAccessClock({ at: new Date(ms).toISOString() });

/** A wrong guess. @returns undefined when it was looked at, else the seconds until the next one may be made */
async function guess(visitor: Visitor, on: LoginThrottle = throttle, username = name): Promise<number | undefined> {
  let looked = false;
  const fault: unknown = await on
    .guard(username, visitor, async () => {
      looked = true;
      throw new AppError('LOGIN_FAILED');
    })
    .catch((error: unknown) => error);
  if (looked) return undefined;
  expect(fault).toMatchObject({ code: 'LOGIN_BLOCKED' });
  return (fault as AppError).extras.retryAfter;
}

async function guesses(count: number, visitor: Visitor): Promise<number> {
  let looked = 0;
  for (let i = 0; i < count; i += 1) if ((await guess(visitor)) === undefined) looked += 1;
  return looked;
}

const succeed = (visitor: Visitor) =>
  throttle.guard(name, visitor, (clear) => logIns.source.transaction((manager) => clear(manager)));

describe('one bucket', () => {
  test('of a hundred wrong guesses at once on two gateways five are looked at', async () => {
    const other = await logIns.addGateway();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, i) => guess(at('10.0.0.1'), i % 2 ? throttle : other.throttle)),
    );
    expect(outcomes.filter((seconds) => seconds === undefined)).toHaveLength(5);
    for (const seconds of outcomes) if (seconds !== undefined) expect(seconds).toBe(30);
  });

  test('waiting doubles from 30 s to 15 min; in between there is one guess each, however many at once', async () => {
    let now = start;
    await clockAt(now);
    expect(await guesses(7, at('10.0.0.1'))).toBe(5);
    for (const wait of [30, 60, 120, 240, 480, 900, 900, 900]) {
      expect(await guess(at('10.0.0.1'))).toBe(wait);
      now += wait * 1000 - 1000;
      await clockAt(now);
      expect(await guess(at('10.0.0.1'))).toBe(1);
      now += 1000;
      await clockAt(now);
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => guess(at('10.0.0.1'))));
      expect(outcomes.filter((seconds) => seconds === undefined)).toHaveLength(1);
    }
  });

  test('success forgets, and so does a day without failures', async () => {
    await guesses(4, at('10.0.0.1'));
    await succeed(at('10.0.0.1'));
    expect(await guesses(6, at('10.0.0.1'))).toBe(5);
    await clockAt(start + 86_400_000 + 1000);
    expect(await guesses(6, at('10.0.0.1'))).toBe(5);
  });

  test('what was no guess is given back', async () => {
    for (let i = 0; i < 20; i += 1)
      await expect(
        throttle.guard(name, at('10.0.0.1'), async () => Promise.reject(new AppError('OVERLOADED'))),
      ).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(await guesses(6, at('10.0.0.1'))).toBe(5);
  });

  test('what was given back of the last guess unblocks; what nobody foresaw stays counted', async () => {
    await guesses(4, at('10.0.0.1'));
    const fail = (error: Error) =>
      throttle.guard(name, at('10.0.0.1'), () => Promise.reject(error)).catch(() => undefined);
    await fail(new AppError('OVERLOADED'));
    await fail(new Error('database'));
    expect(await guess(at('10.0.0.1'))).toBe(30);
  });

  test('old ones are removed', async () => {
    await clockAt(start + 10 * 86_400_000);
    await guess(at('10.0.0.1'));
    await clockAt(start + 12 * 86_400_000);
    await guess(at('10.0.0.2'));
    await throttle.removeOld();
    const kept = await logIns.source.query<unknown[]>('SELECT 1 FROM access.login_throttle');
    // the one of the address, and the wide one of the name
    expect(kept).toHaveLength(2);
  });

  test('has a key of 32 bytes, whatever it is of', async () => {
    await guess(at('10.0.0.1'), throttle, 'n'.repeat(80));
    const rows = await logIns.source.query<unknown[]>(
      'SELECT DISTINCT octet_length(key_sha256) AS bytes FROM access.login_throttle',
    );
    expect(rows).toEqual([{ bytes: 32 }]);
  });
});

describe('an office behind one address', () => {
  test('one who is blocked blocks no colleague', async () => {
    await guesses(20, at('10.0.0.1'));
    expect(await guess(at('10.0.0.1'), throttle, `${name}-rekan`)).toBeUndefined();
  });

  test('guessing at every name of the office blocks nobody at a computer of their own', async () => {
    const cookie = await devices.add(name, undefined);
    await guesses(20, at('10.0.0.1'));
    expect(await guess(at('10.0.0.1'))).toBeGreaterThan(0);
    expect(await guess(at('10.0.0.1', cookie))).toBeUndefined();
    expect(await succeed(at('10.0.0.1', cookie))).toBeUndefined();
    // the strangers stay blocked
    expect(await guess(at('10.0.0.1'))).toBeGreaterThan(0);
  });

  test('hosts of one IPv6 network are one address, those of another are not', async () => {
    expect(await guesses(5, at('fd00:1:2:3::1'))).toBe(5);
    expect(await guess(at('fd00:1:2:3::2'))).toBeGreaterThan(0);
    expect(await guess(at('fd00:1:2:4::1'))).toBeUndefined();
  });
});

describe('a browser that logged in before', () => {
  test('has a bucket of its own, which counts too', async () => {
    const cookie = await devices.add(name, undefined);
    expect(await guesses(8, at('10.0.0.1', cookie))).toBe(5);
    expect(await guess(at('10.0.0.2', cookie))).toBeGreaterThan(0);
    expect(await guess(at('10.0.0.1'))).toBeUndefined();
  });

  test('is an unknown one for another name, with a forged cookie and after 180 days', async () => {
    await guesses(5, at('10.0.0.1'));
    const [mine, others] = [await devices.add(name, undefined), await devices.add('orang-lain', undefined)];
    const forged = `${mine.slice(0, -2)}${mine.endsWith('A') ? 'B' : 'A'}`;
    for (const cookie of [others, forged, 'x', '', 'A'.repeat(43)])
      expect(await guess(at('10.0.0.1', cookie))).toBeGreaterThan(0);
    expect(await guess(at('10.0.0.1', mine))).toBeUndefined();
    await clockAt(start + 180 * 86_400_000 - 1000);
    await guesses(5, at('10.0.0.1'));
    expect(await guess(at('10.0.0.1', mine))).toBeUndefined();
    await clockAt(start + 180 * 86_400_000);
    expect(await guess(at('10.0.0.1', mine))).toBeGreaterThan(0);
  });
});

test('against many addresses: after 50 failures a name is slow everywhere but at its own computers', async () => {
  const cookie = await devices.add(name, undefined);
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => guess(at(`10.1.0.${i}`))));
  expect(outcomes.filter((seconds) => seconds === undefined)).toHaveLength(50);
  expect(await guess(at('10.2.0.1'))).toBeGreaterThan(0);
  expect(await guess(at('10.2.0.1', cookie))).toBeUndefined();
  expect(await guess(at('10.2.0.1'), throttle, `${name}-rekan`)).toBeUndefined();
});

test('what the wide bucket refuses is not counted at the address', async () => {
  for (let i = 0; i < 50; i += 1) await guess(at(`10.3.0.${i}`));
  for (let i = 0; i < 10; i += 1) await guess(at('10.4.0.1'));
  await clockAt(start + 31_000);
  expect(await guess(at('10.4.0.1'))).toBeUndefined();
  expect(await guess(at('10.4.0.1'))).toBe(60);
});

describe('on record', () => {
  const blocks = async (operatorId: string) =>
    (await logIns.recordsOf(operatorId)).filter(({ act }) => act === 'session.block');

  test('each block of somebody once', async () => {
    const { operatorId, username } = await logIns.addPerson('operator');
    name = username;
    await Promise.all(Array.from({ length: 40 }, () => guess(at('10.0.0.1'))));
    const first = { bucket: 'address', address: '10.0.0.1', failures: 5, blockedUntil: '2026-06-15T02:00:30.000Z' };
    expect(await blocks(operatorId)).toEqual([
      { act: 'session.block', actorKind: 'system', after: first, reason: null },
    ]);
    await clockAt(start + 30_000);
    await guesses(5, at('10.0.0.1'));
    expect(await blocks(operatorId)).toMatchObject([{ after: first }, { after: { failures: 6 } }]);
  });

  test('none where the fifth attempt is right, and none of a name that nobody has', async () => {
    const { operatorId, username } = await logIns.addPerson('operator');
    name = username;
    await guesses(4, at('10.0.0.1'));
    await succeed(at('10.0.0.1'));
    expect(await blocks(operatorId)).toEqual([]);
    const count = async () => (await logIns.source.query<unknown[]>('SELECT 1 FROM access.admin_event')).length;
    const before = await count();
    name = 'tidak-ada';
    expect(await guesses(7, at('10.0.0.1'))).toBe(5);
    expect(await count()).toBe(before);
  });
});
