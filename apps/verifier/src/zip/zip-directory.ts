import { readPart, type ByteSource } from './byte-source.js';

/** A file that is no ZIP that we read: told to whoever gave it, in English. */
export class ZipFault extends Error {
  override readonly name = 'ZipFault';
}

export interface ZipEntry {
  name: string;
  /** 0: stored, 8: deflated. */
  method: number;
  encrypted: boolean;
  compressedSize: number;
  size: number;
  /** Where its local header stands. */
  offset: number;
}

// A kit has some ten files: what is more is no kit, and is not looked at.
const mostEntries = 64;
const mostDirectory = 64 * 1024;
/** End record, with the longest comment. */
const mostEnd = 22 + 0xffff;

/** The entries of a ZIP as its central directory names them (APPNOTE 4.3.12), with ZIP64. @throws ZipFault */
export async function readDirectory(source: ByteSource): Promise<{ entries: ZipEntry[]; at: number }> {
  const { count, size, at, end } = await readEnd(source);
  if (count > mostEntries || size > mostDirectory) throw new ZipFault('more files than a kit has');
  if (at + size !== end) throw new ZipFault('its directory does not stand at its end');
  const bytes = await readPart(source, at, at + size);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let next = 0;
  while (entries.length < count) {
    if (next + 46 > size || view.getUint32(next, true) !== 0x02014b50) throw new ZipFault('its directory is damaged');
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(next + field, true)) as [
      number,
      number,
      number,
    ];
    const past = next + 46 + name + extra + comment;
    if (past > size) throw new ZipFault('its directory is damaged');
    entries.push(readEntry(bytes.subarray(next, past), name, extra));
    next = past;
  }
  if (next !== size) throw new ZipFault('its directory is damaged');
  return { entries, at };
}

function readEntry(bytes: Uint8Array, nameLength: number, extraLength: number): ZipEntry {
  const view = viewOf(bytes);
  const name = nameOf(bytes.subarray(46, 46 + nameLength));
  const extra = bytes.subarray(46 + nameLength, 46 + nameLength + extraLength);
  refuseAlias(extra);
  // each stands in the extra field only when its own is full, in this order
  const wanted = [24, 20, 42].map((field) => view.getUint32(field, true));
  const long = longNumbers(extra, wanted.filter((value) => value === 0xffffffff).length);
  const [size, compressedSize, offset] = wanted.map((value) => (value === 0xffffffff ? long.shift()! : value));
  return {
    name,
    method: view.getUint16(10, true),
    encrypted: (view.getUint16(8, true) & 1) === 1,
    ...{ size: size!, compressedSize: compressedSize!, offset: offset! },
  };
}

/** Its mark kept: another reader takes that for a part of the name. */
export function nameOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Info-ZIP's Unicode Path (APPNOTE 4.6.9) is a second name, which some programs unpack by and others do not. @throws ZipFault */
export function refuseAlias(extra: Uint8Array): void {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 0x7075) throw new ZipFault('a file has two names');
  }
}

/** ZIP64 extended information (APPNOTE 4.5.3). */
function longNumbers(extra: Uint8Array, count: number): number[] {
  if (count === 0) return [];
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1 || at + 4 + count * 8 > extra.length) continue;
    return Array.from({ length: count }, (_, number) => readLong(view, at + 4 + number * 8));
  }
  throw new ZipFault('its directory is damaged');
}

interface End {
  count: number;
  size: number;
  /** Where the directory begins, and where what ends the file begins. */
  at: number;
  end: number;
}

async function readEnd(source: ByteSource): Promise<End> {
  const from = Math.max(0, source.size - mostEnd - 20);
  const bytes = await readPart(source, from, source.size);
  const view = viewOf(bytes);
  for (let at = bytes.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) !== bytes.length) continue;
    const record = {
      ...{ count: view.getUint16(at + 10, true), size: view.getUint32(at + 12, true) },
      ...{ at: view.getUint32(at + 16, true), end: from + at },
    };
    const isLong = record.count === 0xffff || record.size === 0xffffffff || record.at === 0xffffffff;
    return isLong ? readLongEnd(source, from + at) : record;
  }
  throw new ZipFault('its end is missing');
}

/** ZIP64 end of central directory (APPNOTE 4.3.14, 4.3.15). */
async function readLongEnd(source: ByteSource, end: number): Promise<End> {
  if (end < 76) throw new ZipFault('its end is damaged');
  const locator = viewOf(await readPart(source, end - 20, end));
  const at = readLong(locator, 8);
  if (locator.getUint32(0, true) !== 0x07064b50 || at + 56 > end - 20) throw new ZipFault('its end is damaged');
  const record = viewOf(await readPart(source, at, at + 56));
  if (record.getUint32(0, true) !== 0x06064b50) throw new ZipFault('its end is damaged');
  return { count: readLong(record, 32), size: readLong(record, 40), at: readLong(record, 48), end: at };
}

function readLong(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw new ZipFault('a number in it is too large');
  return value;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
