import { fromBase64url, fromUtf8, utf8 } from './bytes.js';
import { isPlainObject } from './jcs.js';
import { verifyEd25519, type VerifierKey, type VerifySignature } from './keys.js';
import { microseconds } from './times.js';
import { receiptCode } from './receipt-code.js';

export const receiptType = 'gerbang-receipt+jwt';

export interface ReceiptClaims {
  /** Origin of the log. */
  iss: string;
  /** Id of the look-up. */
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  at: string;
  institution: { id: string; name: string | null; regionCode: string | null };
  agreement: { version: string };
  service: string;
  mode: 'LOOKUP' | 'MATCH';
  outcome: string;
  elements: string[];
  code: string;
  /** base64url of the hash of the look-up's ANSWERED leaf. */
  leafHash: string;
}

export type ReceiptFault = 'MALFORMED' | 'WRONG_KEY' | 'SIGNATURE_INVALID';

export type CheckedReceipt = { ok: true; claims: ReceiptClaims } | { ok: false; fault: ReceiptFault };

/**
 * Whether a receipt (compact JWS, RFC 7515) was signed with one of the keys: the one whose name is `iss` and whose id is `kid`. It
 * does not say that the look-up is in the log: `verifyReceiptProof` does, or a bundle.
 */
export function verifyReceipt(
  jws: string,
  keys: readonly VerifierKey[],
  verify: VerifySignature = verifyEd25519,
): CheckedReceipt {
  const [header, payload, signature, ...more] = jws.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return malformed;
  const [head, claims, signed] = [readObject(header), readObject(payload), fromBase64url(signature)];
  if (head === undefined || claims === undefined || signed === undefined) return malformed;
  if (head.alg !== 'EdDSA' || head.typ !== receiptType || Object.keys(head).length !== 3) return malformed;

  const key = keys.find(({ name, id }) => name === claims.iss && id === head.kid);
  if (key === undefined) return { ok: false, fault: 'WRONG_KEY' };
  if (!verify(signed, utf8(`${header}.${payload}`), key.publicKey)) return { ok: false, fault: 'SIGNATURE_INVALID' };
  return areClaims(claims) ? { ok: true, claims } : malformed;
}

/** Origin that a receipt names, for the choice of the key: nobody has vouched for it yet. */
export function receiptIssuer(jws: string): string | undefined {
  const issuer = readObject(jws.split('.')[1] ?? '')?.iss;
  return typeof issuer === 'string' ? issuer : undefined;
}

const malformed = { ok: false, fault: 'MALFORMED' } as const;

function readObject(encoded: string): Record<string, unknown> | undefined {
  const bytes = fromBase64url(encoded);
  const text = bytes && fromUtf8(bytes);
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function areClaims(claims: object): claims is ReceiptClaims {
  const { institution, agreement, jti, leafHash, ...rest } = claims as Partial<ReceiptClaims>;
  return (
    areTexts(institution?.id, institution?.name ?? '', institution?.regionCode ?? '', agreement?.version) &&
    areTexts(rest.iss, jti, rest.service, rest.outcome) &&
    Number.isSafeInteger(rest.iat) &&
    typeof rest.at === 'string' &&
    microseconds(rest.at) !== undefined &&
    (rest.mode === 'LOOKUP' || rest.mode === 'MATCH') &&
    Array.isArray(rest.elements) &&
    areTexts(...rest.elements) &&
    rest.code === receiptCode(jti!) &&
    typeof leafHash === 'string' &&
    fromBase64url(leafHash)?.length === 32
  );
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}
