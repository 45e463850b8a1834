import { describe, expect, test } from '@jest/globals';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { argonParameters, nobodysHash, Passwords } from './passwords.js';

describe('argon2id', () => {
  test('with the parameters of OWASP, and the same work where there is nobody', async () => {
    const [ours, nobodys] = [await new Passwords().hash('kuda baterai'), nobodysHash].map(parseOptions);
    expect(ours).toMatchObject({ ...argonParameters, algorithm: 2, saltLen: 16, outputLen: 32 });
    expect(nobodys).toEqual(ours);
  });

  test('knows a password again, in whatever form it was typed', async () => {
    const passwords = new Passwords();
    const hashed = await passwords.hash('cafe\u0301 ﬁlm');
    expect(await passwords.matches('caf\u00e9 film', hashed)).toBe(true);
    expect(await passwords.matches('cafe film', hashed)).toBe(false);
    expect(await passwords.matches('', hashed)).toBe(false);
  });

  test('nothing matches nobody, and it is compared all the same', async () => {
    let verified = 0;
    const counting = { hash, verify: (...given: [string, string]) => ((verified += 1), verify(...given)) };
    expect(await new Passwords(counting).matches('x', null)).toBe(false);
    expect(await new Passwords({ hash, verify: async () => true }).matches('x', null)).toBe(false);
    expect(verified).toBe(1);
  });
});

test('two at once, fifty wait, the next is told to come back', async () => {
  let [now, most] = [0, 0];
  const waiting: (() => void)[] = [];
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise<void>((done) => waiting.push(done));
    now -= 1;
    return true;
  };
  const passwords = new Passwords({ hash: async () => '', verify: work });
  const tries = Array.from({ length: 60 }, () => passwords.matches('x', 'y').catch((error: unknown) => error));
  const refused = await Promise.all(tries.slice(52));
  expect(refused).toHaveLength(8);
  for (const error of refused) expect(error).toMatchObject({ code: 'OVERLOADED', extras: { retryAfter: 2 } });
  expect(waiting).toHaveLength(2);
  let settled = false;
  const all = Promise.all(tries.slice(0, 52)).finally(() => (settled = true));
  while (!settled) {
    waiting.shift()?.();
    await new Promise((next) => setImmediate(next));
  }
  expect(await all).toEqual(Array(52).fill(true));
  expect(most).toBe(2);
});

test('one that fails makes room', async () => {
  const passwords = new Passwords({ hash: async () => Promise.reject(new Error('memory')), verify: async () => true });
  for (let i = 0; i < 5; i += 1) await expect(passwords.hash('x')).rejects.toThrow('memory');
  expect(await passwords.matches('x', 'y')).toBe(true);
});
