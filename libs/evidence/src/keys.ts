import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fromBase64, toBase64, toHex, utf8 } from './bytes.js';

/** Types of signatures of C2SP signed-note: the note's own, and the cosignature with a time. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** A key that notes and receipts of a log are signed with. */
export interface VerifierKey {
  /** Origin of the log. */
  name: string;
  /** Key id: 8 lower case hex digits. */
  id: string;
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
}

/** What checks an Ed25519 signature (64 bytes, RFC 8032). Never throws. */
export type VerifySignature = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

/** In plain JavaScript, for the browser too: about a millisecond. A caller with a faster one can give that. */
export const verifyEd25519: VerifySignature = (signature, message, publicKey) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

/** SHA-256(name || 0x0A || type || public key)[:4] (C2SP signed-note), 8 hex digits. */
export function keyId(name: string, publicKey: Uint8Array, type: SignatureType = signatureTypes.ed25519): string {
  return toHex(sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4));
}

/** `<name>+<key id>+<base64 of 0x01 || public key>`. Throws when the name cannot be one of a key. */
export function verifierKey(origin: string, publicKey: Uint8Array): string {
  if (!isKeyName(origin)) throw new TypeError(`Not a name of a key: ${origin}`);
  if (publicKey.length !== 32) throw new TypeError('A public key is 32 bytes');
  return `${origin}+${keyId(origin, publicKey)}+${toBase64(concat(Uint8Array.of(signatureTypes.ed25519), publicKey))}`;
}

/** Nothing when it is not a verifier key of Ed25519, or its id is not that of its name and key. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  return parseTypedKey(text, signatureTypes.ed25519);
}

export function parseTypedKey(text: string, type: SignatureType): VerifierKey | undefined {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || id === undefined || bytes?.length !== 33 || bytes[0] !== type) return undefined;
  const publicKey = bytes.subarray(1);
  return isKeyName(name) && keyId(name, publicKey, type) === id ? { name, id, publicKey } : undefined;
}

/** Not empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{White_Space}\p{Cc}\p{Surrogate}]+$/u.test(name);
}
