import { z } from 'zod';
import { roles } from '../actor.js';
import { defineRoute } from '../route.js';
import {
  AccountActivated,
  AccountActivation,
  LogIn,
  PasswordChange,
  Reauthentication,
  RecoveryCodes,
  SecondFactor,
  SessionInfo,
  SessionList,
} from '../sessions.js';
import { bodyErrors, exampleId, serverErrors, sessionErrors } from './shared.js';

const everybody = { session: true, roles } as const;
const json = 'application/json';
const Nothing = z.strictObject({}).meta({ id: 'Nothing' });
const nothing = { status: 200, description: 'Done', schema: Nothing, examples: { done: {} } } as const;
const exampleSession = {
  id: exampleId,
  operator: { id: exampleId, userIdLokal: 'camat.contoh', fullName: 'Camat Contoh', role: 'camat' },
  institution: { id: exampleId, name: 'Kecamatan Contoh', regionCode: '33.13.04' },
  csrfToken: 'Vt1-3kZJ7mQmV0m5mYb1bA',
  secondFactor: true,
  recoveryCodesLeft: 10,
  idleSeconds: 900,
  expiresAt: '2026-11-23T17:00:00.000Z',
} as const;

export const logIn = defineRoute({
  operationId: 'logIn',
  method: 'POST',
  path: '/session',
  command: 'login',
  summary: 'Log in',
  description:
    'Sets a cookie (HttpOnly, SameSite=Strict). Camat, admin and evaluator need a code of their authenticator or a recovery code. ' +
    'Every fault is answered in the same words and after the same time; repeated failures from one place are slowed down for that place.',
  access: 'public',
  body: {
    schema: LogIn,
    contentType: json,
    examples: { camat: { username: 'camat.contoh', password: 'kuda baterai staples benar', code: '123456' } },
  },
  response: { status: 200, description: 'Who you are', schema: SessionInfo, examples: { camat: exampleSession } },
  errors: [
    ...bodyErrors,
    'LOGIN_FAILED',
    'LOGIN_BLOCKED',
    'CSRF_INVALID',
    'NETWORK_NOT_ALLOWED',
    'OVERLOADED',
    ...serverErrors,
  ],
});

export const getSession = defineRoute({
  operationId: 'getSession',
  method: 'GET',
  path: '/session',
  command: 'whoami',
  summary: 'Who am I',
  access: everybody,
  response: { status: 200, description: 'The session', schema: SessionInfo, examples: { camat: exampleSession } },
  errors: [...sessionErrors, ...serverErrors],
});

export const logOut = defineRoute({
  operationId: 'logOut',
  method: 'DELETE',
  path: '/session',
  command: 'logout',
  summary: 'Log out',
  access: everybody,
  response: nothing,
  errors: [...sessionErrors, ...serverErrors],
});

export const listMySessions = defineRoute({
  operationId: 'listMySessions',
  method: 'GET',
  path: '/v1/sessions',
  command: 'session list',
  summary: 'My sessions',
  access: everybody,
  response: {
    status: 200,
    description: 'Those that are open',
    schema: SessionList,
    examples: {
      one: {
        sessions: [
          {
            id: exampleId,
            current: true,
            address: '10.1.2.3',
            createdAt: '2026-11-23T01:00:00.000Z',
            lastSeenAt: '2026-11-23T02:15:30.123Z',
            expiresAt: '2026-11-23T11:00:00.000Z',
          },
        ],
      },
    },
  },
  errors: [...sessionErrors, ...serverErrors],
});

export const endMySession = defineRoute({
  operationId: 'endMySession',
  method: 'DELETE',
  path: '/v1/sessions/{sessionId}',
  command: 'session end',
  summary: 'End one of my sessions, for example on a computer that I left',
  access: everybody,
  response: nothing,
  errors: ['RESOURCE_NOT_FOUND', ...sessionErrors, ...serverErrors],
});

