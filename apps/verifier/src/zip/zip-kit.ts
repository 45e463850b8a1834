import { Inflate } from 'fflate/browser';
import { isKitName, UnreadableFile, type KitSource } from '#report';
import { readPart, type ByteSource } from './byte-source.js';
import { nameOf, readDirectory, refuseAlias, viewOf, ZipFault, type ZipEntry } from './zip-directory.js';

/** What of a kit compresses better than that is none of ours: a small file that would fill a memory. */
const mostRatio = 100;
const alwaysAllowed = 1024 * 1024;
/** The largest file: more than 50 million events. */
const mostBytes = 64 * 1024 ** 3;
/** What may stand behind the bytes of a file: a data descriptor (APPNOTE 4.3.9). */
const mostDescriptor = 24;

/**
 * The files of a kit in a ZIP. Nothing is written anywhere: a name is a name, and one that no kit has is never opened. Whatever the
 * directory does not name must not be there, so that nobody sees another kit than somebody else.
 *
 * @throws ZipFault
 */
export async function openZip(source: ByteSource): Promise<KitSource> {
  const { entries, at } = await readDirectory(source);
  const placed = await place(source, entries, at);
  return {
    names: entries.map(({ name }) => name),
    open(name) {
      const found = placed.find(({ entry }) => entry.name === name && isKitName(name));
      if (!found) throw new UnreadableFile('it is not there');
      return contentOf(source, found);
    },
  };
}

interface Placed {
  entry: ZipEntry;
  /** Where its bytes begin. */
  from: number;
}

/** Finds the bytes of each file: they lie one behind the other, from the beginning to the directory. */
async function place(source: ByteSource, entries: readonly ZipEntry[], directory: number): Promise<Placed[]> {
  const inOrder = [...entries].sort((one, other) => one.offset - other.offset);
  const placed = new Map<ZipEntry, Placed>();
  let end = 0;
  for (const entry of inOrder) {
    const { offset, compressedSize } = entry;
    if (offset < end || offset > end + (end === 0 ? 0 : mostDescriptor))
      throw new ZipFault('its files do not lie one behind the other');
    const from = offset + (await headerLength(source, entry, directory));
    end = from + compressedSize;
    if (end > directory) throw new ZipFault('a file reaches over its end');
    placed.set(entry, { entry, from });
  }
  if (directory > end + mostDescriptor) throw new ZipFault('it holds more than its directory names');
  return entries.map((entry) => placed.get(entry)!);
}

/** Whoever reads a ZIP from its beginning believes the header in front of a file: it must not say anything else than the directory. */
async function headerLength(source: ByteSource, entry: ZipEntry, directory: number): Promise<number> {
  const { name, offset } = entry;
  if (offset + 30 > directory) throw new ZipFault('a file reaches over its end');
  const view = viewOf(await readPart(source, offset, offset + 30));
  const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)];
  const past = offset + 30 + nameLength;
  if (view.getUint32(0, true) !== 0x04034b50 || past + extraLength > directory)
    throw new ZipFault('a file has no beginning');
  const named = await readPart(source, offset + 30, past + extraLength);
  if (nameOf(named.subarray(0, nameLength)) !== name) throw new ZipFault('a file has two names');
  refuseAlias(named.subarray(nameLength));
  const flags = view.getUint16(6, true);
  const told = [18, 22].map((field) => view.getUint32(field, true));
  // behind the file (flag 3), or in the ZIP64 field
  const isElsewhere = (flags & 8) === 8 || told.includes(0xffffffff);
  const isSame = isElsewhere || (told[0] === entry.compressedSize && told[1] === entry.size);
  if (!isSame || view.getUint16(8, true) !== entry.method || ((flags & 1) === 1) !== entry.encrypted)
    throw new ZipFault('a file has two beginnings');
  return 30 + nameLength + extraLength;
}

async function* contentOf(source: ByteSource, { entry, from }: Placed): AsyncIterable<Uint8Array> {
  const { method, encrypted, size, compressedSize } = entry;
  if (encrypted || (method !== 0 && method !== 8)) throw new UnreadableFile('it is packed in a way that is not read');
  if (size > mostBytes || size > alwaysAllowed + compressedSize * mostRatio) {
    throw new UnreadableFile('it is larger than such a file is');
  }
  const packed = source.stream(from, from + compressedSize);
  let bytes = 0;
  for await (const piece of method === 0 ? packed : inflated(packed, size)) {
    bytes += piece.length;
    if (bytes > size) break;
    yield piece;
  }
  if (bytes !== size) throw new UnreadableFile('its length is not the one that it tells');
}

/** Stops when more than `size` bytes have come out. */
async function* inflated(packed: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let out: Uint8Array[] = [];
  let bytes = 0;
  const inflate = new Inflate((piece) => {
    out.push(piece);
    bytes += piece.length;
  });
  const push = (piece: Uint8Array, last: boolean) => {
    try {
      inflate.push(piece, last);
    } catch {
      throw new UnreadableFile('it is damaged');
    }
  };
  for await (const whole of packed) {
    // a piece of the input may become a thousand times as large
    for (let at = 0; at < whole.length; at += 16_384) {
      push(whole.subarray(at, at + 16_384), false);
      yield* out;
      out = [];
      if (bytes > size) return;
    }
  }
  push(new Uint8Array(0), true);
  yield* out;
}
