import { Readable } from 'node:stream';
import yazl from 'yazl';

export interface ZipPart {
  name: string;
  /** Asked for when it is this part's turn, so that it may depend on what the parts before it held. */
  data: () => AsyncIterable<Buffer | string> | Iterable<Buffer | string>;
}

/** A fixed time makes equal content an equal file. */
const noTime = { mtime: new Date(Date.UTC(2000, 0, 1)), mode: 0o100644 };

/**
 * A zip file of parts, one after the other, at the pace of who takes it.
 *
 * @throws what a part throws
 */
export async function* zipStream(parts: Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const zip = new yazl.ZipFile();
  const out = zip.outputStream as Readable;
  const open = new Set<Readable>();
  const fail = (error: unknown): void => void out.destroy(error as Error);
  zip.on('error', fail);
  for (const { name, data } of parts) {
    zip.addReadStreamLazy(name, noTime, (done) => {
      const stream = Readable.from(asBuffers(data), { objectMode: false, highWaterMark: 64 * 1024 });
      open.add(stream);
      stream.on('error', fail).on('close', () => open.delete(stream));
      done(null, stream);
    });
  }
  zip.end();
  try {
    for await (const piece of out) yield piece as Buffer;
  } finally {
    for (const stream of open) stream.destroy();
  }
}

async function* asBuffers(data: ZipPart['data']): AsyncGenerator<Buffer> {
  for await (const piece of data()) {
    if (piece.length > 0) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  }
}
