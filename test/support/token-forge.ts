import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { RunningStack } from './running-stack.js';

interface Parts {
  /** A claim that is undefined is left out. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey | Uint8Array;
}

/** Makes tokens that differ from a genuine one in exactly what a test names; by default signed with the gateway's own key. */
export class TokenForge {
  private constructor(
    private readonly header: Record<string, unknown>,
    private readonly claims: JWTPayload,
    private readonly jwk: JWK,
    private readonly key: CryptoKey,
  ) {}

  static async of(stack: RunningStack, genuine: string): Promise<TokenForge> {
    const header = decodeProtectedHeader(genuine);
    const path = join(stack.folderPath, 'keys', 'gateway', `${header.kid}.jwk`);
    const jwk = JSON.parse(await readFile(path, 'utf8')) as JWK;
    return new TokenForge({ ...header }, decodeJwt(genuine), jwk, (await importJWK(jwk, 'EdDSA')) as CryptoKey);
  }

  async make({ claims = {}, header = {}, key = this.key }: Parts = {}): Promise<string> {
    return new SignJWT(defined({ ...this.claims, ...claims }))
      .setProtectedHeader(defined({ ...this.header, ...header }) as { alg: string })
      .sign(key);
  }

  expired(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return this.make({ claims: { iat: now - 601, exp: now - 1 } });
  }

  /** Signed with a key that nobody knows. */
  async byStranger(header: (jwk: JWK) => Record<string, unknown> = () => ({})): Promise<string> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = (await importJWK(privateKey.export({ format: 'jwk' }) as JWK, 'EdDSA')) as CryptoKey;
    return this.make({ key, header: header(publicKey.export({ format: 'jwk' })) });
  }

  /** The classic: the verifier's public key taken for a shared secret. */
  hmacWithPublicKey(encoding: 'base64url' | 'utf8'): string {
    const signed = `${encode({ ...this.header, alg: 'HS256' })}.${encode(this.claims)}`;
    const hmac = createHmac('sha256', Buffer.from(this.jwk.x ?? '', encoding)).update(signed);
    return `${signed}.${hmac.digest('base64url')}`;
  }

  /** Header and claims as given, with no signature or with one of something else. */
  unsigned(alg: string, header = {}, signature = '', claims = {}): string {
    return `${encode({ ...this.header, alg, ...header })}.${encode({ ...this.claims, ...claims })}.${signature}`;
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const signatureOf = (token: string): string => token.split('.')[2] ?? '';

/** Every way to get past signature and claims; each must be TOKEN_INVALID. */
export const forgeries: Record<string, (forge: TokenForge) => string | Promise<string>> = {
  'no dot in it': () => 'abc',
  'not base64': () => 'a.b.c',
  'alg none': (forge) => forge.unsigned('none'),
  'alg none in capitals': (forge) => forge.unsigned('NONE'),
  'signature cut off': (forge) => forge.unsigned('EdDSA'),
  'claims exchanged under the signature': async (forge) =>
    forge.unsigned('EdDSA', {}, signatureOf(await forge.make()), { sub: 'orang-lain' }),
  'another key under our kid': (forge) => forge.byStranger(),
  'a key of its own in the header': (forge) => forge.byStranger((jwk) => ({ jwk })),
  'HS256 with the public key as bytes': (forge) => forge.hmacWithPublicKey('base64url'),
  'HS256 with the public key as text': (forge) => forge.hmacWithPublicKey('utf8'),
  'unknown kid': (forge) => forge.make({ header: { kid: '1' } }),
  'no kid': (forge) => forge.make({ header: { kid: undefined } }),
  'kid that is a path': (forge) => forge.make({ header: { kid: '../gateway/1' } }),
  'another type of token': (forge) => forge.make({ header: { typ: 'JWT' } }),
  'critical extension that we do not know': (forge) => forge.unsigned('EdDSA', { crit: ['x'], x: 1 }),
  'wrong audience': (forge) => forge.make({ claims: { aud: 'lain' } }),
  'no audience': (forge) => forge.make({ claims: { aud: undefined } }),
  'wrong issuer': (forge) => forge.make({ claims: { iss: 'lain' } }),
  'no issuer': (forge) => forge.make({ claims: { iss: undefined } }),
  'no expiry': (forge) => forge.make({ claims: { exp: undefined } }),
  'not valid yet': (forge) => forge.make({ claims: { nbf: Math.floor(Date.now() / 1000) + 3_600 } }),
  'no subject': (forge) => forge.make({ claims: { sub: undefined } }),
  'no scope': (forge) => forge.make({ claims: { scope: undefined } }),
  'scope that is not known': (forge) => forge.make({ claims: { scope: 'semua' } }),
  'operator that is no id': (forge) => forge.make({ claims: { operator: 'loket1' } }),
};
