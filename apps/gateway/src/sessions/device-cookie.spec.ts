import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { addDevice, deviceLifetime, findDevice } from './device-cookie.js';

const key = randomBytes(32);
const now = new Date('2026-06-15T02:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a browser', () => {
  test('is known for the name that logged in, under the same key, for 180 days', () => {
    const cookie = addDevice(key, undefined, 'siti', now);
    expect(findDevice(key, cookie, 'siti', now)).toMatch(/^[\w-]{16}$/);
    expect(findDevice(key, cookie, 'siti', later(deviceLifetime - 1))).toBeDefined();
    expect(findDevice(key, cookie, 'siti', later(deviceLifetime))).toBeUndefined();
    expect(findDevice(key, cookie, 'budi', now)).toBeUndefined();
    expect(findDevice(randomBytes(32), cookie, 'siti', now)).toBeUndefined();
  });

  test('may be shared by colleagues; each log-in makes a new entry in place of the last', () => {
    const first = addDevice(key, undefined, 'siti', now);
    const shared = addDevice(key, first, 'budi', now);
    expect(findDevice(key, shared, 'siti', now)).toBe(findDevice(key, first, 'siti', now));
    const again = addDevice(key, shared, 'siti', now);
    expect(again.split('.')).toHaveLength(2);
    expect(findDevice(key, again, 'siti', now)).not.toBe(findDevice(key, first, 'siti', now));
    expect(findDevice(key, again, 'budi', now)).toBe(findDevice(key, shared, 'budi', now));
  });

  test('remembers sixteen people, so that the header does not grow without end', () => {
    let cookie = '';
    for (let i = 0; i < 20; i += 1) cookie = addDevice(key, cookie, `nama${i}`, now);
    expect(cookie.length).toBeLessThan(720);
    const known = Array.from({ length: 20 }, (_, i) => findDevice(key, cookie, `nama${i}`, now) !== undefined);
    expect(known).toEqual(Array.from({ length: 20 }, (_, i) => i >= 4));
  });

  test('tells nobody whose it is', () => {
    expect(Buffer.from(addDevice(key, undefined, 'siti', now), 'base64url').toString('latin1')).not.toContain('siti');
  });
});

test('each bit of it counts', () => {
  const cookie = addDevice(key, undefined, 'siti', now);
  const bytes = Buffer.from(cookie, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(findDevice(key, changed.toString('base64url'), 'siti', now)).toBeUndefined();
  }
});

test.each(['', '.', 'a.b', 'x'.repeat(10_000), '.'.repeat(10_000)])('what is none is nobody: %.20j', (cookie) => {
  expect(findDevice(key, cookie, 'siti', now)).toBeUndefined();
  expect(addDevice(key, cookie, 'siti', now)).toHaveLength(43);
});
