import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from './bytes.js';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const checkDigits = `${digits}*~$=U`;

/**
 * The short code of a look-up, `XXXX-XXXX-XXXX-XXXX-C`: the first 80 bits of SHA-256 over its id in Crockford's base32, and
 * his check character (modulo 37), which finds every single wrong character and every exchange of two neighbours.
 */
export function receiptCode(verificationId: string): string {
  return format(sha256(utf8(`gerbang-receipt-code/1\n${verificationId}`)).subarray(0, 10));
}

/**
 * What somebody typed or read aloud, in its canonical form; nothing when it cannot be a code. Blanks and dashes are ignored,
 * lower case is the same as upper case, O is 0, and I and L are 1.
 */
export function readReceiptCode(text: string): string | undefined {
  const bits = readBits(text);
  return bits === undefined ? undefined : format(bits);
}

/** The 80 bits of a code, 10 bytes. Throws a TypeError when it is none. */
export function codeBits(code: string): Uint8Array {
  const bits = readBits(code);
  if (bits === undefined) throw new TypeError('Not a receipt code');
  return bits;
}

function readBits(text: string): Uint8Array | undefined {
  const typed = text
    .replace(/[\s\p{Dash}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (typed.length !== 17) return undefined;
  const numbers = Array.from(typed.slice(0, 16), (digit) => digits.indexOf(digit));
  if (numbers.includes(-1)) return undefined;
  let value = numbers.reduce((sum, digit) => sum * 32n + BigInt(digit), 0n);
  if (checkDigits[Number(value % 37n)] !== typed[16]) return undefined;
  const bits = new Uint8Array(10);
  for (let at = 9; at >= 0; at--, value >>= 8n) bits[at] = Number(value & 255n);
  return bits;
}

function format(bits: Uint8Array): string {
  const value = bits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let code = '';
  for (let shift = 75n; shift >= 0n; shift -= 5n) code += digits[Number((value >> shift) & 31n)]!;
  return `${code.replace(/.{4}/g, '$&-')}${checkDigits[Number(value % 37n)]!}`;
}
