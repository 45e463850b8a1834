import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl, { type Entry } from 'yauzl';
import { FileFault, type FileSource } from '../table.js';
import { limits } from './limits.js';
import { decoderOf } from './xml.js';

const pieceBytes = 64 * 1024;

/** The parts of an Office file, read piece by piece and counted while they are inflated: headers are not believed. */
export class ZipPackage {
  private readonly inflated = new Map<Entry, number>();
  private inflatedBytes = 0;
  /** Compressed bytes read so far of the part that is read last, and of how many. */
  private reading = { done: 0, of: 1 };

  private constructor(
    private readonly source: FileSource,
    private readonly zip: yauzl.ZipFile,
    private readonly byName: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws {FileFault} FILE_DAMAGED, FILE_ENCRYPTED, FILE_EXPANDS_TOO_MUCH */
  static async open(source: FileSource): Promise<ZipPackage> {
    const reader = new SourceReader(source);
    const byName = new Map<string, Entry>();
    const zip = await reader.guard(() =>
      yauzl.fromRandomAccessReaderPromise(reader, source.size, { autoClose: false }),
    );
    if (zip.entryCount > limits.entries) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
    let declared = 0;
    await reader.guard(async () => {
      for await (const entry of zip.eachEntry()) {
        if (entry.isEncrypted()) throw new FileFault('FILE_ENCRYPTED');
        if (entry.fileName.endsWith('/')) continue;
        const key = entry.fileName.toLowerCase();
        // two parts of one name: which of them another program reads is anybody's guess
        if (byName.has(key) || !entry.canDecodeFileData()) throw new FileFault('FILE_DAMAGED');
        declared += entry.uncompressedSize;
        if (declared > limits.inflatedBytes) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
        byName.set(key, entry);
      }
    });
    return new ZipPackage(source, zip, byName);
  }

  names(): string[] {
    return [...this.byName.values()].map((entry) => entry.fileName);
  }

  has(name: string): boolean {
    return this.byName.has(name.toLowerCase());
  }

  /** 0 to 1, of the part that was opened last. */
  progress(): number {
    return Math.min(1, this.reading.done / this.reading.of);
  }

  /** @throws {FileFault} FILE_DAMAGED, also when there is no such part; FILE_EXPANDS_TOO_MUCH */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.byName.get(name.toLowerCase());
    if (!entry) throw new FileFault('FILE_DAMAGED');
    let bytes = 0;
    let crc = 0;
    for await (const piece of this.inflate(entry)) {
      bytes += piece.length;
      crc = crc32(piece, crc);
      this.count(entry, bytes);
      yield piece;
    }
    if (bytes !== entry.uncompressedSize || crc !== entry.crc32) throw new FileFault('FILE_DAMAGED');
  }

  /** A small part as a whole, in the encoding that its mark tells. @throws {FileFault} as {@link read} */
  async readText(name: string): Promise<string> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of this.read(name)) {
      bytes += piece.length;
      if (bytes > limits.smallPartBytes) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
      pieces.push(piece);
    }
    return decodeXml(Buffer.concat(pieces));
  }

  /** Whether a part holds this word, as UTF-8 or UTF-16: far cheaper than parsing it. @throws {FileFault} as {@link read} */
  async mentions(name: string, word: string): Promise<boolean> {
    const wide = Buffer.from(word, 'utf16le');
    let tail = Buffer.alloc(0);
    for await (const piece of this.read(name)) {
      const text = Buffer.concat([tail, piece]);
      if (text.includes(word) || text.includes(wide)) return true;
      tail = text.subarray(-wide.length);
    }
    return false;
  }

  private async *inflate(entry: Entry): AsyncGenerator<Buffer> {
    const start = await this.dataStart(entry);
    this.reading = { done: 0, of: Math.max(1, entry.compressedSize) };
    if (entry.compressionMethod === 0) {
      yield* this.pieces(start, entry.compressedSize);
      return;
    }
    const failed: { error?: Error } = {};
    const pieces = this.pieces(start, entry.compressedSize, failed);
    const inflating = createInflateRaw({ chunkSize: pieceBytes });
    pipeline(Readable.from(pieces, { objectMode: false, highWaterMark: pieceBytes }), inflating, () => undefined);
    try {
      for await (const piece of inflating) yield piece as Buffer;
    } catch (error) {
      if (failed.error) throw failed.error;
      throw isBroken(error) ? new FileFault('FILE_DAMAGED') : error;
    }
  }

  private async dataStart(entry: Entry): Promise<number> {
    const reader = (this.zip as unknown as { reader: SourceReader }).reader;
    const { fileDataStart } = await reader.guard(() => this.zip.readLocalFileHeaderPromise(entry, { minimal: true }));
    if (fileDataStart + entry.compressedSize > this.source.size) throw new FileFault('FILE_DAMAGED');
    return fileDataStart;
  }

  /** @param failed takes the source's own error, which must not pass for a damaged file */
  private async *pieces(start: number, length: number, failed: { error?: Error } = {}): AsyncGenerator<Buffer> {
    const reading = this.reading;
    for (let at = 0; at < length; at += pieceBytes) {
      let piece: Buffer;
      try {
        piece = await this.source.read(start + at, Math.min(pieceBytes, length - at));
      } catch (error) {
        failed.error = error as Error;
        throw error;
      }
      reading.done += piece.length;
      yield piece;
    }
  }

  private count(entry: Entry, bytes: number): void {
    if (bytes > limits.ratioFromBytes && bytes > entry.compressedSize * limits.ratio) {
      throw new FileFault('FILE_EXPANDS_TOO_MUCH');
    }
    if (bytes > entry.uncompressedSize) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
    // a part that is read again is counted once
    const before = this.inflated.get(entry) ?? 0;
    if (bytes <= before) return;
    this.inflated.set(entry, bytes);
    this.inflatedBytes += bytes - before;
    if (this.inflatedBytes > limits.inflatedBytes) throw new FileFault('FILE_EXPANDS_TOO_MUCH');
  }
}

function decodeXml(bytes: Buffer): string {
  try {
    return decoderOf(bytes).decode(bytes);
  } catch {
    throw new FileFault('FILE_DAMAGED');
  }
}

const isBroken = (error: unknown): boolean => {
  const code = (error as { code?: string }).code ?? '';
  return code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
};

/** Lets yauzl read our source; whatever the source itself throws is passed on as it is. */
class SourceReader extends yauzl.RandomAccessReader {
  private failure: { error: unknown } | undefined;

  constructor(private readonly source: FileSource) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytes?: number) => void,
  ): void {
    if (!(position >= 0) || position + length > this.source.size) {
      setImmediate(() => callback(new Error('outside the file')));
      return;
    }
    this.source.read(position, length).then(
      (piece) => callback(null, piece.copy(buffer, offset)),
      (error: unknown) => {
        this.failure = { error };
        callback(new Error('source failed'));
      },
    );
  }

  /** What yauzl finds wrong is the file's fault. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.failure) throw this.failure.error;
      if (error instanceof FileFault) throw error;
      if ((error as Error).message.includes('encryption')) throw new FileFault('FILE_ENCRYPTED');
      throw new FileFault('FILE_DAMAGED');
    }
  }
}
