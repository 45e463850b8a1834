import type { ByteForm } from './pattern.js';

// Sixteen digits as machines keep numbers. All are of eight bytes and more: fewer could be found by chance.

const eight = (write: (bytes: Buffer) => void): ByteForm[] => {
  const bytes = Buffer.alloc(8);
  write(bytes);
  return [{ bytes }];
};

export const int64le = (value: string) => eight((bytes) => bytes.writeBigInt64LE(BigInt(value)));
export const int64be = (value: string) => eight((bytes) => bytes.writeBigInt64BE(BigInt(value)));
/** Above 2^53 it is the nearest one, as a careless program would keep it. */
export const float64le = (value: string) => eight((bytes) => bytes.writeDoubleLE(Number(value)));
export const float64be = (value: string) => eight((bytes) => bytes.writeDoubleBE(Number(value)));

/** `3.313044107909901e+15` */
export function floatText(value: string): ByteForm[] {
  const exact = Number(value).toExponential().replace('e', '|').split('|');
  const mantissa = exact[0] ?? '';
  return [`${mantissa}e+15`, `${mantissa}E+15`, `${mantissa}E15`].map((text) => ({ bytes: Buffer.from(text) }));
}

export function hexadecimal(value: string): ByteForm[] {
  const text = BigInt(value).toString(16);
  return [text, text.toUpperCase()].map((digits) => ({ bytes: Buffer.from(digits) }));
}

/** Seven bits a byte, least significant first (protobuf); eight bytes for a NIK. */
export function varint(value: string): ByteForm[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return [{ bytes: Buffer.from(bytes) }];
}

/** PostgreSQL's `numeric`: four digits of base 10,000, the highest first; each in the machine's byte order on disk. */
export const numericLe = (value: string): ByteForm[] => [{ bytes: base10000(value, 'LE') }];
/** The same as it goes over the wire and into `COPY ... BINARY`. */
export const numericBe = (value: string): ByteForm[] => [{ bytes: base10000(value, 'BE') }];
export const numericReversed = (value: string): ByteForm[] =>
  (['LE', 'BE'] as const).map((order) => ({ bytes: base10000(value, order).reverse() }));

function base10000(value: string, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(8);
  for (let index = 0; index < 4; index += 1) {
    const digits = Number(value.slice(index * 4, index * 4 + 4));
    if (order === 'LE') bytes.writeUInt16LE(digits, index * 2);
    else bytes.writeUInt16BE(digits, index * 2);
  }
  return bytes;
}

/** Two digits a byte. */
export const bcd = (value: string): ByteForm[] => [{ bytes: Buffer.from(value, 'hex') }];

/** Bytes from the back, half-bytes changed over (as telephone networks do), or both. */
export function bcdReversed(value: string): ByteForm[] {
  const swapped = value.replace(/(\d)(\d)/g, '$2$1');
  return [
    { bytes: Buffer.from(value, 'hex').reverse() },
    { bytes: Buffer.from(swapped, 'hex') },
    { bytes: Buffer.from(swapped, 'hex').reverse() },
  ];
}

/** The sign in the last half-byte: nine bytes. */
export const comp3 = (value: string): ByteForm[] =>
  ['c', 'd', 'f'].map((sign) => ({ bytes: Buffer.from(`0${value}${sign}`, 'hex') }));
