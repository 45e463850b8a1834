import { createHash } from 'node:crypto';
import type { Secret } from '../canaries/canary.js';
import type { ByteForm, Pattern } from './pattern.js';
import * as number from './number-forms.js';

interface Encoding {
  name: string;
  /** For whom reads the statement, Indonesian. */
  meaning: string;
  kinds: readonly Secret['kind'][];
  make: (value: string) => ByteForm[];
}

const every = ['word', 'digits', 'date'] as const;
const numbers = ['digits'] as const;

/** The ways of writing a value that are searched for. */
export const encodings: readonly Encoding[] = [
  { name: 'utf-8', meaning: 'teks UTF-8', kinds: every, make: (value) => spellings(value).map(utf8) },
  { name: 'utf-16le', meaning: 'teks UTF-16 LE', kinds: every, make: (value) => spellings(value).map(utf16le) },
  { name: 'utf-16be', meaning: 'teks UTF-16 BE', kinds: every, make: (value) => spellings(value).map(utf16be) },
  { name: 'base64', meaning: 'base64, alfabet baku dan URL (tiga posisi)', kinds: ['word', 'digits'], make: base64 },
  { name: 'hex', meaning: 'heksadesimal', kinds: every, make: (value) => bothCases(hexOf(value)) },
  { name: 'url-escaped', meaning: 'persen (%XX)', kinds: every, make: (value) => escaped(value, '%', 2) },
  { name: 'json-escaped', meaning: 'JSON (\\uXXXX)', kinds: every, make: (value) => escaped(value, '\\u', 4) },
  { name: 'c-escaped', meaning: 'C (\\xXX)', kinds: every, make: (value) => escaped(value, '\\x', 2) },
  {
    name: 'reversed',
    meaning: 'teks dari belakang',
    kinds: every,
    make: (value) => spellings(value).map((text) => utf8([...text].reverse().join(''))),
  },
  {
    name: 'pglz',
    meaning: 'kompresi pglz PostgreSQL',
    kinds: numbers,
    make: withinPglz,
  },
  { name: 'grouped', meaning: 'angka berkelompok', kinds: numbers, make: (value) => grouped(value).map(utf8) },
  { name: 'integer-hex', meaning: 'bilangan heksadesimal', kinds: numbers, make: number.hexadecimal },
  { name: 'int64-le', meaning: 'bilangan bulat 64 bit LE', kinds: numbers, make: number.int64le },
  { name: 'int64-be', meaning: 'bilangan bulat 64 bit BE', kinds: numbers, make: number.int64be },
  { name: 'float64-le', meaning: 'pecahan 64 bit LE', kinds: numbers, make: number.float64le },
  { name: 'float64-be', meaning: 'pecahan 64 bit BE', kinds: numbers, make: number.float64be },
  { name: 'float-text', meaning: 'pecahan sebagai teks', kinds: numbers, make: number.floatText },
  { name: 'varint', meaning: 'varint (protobuf)', kinds: numbers, make: number.varint },
  { name: 'numeric-le', meaning: 'numeric PostgreSQL di berkas', kinds: numbers, make: number.numericLe },
  { name: 'numeric-be', meaning: 'numeric PostgreSQL di jaringan', kinds: numbers, make: number.numericBe },
  { name: 'numeric-reversed', meaning: 'numeric dari belakang', kinds: numbers, make: number.numericReversed },
  { name: 'bcd', meaning: 'BCD', kinds: numbers, make: number.bcd },
  { name: 'bcd-reversed', meaning: 'BCD dari belakang atau bertukar', kinds: numbers, make: number.bcdReversed },
  { name: 'comp-3', meaning: 'BCD dengan tanda (COMP-3)', kinds: numbers, make: number.comp3 },
  { name: 'digest', meaning: 'hash tanpa kunci (MD5, SHA-1, SHA-256, SHA-512)', kinds: numbers, make: digests },
];

