import { z } from 'zod';
import { Role } from './actor.js';

const Code = z.string().trim().max(40);
const Password = z.string().max(128, 'Paling panjang 128 huruf.');

export const LogIn = z
  .strictObject({
    username: z.string().trim().min(1).max(80),
    password: z.string().min(1).max(128),
    code: Code.optional().meta({
      description:
        'Six digits of the authenticator (RFC 6238), or a recovery code. Needed by Camat, admin and evaluator',
    }),
  })
  .meta({ id: 'LogIn' });
export type LogIn = z.infer<typeof LogIn>;

export const SessionInfo = z
  .strictObject({
    id: z.uuid(),
    operator: z.strictObject({ id: z.uuid(), userIdLokal: z.string(), fullName: z.string(), role: Role }),
    institution: z.strictObject({ id: z.uuid(), name: z.string(), regionCode: z.string() }),
    csrfToken: z.string().meta({ description: 'Send it as X-CSRF-Token with every request that is not a GET' }),
    secondFactor: z.boolean(),
    recoveryCodesLeft: z.int(),
    idleSeconds: z.int().meta({ description: 'Without a request for this long, the session ends' }),
    expiresAt: z.iso.datetime().meta({ description: 'Ends in any case' }),
  })
  .meta({ id: 'SessionInfo' });
export type SessionInfo = z.infer<typeof SessionInfo>;

export const SessionList = z
  .strictObject({
    sessions: z.array(
      z.strictObject({
        id: z.uuid(),
        current: z.boolean(),
        address: z.string(),
        createdAt: z.iso.datetime(),
        lastSeenAt: z.iso.datetime(),
        expiresAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'SessionList' });

export const leastPasswordLength = 12;

/** A password as a person chooses it; NIST SP 800-63B: long, not of a known set, no rules of composition. */
export const NewPassword = Password.min(leastPasswordLength, `Kata sandi sedikitnya ${leastPasswordLength} huruf.`);

export const AccountActivation = z
  .strictObject({
    username: z.string().trim().min(1).max(80),
    activationCode: z.string().trim().min(1).max(80),
    password: NewPassword,
  })
  .meta({ id: 'AccountActivation' });
export type AccountActivation = z.infer<typeof AccountActivation>;

/** Shown once. The second factor counts from the first log-in with a code on. */
export const SecondFactor = z
  .strictObject({
    secret: z.string().meta({ description: 'Base32, for the authenticator application' }),
    uri: z.string().meta({ description: 'otpauth:// address, as a QR code for the camera' }),
    recoveryCodes: z.array(z.string()).meta({ description: 'Each replaces one code, once' }),
  })
  .meta({ id: 'SecondFactor' });
export type SecondFactor = z.infer<typeof SecondFactor>;

export const AccountActivated = z
  .strictObject({ username: z.string(), secondFactor: SecondFactor.nullable() })
  .meta({ id: 'AccountActivated' });
export type AccountActivated = z.infer<typeof AccountActivated>;

export const PasswordChange = z
  .strictObject({ currentPassword: z.string().min(1).max(128), newPassword: NewPassword })
  .meta({ id: 'PasswordChange' });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** Whoever sits at an open session must still show who they are. */
export const Reauthentication = z
  .strictObject({ password: z.string().min(1).max(128), code: Code.optional() })
  .meta({ id: 'Reauthentication' });
export type Reauthentication = z.infer<typeof Reauthentication>;

export const RecoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });
