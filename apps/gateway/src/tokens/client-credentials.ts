import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenRequest } from '#contracts';
import { AppError } from '#service';

export interface ClientCredentials {
  id: string;
  secret: string;
}

/**
 * RFC 6749 2.3.1: HTTP Basic (id and secret form-encoded inside) or the form, not both.
 *
 * @throws {AppError} CLIENT_INVALID
 */
export function readClientCredentials(authorization: string | undefined, form: TokenRequest): ClientCredentials {
  if (authorization !== undefined) {
    const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
    if (!id || !secret || form.client_secret !== undefined) throw new AppError('CLIENT_INVALID');
    return { id: formDecoded(id), secret: formDecoded(secret) };
  }
  if (!form.client_id || !form.client_secret) throw new AppError('CLIENT_INVALID');
  return { id: form.client_id, secret: form.client_secret };
}

/** Secrets are 256 random bits, so one SHA-256 is hash enough; the comparison takes the same time wherever it fails. */
export function secretMatches(secret: string, sha256Hex: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(secret).digest(),
    Buffer.from(sha256Hex.padEnd(64, '0').slice(0, 64), 'hex'),
  );
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    throw new AppError('CLIENT_INVALID');
  }
}