/** All patterns of all secrets; a byte string that two encodings share counts for the first one. */
export function patternsOf(secrets: readonly Secret[]): Pattern[] {
  const patterns: Pattern[] = [];
  for (const secret of secrets) {
    const seen = new Set<string>();
    for (const { name, kinds, make } of encodings) {
      if (!kinds.includes(secret.kind)) continue;
      for (const value of writtenForms(secret))
        for (const form of make(value)) {
          const key = `${form.bytes.toString('latin1')}|${form.any?.join(',') ?? ''}`;
          if (!seen.has(key)) patterns.push({ ...form, secret, encoding: name });
          seen.add(key);
        }
    }
  }
  return patterns;
}

/** A day is written in many orders; everything else in one. */
function writtenForms({ kind, value }: Secret): string[] {
  if (kind !== 'date') return [value];
  const [year, month, day] = value.split('-');
  const orders = [
    [year, month, day],
    [day, month, year],
  ];
  return orders.flatMap((order) => ['-', '.', '/'].map((separator) => order.join(separator)));
}

const utf8 = (text: string): ByteForm => ({ bytes: Buffer.from(text, 'utf8') });
const utf16le = (text: string): ByteForm => ({ bytes: Buffer.from(text, 'utf16le') });
const utf16be = (text: string): ByteForm => ({ bytes: Buffer.from(text, 'utf16le').swap16() });

/** As the register writes it, in small letters, and as a name. */
const spellings = (value: string): string[] => [
  ...new Set([value, value.toLowerCase(), value.slice(0, 1) + value.slice(1).toLowerCase()]),
];

/** Three ways, by how many bytes stand before it in its group of three; without the letters that its neighbours share. */
function base64(value: string): ByteForm[] {
  return spellings(value)
    .slice(0, 2)
    .flatMap((text) =>
      [0, 1, 2].flatMap((before) => {
        const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
        const from = [0, 2, 3][before] ?? 0;
        const core = bytes.toString('base64').slice(from, Math.floor((bytes.length * 8) / 6));
        return [core, toUrlAlphabet(core)].map(utf8);
      }),
    );
}

const toUrlAlphabet = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const hexOf = (value: string): string => Buffer.from(value).toString('hex');

const bothCases = (text: string): ByteForm[] => [utf8(text), utf8(text.toUpperCase())];

/** Every character escaped, hexadecimal digits small or capital. */
function escaped(value: string, prefix: string, width: number): ByteForm[] {
  const codes = [...value].map((letter) => letter.charCodeAt(0).toString(16).padStart(width, '0'));
  return [codes, codes.map((code) => code.toUpperCase())].map((all) => utf8(all.map((code) => prefix + code).join('')));
}

/** How people write sixteen digits. */
function grouped(value: string): string[] {
  const splits = [
    [6, 6, 4],
    [2, 2, 2, 6, 4],
    [2, 2, 2, 2, 2, 2, 4],
    [4, 4, 4, 4],
    [6, 10],
  ];
  return splits.flatMap((lengths) => {
    let at = 0;
    const parts = lengths.map((length) => value.slice(at, (at += length)));
    return [' ', '.', '-', '_', '/', ':'].map((separator) => parts.join(separator));
  });
}

/** pglz puts a control byte before every eight items; a value that occurs for the first time is all literal items. */
function withinPglz(value: string): ByteForm[] {
  return Array.from({ length: 8 }, (_, first) => {
    const parts: Buffer[] = [];
    const any: number[] = [];
    let length = 0;
    for (let at = 0; at < value.length;) {
      const part = Buffer.from(value.slice(at, at + (at === 0 && first > 0 ? first : 8)));
      at += part.length;
      parts.push(part);
      length += part.length;
      if (at >= value.length) break;
      any.push(length);
      parts.push(Buffer.alloc(1));
      length += 1;
    }
    return { bytes: Buffer.concat(parts), any };
  });
}

/** A NIK has so few digits that its unkeyed hash tells it to whoever tries them all. */
function digests(value: string): ByteForm[] {
  return ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) => {
    const digest = createHash(algorithm).update(value).digest();
    const base64 = digest.toString('base64').replace(/=+$/, '');
    const urls = toUrlAlphabet(base64);
    return [
      { bytes: digest },
      ...bothCases(digest.toString('hex')),
      utf8(base64),
      ...(urls === base64 ? [] : [utf8(urls)]),
    ];
  });
}
