import { sha256 } from '@noble/hashes/sha2.js';
import { LineSplitter, toHex } from '#evidence';
import { UnreadableFile, type KitSource } from './kit-source.js';

export interface ReadFile {
  bytes: number;
  /** SHA-256, hex. */
  sha256: string;
}

/** Incremental SHA-256: there is a faster one than that in JavaScript in some places. */
export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}
export type MakeHasher = () => Hasher;

export const scriptHasher: MakeHasher = () => sha256.create();

/** Reads a file from beginning to end, and hashes it on the way. @throws UnreadableFile */
export async function readThrough(
  source: KitSource,
  name: string,
  makeHasher: MakeHasher,
  take?: (chunk: Uint8Array) => void,
): Promise<ReadFile> {
  const hasher = makeHasher();
  let bytes = 0;
  for await (const chunk of source.open(name)) {
    hasher.update(chunk);
    bytes += chunk.length;
    take?.(chunk);
  }
  return { bytes, sha256: toHex(hasher.digest()) };
}

/** Line by line. */
export async function readLines(
  source: KitSource,
  name: string,
  makeHasher: MakeHasher,
  take: (line: string) => void,
): Promise<ReadFile> {
  const splitter = new LineSplitter();
  const read = await readThrough(source, name, makeHasher, (chunk) => splitter.push(chunk).forEach(take));
  const last = splitter.end();
  if (last !== undefined) take(last);
  return read;
}

/** All of a file as text. @throws UnreadableFile when it is larger than `most` bytes, or no UTF-8 */
export async function readText(
  source: KitSource,
  name: string,
  makeHasher: MakeHasher,
  most: number,
): Promise<ReadFile & { text: string }> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let bytes = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      text += chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new UnreadableFile(`${name} is not UTF-8`);
    }
  };
  const read = await readThrough(source, name, makeHasher, (chunk) => {
    bytes += chunk.length;
    if (bytes > most) throw new UnreadableFile(`${name} is larger than ${most} bytes`);
    decode(chunk);
  });
  decode();
  return { ...read, text };
}
