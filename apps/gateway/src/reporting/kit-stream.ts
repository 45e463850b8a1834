import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { kitManifest, manifestName, type KitFile } from '#report';
import { zipStream, type ZipPart } from '#service/zip-stream';
import { SlowReader } from '../evidence/bundle-stream.js';

/**
 * The files of a kit and its manifest as one ZIP, each hashed on its way and none of them held. What goes wrong destroys it: then the
 * central directory is missing, and nobody takes it for the whole.
 *
 * @param takeMs how long one piece may wait for its reader
 */
export function kitStream(files: readonly ZipPart[], takeMs: number): Readable {
  const hashed: KitFile[] = [];
  const parts = files.map(({ name, data }) => ({ name, data: () => counted(name, data(), hashed) }));
  const manifest = { name: manifestName, data: () => [kitManifest(hashed)] };
  const stream = Readable.from(
    taken(zipStream([...parts, manifest]), takeMs, () =>
      stream.destroy(new SlowReader('a piece was not taken in time')),
    ),
    // of bytes: as long as something waits, nothing is read
    { objectMode: false, highWaterMark: 1 },
  );
  return stream;
}

async function* counted(name: string, data: ReturnType<ZipPart['data']>, hashed: KitFile[]): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of data) {
    const content = Buffer.from(piece);
    hash.update(content);
    bytes += content.length;
    yield content;
  }
  hashed.push({ name, bytes, sha256: hash.digest('hex') });
}

async function* taken(source: AsyncIterable<Buffer>, takeMs: number, giveUp: () => void): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    const timer = setTimeout(giveUp, takeMs);
    try {
      yield piece;
    } finally {
      clearTimeout(timer);
    }
  }
}
