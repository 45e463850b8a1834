import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { uuidv7 } from 'uuidv7';
import type { JwkSetInput } from '#contracts';

type Jwk = JwkSetInput['keys'][number];

const pairs = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

/** A key of an application, and the half of it that goes on file. */
export class ClientKey {
  private constructor(
    readonly alg: string,
    readonly privateKey: KeyObject,
    readonly publicKey: KeyObject,
    readonly jwk: Jwk,
  ) {}

  static make(type: keyof typeof pairs, kid: string, named: { alg?: string; rsaBits?: number } = {}): ClientKey {
    const pair = named.rsaBits ? generateKeyPairSync('rsa', { modulusLength: named.rsaBits }) : pairs[type]();
    const { rsaBits: _, ...rest } = named;
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid, ...rest } as Jwk;
    return new ClientKey(type, pair.privateKey, pair.publicKey, jwk);
  }
}

interface Parts {
  /** A claim or header member that is undefined is left out. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: ClientKey;
}

/** Makes assertions (RFC 7523) that differ from a good one in exactly what a test names. */
export class AssertionForge {
  constructor(
    private readonly clientId: string,
    private readonly audience: string,
    private readonly key: ClientKey,
    private readonly now: () => number = Date.now,
  ) {}

  async make({ claims = {}, header = {}, key = this.key }: Parts = {}): Promise<string> {
    return new SignJWT(this.claims(claims))
      .setProtectedHeader(defined({ alg: key.alg, kid: key.jwk.kid, ...header }) as { alg: string })
      .sign(key.privateKey);
  }

  /** Seconds since 1970, so far from now. */
  at(seconds: number): number {
    return Math.floor(this.now() / 1000) + seconds;
  }

  /** Header and claims as given, with no signature or with one of something else. */
  unsigned(header: Record<string, unknown>, claims: Record<string, unknown> = {}, signature = ''): string {
    return `${encode({ kid: this.key.jwk.kid, ...header })}.${encode(this.claims(claims))}.${signature}`;
  }

  /** The classic: the public key on file taken for a shared secret. */
  hmacWith(secret: string | Buffer): string {
    const signed = this.unsigned({ alg: 'HS256' }).slice(0, -1);
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }

  private claims(changes: Record<string, unknown>): Record<string, unknown> {
    const own = { iss: this.clientId, sub: this.clientId, aud: this.audience, exp: this.at(60), iat: this.at(0) };
    return defined({ ...own, jti: uuidv7(), ...changes });
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const publicHalf = ({ publicKey }: ClientKey): string => publicKey.export({ format: 'pem', type: 'spki' }).toString();

/** Every way to get past a signature and its claims. `key` is the one on file, `other` is not. */
export const assertionForgeries: Record<
  string,
  (forge: AssertionForge, key: ClientKey, other: ClientKey) => string | Promise<string>
> = {
  'another issuer': (forge) => forge.make({ claims: { iss: 'lain' } }),
  'no issuer': (forge) => forge.make({ claims: { iss: undefined } }),
  'another audience': (forge) => forge.make({ claims: { aud: 'https://lain.example/oauth/token' } }),
  'audiences of others': (forge) => forge.make({ claims: { aud: ['https://lain.example', 'lain'] } }),
  'an audience that begins alike': (forge) => forge.make({ claims: { aud: 'gerbang-paten-lain' } }),
  'no audience': (forge) => forge.make({ claims: { aud: undefined } }),
  'an empty list of audiences': (forge) => forge.make({ claims: { aud: [] } }),
  'no expiry': (forge) => forge.make({ claims: { exp: undefined } }),
  'an expiry that is text': (forge) => forge.make({ claims: { exp: '9999999999' } }),
  'expired, skew and all': (forge) => forge.make({ claims: { exp: forge.at(-31), iat: forge.at(-90) } }),
  'too long': (forge) => forge.make({ claims: { exp: forge.at(300 + 30 + 2) } }),
  'a life of centuries': (forge) => forge.make({ claims: { exp: 1e12 } }),
  'issued tomorrow': (forge) => forge.make({ claims: { iat: forge.at(86_400) } }),
  'issued an hour ago': (forge) => forge.make({ claims: { iat: forge.at(-3_600) } }),
  'an issue time that is text': (forge) => forge.make({ claims: { iat: 'kemarin' } }),
  'not valid yet': (forge) => forge.make({ claims: { nbf: forge.at(32) } }),
  'a validity that is text': (forge) => forge.make({ claims: { nbf: 'besok' } }),
  'no jti': (forge) => forge.make({ claims: { jti: undefined } }),
  'an empty jti': (forge) => forge.make({ claims: { jti: '' } }),
  'a jti that is a number': (forge) => forge.make({ claims: { jti: 7 } }),
  'another key under the kid on file': (forge, key, other) => forge.make({ key: other, header: { kid: key.jwk.kid } }),
  'another key under its own kid': (forge, _key, other) => forge.make({ key: other }),
  'another key without a kid': (forge, _key, other) => forge.make({ key: other, header: { kid: undefined } }),
  'another key that it brings along': (forge, _key, other) =>
    forge.make({ key: other, header: { jwk: other.jwk, jku: 'https://lain.example/jwks.json' } }),
  'an unknown kid': (forge) => forge.make({ header: { kid: 'lain' } }),
  'alg none': (forge) => forge.unsigned({ alg: 'none' }),
  'alg none in capitals': (forge) => forge.unsigned({ alg: 'NONE' }),
  'no alg': (forge) => forge.unsigned({}),
  'the signature cut off': (forge, key) => forge.unsigned({ alg: key.alg }),
  'claims exchanged under the signature': async (forge, key) =>
    forge.unsigned({ alg: key.alg }, { jti: 'lain' }, (await forge.make()).split('.')[2]),
  'HS256 with the public key as PEM': (forge, key) => forge.hmacWith(publicHalf(key)),
  'HS256 with the public key as JWK': (forge, key) => forge.hmacWith(JSON.stringify(key.jwk)),
  'HS256 with the bytes of the public key': (forge, key) =>
    forge.hmacWith(Buffer.from('x' in key.jwk ? key.jwk.x : key.jwk.n, 'base64url')),
  'HS256 with nothing': (forge) => forge.hmacWith(''),
  'a token that the client signed for another purpose': (forge) => forge.make({ header: { typ: 'at+jwt' } }),
  'a critical extension that we do not know': (forge) => forge.unsigned({ alg: 'EdDSA', crit: ['x'], x: 1 }),
};
