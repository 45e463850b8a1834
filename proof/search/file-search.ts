import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Matcher } from './matcher.js';
import { StreamSearch } from './stream-search.js';

const pieceBytes = 4 * 1_024 * 1_024;

export interface SearchedFile {
  bytes: number;
  search: StreamSearch;
  /** Of a gzip file: what is in it. */
  unpacked?: StreamSearch;
  /** Why not all of it could be looked into. */
  unread?: string;
}

/** Packed files that Node cannot open, by how they begin. What is in them is not searched, and that is told. */
const opaque: readonly [name: string, magic: string][] = [
  ['zstd', '28b52ffd'],
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a68'],
  ['zip', '504b0304'],
  ['lz4', '04224d18'],
  ['7z', '377abcaf271c'],
];
const gzip = Buffer.from('1f8b08', 'hex');

/** Reads a file once, in pieces of 4 MB; a gzip file a second time, unpacked. */
export async function searchFile(path: string, matcher: Matcher): Promise<SearchedFile> {
  const search = new StreamSearch(matcher);
  const head = await withFile(path, (file) => readAll(file, (piece) => search.push(piece)));
  const searched: SearchedFile = { bytes: search.bytes, search };
  if (head.subarray(0, gzip.length).equals(gzip)) {
    const unpacked = new StreamSearch(matcher);
    try {
      for await (const piece of createReadStream(path).pipe(createGunzip())) unpacked.push(piece as Buffer);
    } catch (error) {
      searched.unread = `gzip: ${(error as NodeJS.ErrnoException).code ?? 'damaged'}`;
    }
    searched.unpacked = unpacked;
  }
  const packed = opaque.find(([, magic]) => head.toString('hex').startsWith(magic));
  if (packed) searched.unread = `packed with ${packed[0]}`;
  return searched;
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** @returns the first bytes */
async function readAll(file: FileHandle, take: (piece: Buffer) => void): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  let head: Buffer = Buffer.alloc(0);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, at);
    if (bytesRead === 0) return head;
    const piece = buffer.subarray(0, bytesRead);
    if (at === 0) head = Buffer.from(piece.subarray(0, 8));
    take(piece);
    at += bytesRead;
  }
}
