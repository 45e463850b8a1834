import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  generateKeyPair,
  jwtVerify,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import { z } from 'zod';
import type { JwkSetInput } from '#contracts';

/** Asymmetric ones only: with HS256 the public key would be the secret. */
const algorithms = ['EdDSA', 'ES256', 'RS256', 'PS256'];
/** What the client signed for another purpose is none of our business. */
const types = ['jwt', 'client-authentication+jwt'];
/** Seconds. */
export const longestLife = 300;
export const clockSkew = 30;

const Claims = z.object({ exp: z.number(), iat: z.number().optional(), jti: z.string().min(1) });

export interface ExpectedAssertion {
  clientId: string;
  /** The keys on file; null when there are none. */
  jwks: JwkSetInput | null;
  /** Names of this gateway, one of which has to be in `aud`. */
  audiences: string[];
}

export interface VerifiedAssertion {
  jti: string;
  /** From then on the assertion is refused for its age. */
  expiresAt: Date;
}

/**
 * RFC 7523 3 and OpenID Connect Core 9 (`private_key_jwt`): signed by the client with a key on file, about itself, for this
 * gateway, at most five minutes ahead. Whether it was used before is {@link UsedAssertions}'s business.
 */
export class ClientAssertions {
  constructor(private readonly now: () => number = Date.now) {}

  /** @throws whatever was wrong with it first: for the log, not for the caller */
  async verify(assertion: string, { clientId, jwks, audiences }: ExpectedAssertion): Promise<VerifiedAssertion> {
    const now = this.now() / 1000;
    const { payload } = await jwtVerify(assertion, await this.findKey(assertion, jwks), {
      algorithms,
      issuer: clientId,
      subject: clientId,
      audience: audiences,
      clockTolerance: clockSkew,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(this.now()),
    });
    const { exp, iat = now, jti } = Claims.parse(payload);
    if (exp > now + longestLife + clockSkew) throw new errors.JWTClaimValidationFailed('too long', payload, 'exp');
    if (iat > now + clockSkew || iat < now - longestLife - clockSkew)
      throw new errors.JWTClaimValidationFailed('not of now', payload, 'iat');
    return { jti, expiresAt: new Date((exp + clockSkew) * 1000) };
  }

  /** The key on file that fits the header; else one by which nobody has signed, so that both answers take the same work. */
  private async findKey(assertion: string, jwks: JwkSetInput | null): Promise<CryptoKey> {
    const { alg = '', kid, typ = 'JWT' } = decodeProtectedHeader(assertion);
    if (!algorithms.includes(alg)) throw new errors.JOSEAlgNotAllowed('alg');
    if (!types.includes(typ.toLowerCase())) throw new errors.JWTInvalid('typ');
    try {
      return await createLocalJWKSet((jwks ?? { keys: [] }) as JSONWebKeySet)({
        alg,
        ...(kid === undefined ? {} : { kid }),
      });
    } catch {
      return strangersKey(alg);
    }
  }
}

const strangers = new Map<string, Promise<CryptoKey>>();

function strangersKey(alg: string): Promise<CryptoKey> {
  const known = strangers.get(alg) ?? generateKeyPair(alg).then(({ publicKey }) => publicKey);
  strangers.set(alg, known);
  return known;
}
