import { expect, test } from '@jest/globals';
import { loadConfig } from '../config.js';

const needed = {
  GATEWAY_NATS_URL: 'nats://127.0.0.1:1',
  GATEWAY_NATS_USER: 'gateway',
  GATEWAY_NATS_PASSWORD: 'tidak-dipakai',
  GATEWAY_DATABASE_HOST: '127.0.0.1',
  GATEWAY_DATABASE_NAME: 'gerbang',
  GATEWAY_DATABASE_USER: 'gateway',
  GATEWAY_DATABASE_PASSWORD: 'tidak-dipakai',
  GATEWAY_KEY_DIR: '/tidak/ada',
};
const sessionsOf = (given: Record<string, string>) => loadConfig({ ...needed, ...given }).sessions;

test('by default: 15 minutes without a request, 10 hours in all, cookies for TLS only', () =>
  expect(sessionsOf({})).toEqual({ idleSeconds: 900, hours: 10, secure: true }));

test('may be set', () =>
  expect(
    sessionsOf({ GATEWAY_SESSION_IDLE_S: '300', GATEWAY_SESSION_HOURS: '8', GATEWAY_COOKIE_SECURE: 'false' }),
  ).toEqual({ idleSeconds: 300, hours: 8, secure: false }));

test.each([
  ['GATEWAY_SESSION_IDLE_S', '0'],
  ['GATEWAY_SESSION_HOURS', '25'],
  ['GATEWAY_COOKIE_SECURE', 'no'],
  ['GATEWAY_COOKIE_SECURE', 'FALSE?'],
])('%s=%s is told of', (name, value) => expect(() => sessionsOf({ [name]: value })).toThrow(name));
