import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  calculateJwkThumbprint,
  CompactSign,
  compactVerify,
  exportJWK,
  generateKeyPair,
  importJWK,
  importPKCS8,
  importSPKI,
  type CryptoKey,
  type JWK,
} from 'jose';

/** Ed25519. */
export interface SigningKey {
  privateKey: CryptoKey;
  publicJwk: JWK;
  /** RFC 7638 thumbprint of the public key. */
  thumbprint: string;
  /** Made for this run: then the signature says that nothing was changed since, and not by whom it was made. */
  ofThisRun: boolean;
}

/** What is signed: the SHA-256 of each file of the statement, hexadecimal. */
export interface Signed {
  statement: string;
  document: string;
  verdict: string;
  at: string;
}

const algorithm = 'EdDSA';

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** @param file a private key, PEM (PKCS 8) or JWK; without it, one is made */
export async function openSigningKey(file: string | undefined): Promise<SigningKey> {
  if (!file) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
    return describe(privateKey, await exportJWK(publicKey), true);
  }
  const text = await readFile(file, 'utf8');
  const privateKey = text.trimStart().startsWith('{')
    ? ((await importJWK(JSON.parse(text) as JWK, algorithm, { extractable: true })) as CryptoKey)
    : await importPKCS8(text, algorithm, { extractable: true });
  const { d: _secret, ...publicJwk } = await exportJWK(privateKey);
  return describe(privateKey, publicJwk, false);
}

async function describe(privateKey: CryptoKey, jwk: JWK, ofThisRun: boolean): Promise<SigningKey> {
  const { kty, crv, x } = jwk;
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) throw new Error('the signing key is no Ed25519 key');
  const publicJwk = { kty, crv, x };
  return { privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk), ofThisRun };
}

/** A compact JWS (RFC 7515) that carries the public key. */
export function sign(signed: Signed, { privateKey, publicJwk, thumbprint }: SigningKey): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(signed)))
    .setProtectedHeader({ alg: algorithm, typ: 'gerbang-retention-proof+jws', kid: thumbprint, jwk: publicJwk })
    .sign(privateKey);
}

export interface Checked {
  genuine: boolean;
  /** What does not fit. */
  faults: string[];
  thumbprint: string;
  verdict: string;
}

/**
 * Checks the signature and what it is about.
 * @param publicKey PEM (SPKI) or JWK of whom it must be by; without it, whoever made the statement may have signed it
 */
export async function check(
  files: { statement: Buffer; document: Buffer | undefined; signature: string },
  publicKey?: string,
): Promise<Checked> {
  const faults: string[] = [];
  const trusted = publicKey === undefined ? undefined : await readPublicKey(publicKey);
  let signed: Partial<Signed> = {};
  let thumbprint = '';
  try {
    const { payload, protectedHeader } = await compactVerify(
      files.signature.trim(),
      async ({ jwk }) => (await importJWK(trusted ?? (jwk as JWK), algorithm)) as CryptoKey,
      { algorithms: [algorithm] },
    );
    signed = JSON.parse(Buffer.from(payload).toString('utf8')) as Signed;
    thumbprint = await calculateJwkThumbprint(trusted ?? (protectedHeader.jwk as JWK));
  } catch {
    faults.push('the signature does not hold');
  }
  if (signed.statement !== sha256(files.statement)) faults.push('the statement is not the one that was signed');
  if (files.document && signed.document !== sha256(files.document))
    faults.push('the document is not the one that was signed');
  return { genuine: faults.length === 0, faults, thumbprint, verdict: signed.verdict ?? '' };
}

async function readPublicKey(text: string): Promise<JWK> {
  const jwk = text.trimStart().startsWith('{')
    ? (JSON.parse(text) as JWK)
    : await exportJWK(await importSPKI(text, algorithm, { extractable: true }));
  const { kty, crv, x } = jwk;
  return { kty, crv, x } as JWK;
}
