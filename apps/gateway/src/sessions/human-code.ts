import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base32: no letter that is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeBytes = 10;
const codeLength = (codeBytes * 8) / 5;

/** A code of 80 random bits for people to read and type: `K7QF-2MXB-9TRD-HW4C`. */
export function makeCode(): string {
  const digits = BigInt(`0x${randomBytes(codeBytes).toString('hex')}`)
    .toString(32)
    .padStart(codeLength, '0');
  const letters = Array.from(digits, (digit) => alphabet[parseInt(digit, 32)]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? '';
}

/** SHA-256 of a code as somebody typed it: case, blanks, hyphens and O for 0 or I for 1 make no difference. */
export function sha256OfCode(typed: string): Buffer {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return createHash('sha256').update(letters).digest();
}
