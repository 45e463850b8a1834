import { Secret, TOTP } from 'otpauth';

/** RFC 6238 with what every authenticator application can do. */
const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps before and after the present one that count, for clocks that are not quite right (RFC 6238 5.2). */
const window = 1;
const issuer = 'Gerbang PATEN';
/** RFC 4226 4, R6. */
const secretBytes = 20;

export interface TotpSecret {
  /** Base32 (RFC 4648). */
  secret: string;
  /** Key URI for the camera of the authenticator. */
  uri: string;
}

export function makeTotpSecret(username: string): TotpSecret {
  const totp = new TOTP({ ...parameters, issuer, label: username, secret: new Secret({ size: secretBytes }) });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The step (30 s since 1970) that a code belongs to, or undefined when it is none of those around `now`. Whether the step was
 * used before is for the caller to see (RFC 6238 5.2).
 */
export function findTotpStep(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  // six bytes in any case: what is no code is compared as well, and fits none
  const token = /^[0-9]{6}$/.test(code) ? code : '------';
  const delta = TOTP.validate({ ...parameters, secret: Secret.fromBase32(secret), token, timestamp, window });
  return delta === null ? undefined : TOTP.counter({ period: parameters.period, timestamp }) + delta;
}
