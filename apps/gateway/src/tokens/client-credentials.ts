import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { TokenRequest } from '#contracts';
import { AppError } from '#service';

/** RFC 7523 2.2 */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** By what a client says who it is: a secret, or a JWT that nobody has looked at yet. */
export type ClientCredentials = { id: string; secret: string } | { id: string; assertion: string };

/**
 * Exactly one of: HTTP Basic with id and secret form-encoded inside, both in the form (RFC 6749 2.3.1), or a signed
 * assertion in the form (RFC 7521 4.2). A `client_id` beside one of the others must be the same. What has no value counts
 * as left out (RFC 6749 3.2).
 *
 * @throws {AppError} CLIENT_INVALID
 */
export function readClientCredentials(authorization: string | undefined, form: TokenRequest): ClientCredentials {
  const found = [
    authorization === undefined ? undefined : fromBasic(authorization),
    form.client_secret ? { id: form.client_id ?? '', secret: form.client_secret } : undefined,
    form.client_assertion || form.client_assertion_type ? fromAssertion(form) : undefined,
  ].filter((one) => one !== undefined);
  const [credentials] = found;
  // PostgreSQL knows no text with a NUL in it, so no client is called that
  if (!credentials?.id || credentials.id.includes('\0') || found.length > 1) throw new AppError('CLIENT_INVALID');
  if (form.client_id && form.client_id !== credentials.id) throw new AppError('CLIENT_INVALID');
  return credentials;
}

/** Stands in for the hash of a client that has none: one comparison is made in any case. */
const nobody = '0'.repeat(64);

/**
 * Whether the secret is one of those that count. All are compared, so that the time tells neither which one it was nor
 * that there is none. Secrets are 256 random bits: one SHA-256 is hash enough.
 *
 * @param hashes SHA-256, hex; while one secret takes over from another, there are two
 */
export function isOneOfSecrets(secret: string, hashes: readonly string[]): boolean {
  const given = createHash('sha256').update(secret).digest();
  let matches = 0;
  for (const hash of hashes.length > 0 ? hashes : [nobody])
    matches += Number(timingSafeEqual(given, Buffer.from(hash.padEnd(64, '0').slice(0, 64), 'hex')));
  return matches > 0;
}

function fromBasic(authorization: string): ClientCredentials {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  if (!id || !secret) throw new AppError('CLIENT_INVALID');
  return { id: formDecoded(id), secret: formDecoded(secret) };
}

function fromAssertion({ client_assertion: assertion, client_assertion_type: type }: TokenRequest): ClientCredentials {
  if (!assertion || type !== assertionType) throw new AppError('CLIENT_INVALID');
  return { id: subjectOf(assertion), assertion };
}

function subjectOf(assertion: string): string {
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' ? sub : '';
  } catch (error) {
    throw new AppError('CLIENT_INVALID', {}, { cause: error });
  }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    throw new AppError('CLIENT_INVALID');
  }
}
