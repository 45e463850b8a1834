/** A file of which any part can be read. */
export interface ByteSource {
  readonly size: number;
  /** The bytes `from` ≤ place < `to`, piece by piece. */
  stream(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** All of a part at once. */
export async function readPart(source: ByteSource, from: number, to: number): Promise<Uint8Array> {
  const part = new Uint8Array(to - from);
  let at = 0;
  for await (const piece of source.stream(from, to)) {
    part.set(piece.subarray(0, part.length - at), at);
    at += piece.length;
  }
  return part;
}

export function isZip(beginning: Uint8Array): boolean {
  return beginning[0] === 0x50 && beginning[1] === 0x4b && beginning[2] === 3 && beginning[3] === 4;
}
