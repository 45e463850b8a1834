import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors as jose, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { Scope } from '#contracts';
import { AppError } from '#service';
import type { ClientPrincipal } from '../access/principal.js';
import type { SigningKeys } from './signing-keys.js';

/** Seconds. */
export const tokenLifetime = 600;

const Claims = z.object({
  sub: z.string(),
  scope: z
    .string()
    .transform((text) => text.split(' ').filter((scope) => scope !== ''))
    .pipe(z.array(Scope)),
  operator: z.uuid().optional(),
  /** RFC 8705 3.1 */
  cnf: z.strictObject({ 'x5t#S256': z.string() }).optional(),
  exp: z.number(),
});

/** EdDSA JWTs (RFC 8037, RFC 9068) that name the client and, where given, the operator; what they may do is decided anew each time. */
@Injectable()
export class Tokens {
  /** Verified tokens by their SHA-256, so that a signature is checked once and no token is kept. */
  private readonly verified = new LRUCache<string, { principal: ClientPrincipal; exp: number }>({ max: 5_000 });

  constructor(
    private readonly keys: SigningKeys,
    private readonly issuer: string,
    private readonly now: () => number = Date.now,
  ) {}

  async issue({ clientId, operatorId, scopes, certificate }: Omit<ClientPrincipal, 'kind'>): Promise<string> {
    const key = await this.keys.current();
    const issuedAt = Math.floor(this.now() / 1000);
    return new SignJWT({
      scope: scopes.join(' '),
      ...(operatorId ? { operator: operatorId } : {}),
      ...(certificate ? { cnf: { 'x5t#S256': certificate } } : {}),
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setSubject(clientId)
      .setJti(uuidv7())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + tokenLifetime)
      .sign(key.privateKey);
  }

  /** @throws {AppError} TOKEN_EXPIRED, TOKEN_INVALID */
  async verify(token: string): Promise<ClientPrincipal> {
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(digest);
    if (known) {
      if (known.exp * 1000 <= this.now()) throw new AppError('TOKEN_EXPIRED');
      return known.principal;
    }
    const { sub, scope, operator, cnf, exp } = await this.check(token);
    const principal: ClientPrincipal = {
      kind: 'client',
      clientId: sub,
      operatorId: operator ?? null,
      scopes: scope,
      certificate: cnf?.['x5t#S256'] ?? null,
    };
    this.verified.set(digest, { principal, exp });
    return principal;
  }

  private async check(token: string): Promise<z.infer<typeof Claims>> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await this.keys.findVerifier(kid);
          if (!key) throw new jose.JWKSNoMatchingKey();
          return key.publicKey;
        },
        {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer: this.issuer,
          audience: this.issuer,
          requiredClaims: ['sub', 'exp', 'scope'],
          currentDate: new Date(this.now()),
        },
      );
      return Claims.parse(payload);
    } catch (error) {
      throw new AppError(error instanceof jose.JWTExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID', {}, { cause: error });
    }
  }
}
