import { expect, test } from '@jest/globals';
import { readConfig } from '#service';
import { z } from 'zod';
import { readReminderConfig, reminderEnv } from './reminder-config.js';

const read = (env: NodeJS.ProcessEnv) => readReminderConfig(readConfig(z.object(reminderEnv), env));
const given = { REPORTING_SMTP_HOST: 'mail.contoh.example', REPORTING_SMTP_FROM: 'gerbang@contoh.example' };
const login = { REPORTING_SMTP_USER: 'gerbang', REPORTING_SMTP_PASSWORD: 'kuda baterai' };

test('without a host there is no mail server', () => expect(read({}).mail).toBeUndefined());

test.each([
  [{}, 587, 'starttls'],
  [{ REPORTING_SMTP_TLS: 'tls' }, 465, 'tls'],
  [{ REPORTING_SMTP_TLS: 'none' }, 25, 'none'],
  [{ REPORTING_SMTP_PORT: '2525' }, 2525, 'starttls'],
])('%j: port %i, %s', (env, port, tls) =>
  expect(read({ ...given, ...env }).mail).toMatchObject({ port, tls, login: undefined }),
);

test('with user and password it logs in', () =>
  expect(read({ ...given, ...login }).mail?.login).toEqual({ user: 'gerbang', pass: 'kuda baterai' }));

test.each([
  ['a host without a sender', { ...given, REPORTING_SMTP_FROM: '' }, /SMTP_FROM/],
  ['a user without a password', { ...given, REPORTING_SMTP_USER: 'gerbang' }, /both or none/],
  ['a password in the clear', { ...given, ...login, REPORTING_SMTP_TLS: 'none' }, /in the clear/],
])('%s is refused', (_name, env, fault) => expect(() => read(env)).toThrow(fault));

test('a fault never tells the password', () => {
  expect(() => read({ ...given, REPORTING_SMTP_PASSWORD: 'kuda baterai' })).toThrow(/^(?!.*kuda)/s);
});