export const activateAccount = defineRoute({
  operationId: 'activateAccount',
  method: 'POST',
  path: '/v1/account/activation',
  command: 'account activate',
  summary: 'Set the first password, or a new one, with an activation code',
  description:
    'The code counts once. For Camat, admin and evaluator the answer holds the secret of the second factor, shown here only. All sessions of the account end.',
  access: 'public',
  body: {
    schema: AccountActivation,
    contentType: json,
    examples: {
      first: {
        username: 'camat.contoh',
        activationCode: 'K7QF-2MXB-9TRD-HW4C',
        password: 'kuda baterai staples benar',
      },
    },
  },
  response: {
    status: 200,
    description: 'Log in with it',
    schema: AccountActivated,
    examples: {
      camat: {
        username: 'camat.contoh',
        secondFactor: {
          secret: 'JBSWY3DPEHPK3PXP',
          uri: 'otpauth://totp/Gerbang%20PATEN:camat.contoh?secret=JBSWY3DPEHPK3PXP&issuer=Gerbang%20PATEN',
          recoveryCodes: ['7h2k-m9xq-4wtd'],
        },
      },
      operator: { username: 'siti.loket1', secondFactor: null },
    },
  },
  errors: [
    ...bodyErrors,
    'ACTIVATION_FAILED',
    'PASSWORD_UNSUITABLE',
    'LOGIN_BLOCKED',
    'CSRF_INVALID',
    'NETWORK_NOT_ALLOWED',
    'OVERLOADED',
    ...serverErrors,
  ],
});

const reauthenticated = [
  ...bodyErrors,
  'LOGIN_FAILED',
  'LOGIN_BLOCKED',
  'OVERLOADED',
  ...sessionErrors,
  ...serverErrors,
] as const;
const exampleReauthentication = { password: 'kuda baterai staples benar', code: '123456' };

export const changePassword = defineRoute({
  operationId: 'changePassword',
  method: 'POST',
  path: '/v1/account/password',
  command: 'account change-password',
  summary: 'Change my password',
  description: 'All my other sessions end.',
  access: everybody,
  body: {
    schema: PasswordChange,
    contentType: json,
    examples: {
      change: { currentPassword: 'kuda baterai staples benar', newPassword: 'gerobak hijau mendaki bukit' },
    },
  },
  response: nothing,
  errors: ['PASSWORD_UNSUITABLE', ...reauthenticated],
});

export const enrolSecondFactor = defineRoute({
  operationId: 'enrolSecondFactor',
  method: 'POST',
  path: '/v1/account/second-factor',
  command: 'account enrol-second-factor',
  summary: 'A (new) second factor for me',
  description: 'Replaces the one before, with its recovery codes. For operators it is optional.',
  access: everybody,
  body: { schema: Reauthentication, contentType: json, examples: { again: exampleReauthentication } },
  response: {
    status: 200,
    description: 'Shown once',
    schema: SecondFactor,
    examples: {
      enrolled: {
        secret: 'JBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/Gerbang%20PATEN:siti.loket1?secret=JBSWY3DPEHPK3PXP&issuer=Gerbang%20PATEN',
        recoveryCodes: ['7h2k-m9xq-4wtd'],
      },
    },
  },
  errors: reauthenticated,
});

export const renewRecoveryCodes = defineRoute({
  operationId: 'renewRecoveryCodes',
  method: 'POST',
  path: '/v1/account/recovery-codes',
  command: 'account renew-recovery-codes',
  summary: 'New recovery codes; those before count no more',
  access: everybody,
  body: { schema: Reauthentication, contentType: json, examples: { again: exampleReauthentication } },
  response: {
    status: 200,
    description: 'Shown once',
    schema: RecoveryCodes,
    examples: { codes: { recoveryCodes: ['7h2k-m9xq-4wtd'] } },
  },
  errors: ['STATE_CONFLICT', ...reauthenticated],
});
