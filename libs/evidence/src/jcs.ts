import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from './bytes.js';

/**
 * RFC 8785 (JSON Canonicalization Scheme) of the kinds of values that evidence is made of: null, booleans, strings, integers that a
 * double holds exactly, lists and plain objects. Throws a TypeError on anything else, a property that is undefined, a fraction or a
 * lone surrogate too: what cannot be written in exactly one way must not be hashed.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`Not an exact integer: ${value}`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (!isPlainObject(value)) throw new TypeError(`Not JSON: ${typeof value}`);
  const members = Object.keys(value)
    .sort() // by UTF-16 code units, as RFC 8785 3.2.3 asks
    .map((key) => `${canonicalString(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

/** What a reported event commits to: SHA-256(salt || JCS of the particulars). The salt is 32 random bytes. */
export function contentHash(salt: Uint8Array, content: unknown): Uint8Array {
  return sha256(concat(salt, utf8(canonicalJson(content))));
}

/** Printable ASCII without the two characters that are escaped. */
const plain = /^[ !#-[\]-~]*$/;

/** JSON.stringify escapes as RFC 8785 3.2.2.2 asks, apart from lone surrogates, which that refuses. */
function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  if (/\p{Surrogate}/u.test(text)) throw new TypeError('A lone surrogate');
  return JSON.stringify(text);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
